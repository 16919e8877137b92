from __future__ import annotations

import json
from urllib.parse import quote

import pytest

ODD = "scheduled__2026-11-29T00:00:00+00:00 [1] 100% #é ^&*()_+`=\\{}|:\";'<>?,"


async def names(account, query: str = "recursive=true") -> list[str]:
    answer = await account.dfs("GET", f"/raw?resource=filesystem&{query}")
    return [path["name"] for path in json.loads(answer.body)["paths"]]


@pytest.mark.fidelity("recorded")
async def test_creation_answers_with_the_version(account):
    """Creating a path is answered with 201, its version and, in newer versions, that it is encrypted."""
    new = await account.dfs("PUT", "/raw/d/f?resource=file")
    old = await account.dfs("PUT", "/raw/d?resource=directory", x_version="2020-06-12")
    assert (new.status, new.body, new.headers["x-ms-request-server-encrypted"]) == (201, b"", "true")
    assert "x-ms-request-server-encrypted" not in old.headers
    assert new.etag.startswith('"0x8D')
    assert new.headers["x-ms-version"] == "2021-12-02"
    assert new.headers["x-ms-request-id"]


@pytest.mark.fidelity("recorded")
async def test_an_error_is_json_its_code_is_a_header_and_its_text_the_reason(account):
    """A refusal names code and text, with request id and time behind it; a HEAD answer has the headers."""
    answer = await account.dfs("DELETE", "/raw/missing")
    error = json.loads(answer.body)["error"]
    assert (answer.status, answer.code, error["code"]) == (404, "PathNotFound", "PathNotFound")
    text, request_id, time = error["message"].split("\n")
    assert text == answer.reason == "The specified path does not exist."
    assert request_id == f"RequestId:{answer.headers['x-ms-request-id']}"
    assert time.startswith("Time:2")
    head = await account.dfs("HEAD", "/raw/missing")
    assert (head.status, head.code, head.body) == (404, "PathNotFound", b"")
    assert "Content-Type" not in head.headers


@pytest.mark.fidelity("recorded")
async def test_any_name_comes_back(account):
    """Names of any characters, encoded with their slash or without, are listed as they are."""
    await account.put(f"/d/{quote(ODD)}", b"abc")
    await account.put(f"/d%2F{quote('ü' * 100, safe='')}")
    assert await names(account) == ["d", f"d/{ODD}", f"d/{'ü' * 100}"]
    answer = await account.dfs("GET", f"/raw/d/{quote(ODD)}")
    assert answer.body == b"abc"


@pytest.mark.fidelity("documented", "REST reference, Naming and referencing containers, blobs, and metadata")
async def test_paths_have_limits(account):
    """A path of more than 1,024 characters or 63 segments is refused, and one that climbs."""
    assert (await account.put(f"/{'x' * 1023}")).status == 201
    for path in (f"/{'x' * 1025}", "/a" * 64, "/a/../b"):
        assert (await account.put(path)).code == "InvalidUri"


@pytest.mark.fidelity("recorded")
async def test_a_listing_says_what_each_path_is(account):
    """An entry has its keys in the order of the alphabet; which there are goes by the version."""
    await account.put("/d/f", b"abc")
    keys = {}
    for version in ("2019-02-02", "2020-02-10", "2021-06-08"):
        answer = await account.dfs("GET", "/raw?resource=filesystem&recursive=true", x_version=version)
        directory, file = json.loads(answer.body)["paths"]
        keys[version] = list(file)
        assert directory["isDirectory"] == "true"
        assert list(file) == sorted(file)
        assert (file["contentLength"], file["permissions"]) == ("3", "rw-r-----")
    assert keys["2019-02-02"] == [
        "contentLength",
        "etag",
        "group",
        "lastModified",
        "name",
        "owner",
        "permissions",
    ]
    assert set(keys["2020-02-10"]) - set(keys["2019-02-02"]) == {"creationTime"}
    assert set(keys["2021-06-08"]) - set(keys["2020-02-10"]) == {"expiryTime"}


@pytest.mark.fidelity("recorded")
async def test_a_listing_comes_in_pages(account):
    """A token stands in the answer where more follows, and takes the client there; a wrong one is refused."""
    for name in "abc":
        await account.put(f"/{name}")
    query = "/raw?resource=filesystem&recursive=true&maxResults=2"
    first = await account.dfs("GET", query)
    token = first.headers["x-ms-continuation"]
    second = await account.dfs("GET", f"{query}&continuation={quote(token, safe='')}")
    assert [path["name"] for path in json.loads(second.body)["paths"]] == ["c"]
    assert "x-ms-continuation" not in second.headers
    wrong = await account.dfs("GET", f"{query}&continuation=AAAA")
    assert wrong.code == "InvalidQueryParameterValue"


@pytest.mark.fidelity("documented", "azure-storage-file-datalake, start_from")
async def test_a_listing_begins_at_a_path(account):
    """`beginFrom` is a path of the listed directory."""
    for name in "abc":
        await account.put(f"/d/{name}")
    assert await names(account, "recursive=false&directory=d&beginFrom=b") == ["d/b", "d/c"]


@pytest.mark.fidelity("recorded")
async def test_a_rename_names_its_source_in_a_header(account):
    """The source is a percent-encoded path, which may be signed; the version is the source's."""
    made = await account.put("/a%20b")
    moved = await account.dfs("PUT", "/raw/c?mode=legacy", x_rename_source="/raw/a%20b?sv=2021&sig=x")
    assert (moved.status, moved.etag) == (201, made.etag)
    old = await account.dfs("PUT", "/raw/d", x_rename_source="/raw/c", x_version="2020-06-12")
    assert (old.status, "ETag" in old.headers) == (201, False)


@pytest.mark.fidelity("documented", "issues of the SDKs")
async def test_a_malformed_source_is_refused(account):
    """A source that is not a path of the account, or a rename that also creates, is refused by name."""
    await account.put("/f")
    for source in ("raw/f", "/raw", "https://elsewhere/raw/f", "é"):
        answer = await account.dfs("PUT", "/raw/g", x_rename_source=source)
        assert answer.code == "InvalidSourceUri"
    answer = await account.dfs("PUT", "/raw/g?resource=file", x_rename_source="/raw/f")
    assert answer.code == "UnsupportedHeader"
    answer = await account.dfs("PUT", "/raw/g?mode=odd", x_rename_source="/raw/f")
    assert answer.code == "InvalidQueryParameterValue"


@pytest.mark.fidelity("recorded")
async def test_a_deletion_says_whether_it_is_for_good(account):
    """With soft delete on, the answer to a deletion has the id that restores the path."""
    await account.put("/f")
    await account.put("/g")
    gone = await account.dfs("DELETE", "/raw/f")
    assert (gone.status, gone.headers["x-ms-delete-type-permanent"]) == (200, "true")
    with account.keeping(7):
        kept = await account.dfs("DELETE", "/raw/g")
    assert kept.headers["x-ms-delete-type-permanent"] == "false"
    assert kept.headers["x-ms-deletion-id"].startswith("13")


@pytest.mark.fidelity("recorded")
async def test_reads_of_properties(account):
    """A HEAD request has all properties of a path; getStatus has the system's own."""
    await account.put("/f", b"abc", x_properties="a=Yg==,c=ZA==", x_content_language="en")
    answer = await account.dfs("HEAD", "/raw/f")
    assert (answer.headers["Content-Length"], answer.headers["Content-Language"]) == ("3", "en")
    assert answer.headers["x-ms-properties"] == "a=Yg==,c=ZA=="
    assert answer.headers["x-ms-resource-type"] == "file"
    status = await account.dfs("HEAD", "/raw/f?action=getStatus")
    assert "x-ms-properties" not in status.headers
    assert status.headers["x-ms-creation-time"]
    root = await account.dfs("HEAD", "/raw/?action=getStatus")
    assert root.headers["x-ms-resource-type"] == "directory"
    same = await account.dfs("HEAD", "/raw/f", If_None_Match=answer.etag)
    assert (same.status, same.code) == (304, "ConditionNotMet")


@pytest.mark.fidelity("documented", "REST reference, Path - Update")
async def test_properties_are_replaced(account):
    """SetProperties replaces the metadata as a whole, and the headers that it names."""
    made = await account.put("/f", x_properties="a=Yg==", x_content_language="en")
    answer = await account.dfs(
        "PATCH", "/raw/f?action=setProperties", x_properties="c=ZA==", x_content_type="text/csv"
    )
    head = await account.dfs("HEAD", "/raw/f")
    assert head.headers["x-ms-properties"] == "c=ZA=="
    assert (head.headers["Content-Type"], head.headers["Content-Language"]) == ("text/csv", "en")
    assert answer.etag == head.etag != made.etag
    wrong = await account.dfs("PATCH", "/raw/f?action=setProperties", x_properties="c=%")
    assert wrong.code == "InvalidHeaderValue"


@pytest.mark.fidelity("documented", "REST reference, Path - Lease")
async def test_leases_of_the_dfs_face(account):
    """POST acquires a lease with 201, breaks it with 202 and the time that it goes on."""
    await account.put("/f")
    lease = "11111111111111111111111111111111"
    made = await account.dfs(
        "POST", "/raw/f", x_lease_action="acquire", x_proposed_lease_id=lease, x_lease_duration="15"
    )
    assert (made.status, made.headers["x-ms-lease-id"].replace("-", "")) == (201, lease)
    head = await account.dfs("HEAD", "/raw/f")
    assert (head.headers["x-ms-lease-state"], head.headers["x-ms-lease-duration"]) == ("leased", "fixed")
    broken = await account.dfs("POST", "/raw/f", x_lease_action="break", x_lease_break_period="5")
    assert (broken.status, broken.headers["x-ms-lease-time"]) == (202, "5")


@pytest.mark.fidelity("assumed", "no source tells; the service's codes for what is missing or malformed")
async def test_malformed_requests_are_refused(account):
    """What a request lacks, or has and may not have, is named by the code of the refusal."""
    await account.put("/f")
    for method, target, headers, code in (
        ("PUT", "/raw/f?resource=odd", {}, "UnsupportedQueryParameter"),
        ("PUT", "/raw/f?resource=file", {"x_permissions": "0999"}, "InvalidHeaderValue"),
        ("PUT", "/raw/f?resource=file", {"x_umask": "9"}, "InvalidHeaderValue"),
        ("PUT", "/raw/f?resource=file", {"x_acl": "user::rwx", "x_permissions": "0777"}, "InvalidInput"),
        ("PUT", "/raw/f?resource=file", {"If_Modified_Since": "soon"}, "InvalidHeaderValue"),
        ("PUT", "/raw/f?resource=file", {"x_version": "today"}, "InvalidHeaderValue"),
        ("GET", "/raw?resource=filesystem", {}, "MissingRequiredQueryParameter"),
        ("GET", "/raw?resource=filesystem&recursive=maybe", {}, "InvalidQueryParameterValue"),
        ("GET", "/raw?resource=filesystem&recursive=true&maxResults=0", {}, "OutOfRangeQueryParameterValue"),
        ("PATCH", "/raw/f?action=append", {}, "MissingRequiredQueryParameter"),
        ("PATCH", "/raw/f?action=append&position=x", {}, "InvalidQueryParameterValue"),
        ("PATCH", "/raw/f?action=append&position=0", {}, "InvalidHeaderValue"),
        ("PATCH", "/raw/f?action=flush", {}, "MissingRequiredQueryParameter"),
        ("PATCH", "/raw/f?action=setAccessControl", {}, "MissingRequiredHeader"),
        ("PATCH", "/raw/f?action=setAccessControlRecursive", {}, "MissingRequiredQueryParameter"),
        ("PATCH", "/raw/f?action=setAccessControlRecursive&mode=set", {}, "MissingRequiredHeader"),
        ("PATCH", "/raw/f?action=setAccessControl", {"x_acl": "nobody:::"}, "InvalidHeaderValue"),
    ):
        answer = await account.dfs(method, target, **headers)
        assert (answer.code, target) == (code, target)
    body = await account.dfs("PUT", "/raw/f?resource=file", b"abc")
    assert body.code == "ContentLengthMustBeZero"
