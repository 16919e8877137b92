from __future__ import annotations

import base64
import hashlib
from urllib.parse import quote

import pytest

REST = "REST reference of the Blob service"
LEASE = "11111111-1111-1111-1111-111111111111"


def md5(data: bytes) -> str:
    return base64.b64encode(hashlib.md5(data).digest()).decode()


def block(number: int) -> str:
    return quote(base64.b64encode(f"{number:05}".encode()).decode(), safe="")


async def put(account, path: str = "/f", data: bytes = b"", **headers):
    return await account.blob("PUT", f"/raw{path}", data, x_blob_type="BlockBlob", **headers)


@pytest.mark.fidelity("recorded")
async def test_a_blob_is_put_and_read(account):
    """A blob that is put whole has its digest; both faces read it, with their own headers."""
    made = await put(account, "/d/f", b"abc", Content_Type="text/csv", x_meta_a="b")
    assert (made.status, made.headers["Content-MD5"]) == (201, md5(b"abc"))
    read = await account.blob("GET", "/raw/d/f")
    assert (read.body, read.etag, read.headers["x-ms-meta-a"]) == (b"abc", made.etag, "b")
    assert (read.headers["Content-Type"], read.headers["x-ms-blob-type"]) == ("text/csv", "BlockBlob")
    head = await account.dfs("HEAD", "/raw/d/f")
    assert (head.headers["x-ms-properties"], head.etag) == ("a=Yg==", made.etag)
    part = await account.blob("GET", "/raw/d/f", Range="bytes=1-")
    assert (part.status, part.headers["x-ms-blob-content-md5"]) == (206, md5(b"abc"))


@pytest.mark.fidelity("recorded")
async def test_a_directory_is_an_empty_blob_with_a_mark(account):
    """A directory shows its mark; one that no request named has no content type."""
    await account.put("/d/f")
    await account.dfs("PUT", "/raw/e?resource=directory")
    implicit, explicit = [await account.blob("HEAD", f"/raw/{name}") for name in "de"]
    assert implicit.headers["x-ms-meta-hdi_isfolder"] == explicit.headers["x-ms-meta-hdi_isfolder"] == "true"
    assert (implicit.headers["Content-Length"], "Content-Type" in implicit.headers) == ("0", False)
    assert explicit.headers["Content-Type"] == "application/octet-stream"
    assert implicit.headers["x-ms-resource-type"] == "directory"


@pytest.mark.fidelity("recorded")
async def test_what_goes_by_the_version(account):
    """Owner and kind of a blob are in the answers of newer versions, its ACL (documented) in the newest."""
    await account.put("/f")
    shown = {}
    for version in ("2020-02-10", "2020-06-12", "2021-12-02", "2024-08-04"):
        answer = await account.blob("HEAD", "/raw/f", x_version=version)
        shown[version] = {"x-ms-owner", "x-ms-resource-type", "x-ms-acl"} & {
            name.lower() for name in answer.headers
        }
    assert list(map(len, shown.values())) == [0, 1, 2, 3]


@pytest.mark.fidelity("recorded")
async def test_an_error_is_xml(account):
    """A refusal names code and text, which differ from the DFS face's."""
    answer = await account.blob("GET", "/raw/missing")
    assert (answer.status, answer.code) == (404, "BlobNotFound")
    assert answer.body.startswith(b"\xef\xbb\xbf<?xml")
    assert answer.xml.findtext("Code") == "BlobNotFound"
    assert answer.xml.findtext("Message").startswith("The specified blob does not exist.\nRequestId:")
    assert (await account.blob("GET", "/none/f")).code == "ContainerNotFound"


@pytest.mark.fidelity("documented", "issues of arrow and rclone")
async def test_what_the_blob_face_refuses_of_directories(account):
    """A full directory is not deleted, an empty one is; a directory is not written over."""
    await account.put("/d/f")
    assert (await account.blob("DELETE", "/raw/d")).code == "DirectoryIsNotEmpty"
    assert (await put(account, "/d", b"abc")).code == "OperationNotSupportedOnDirectory"
    assert (await account.blob("DELETE", "/raw/d/f")).status == 202
    assert (await account.blob("DELETE", "/raw/d")).status == 202
    assert (await account.blob("PUT", "/raw/d/", x_blob_type="BlockBlob")).code == "InvalidUri"


@pytest.mark.fidelity("recorded")
async def test_metadata_and_headers_are_replaced(account):
    """Each change replaces all there was and makes a new version; headers without a type leave none."""
    await put(account, data=b"abc", x_meta_a="b")
    one = await account.blob("PUT", "/raw/f?comp=metadata", x_meta_c="d")
    two = await account.blob("PUT", "/raw/f?comp=properties", x_blob_content_language="en")
    head = await account.blob("HEAD", "/raw/f")
    assert (head.headers["x-ms-meta-c"], "x-ms-meta-a" in head.headers) == ("d", False)
    assert (head.headers["Content-Language"], "Content-Type" in head.headers) == ("en", False)
    assert one.etag != two.etag == head.etag
    read = await account.blob("GET", "/raw/f?comp=metadata")
    assert (read.status, read.body, read.headers["x-ms-meta-c"]) == (200, b"", "d")


@pytest.mark.fidelity("documented", REST)
async def test_blocks_make_a_blob(account):
    """Blocks are staged, listed, and put together; a wrong digest or an unknown block is refused."""
    for number, data in enumerate((b"aa", b"bb", b"cc")):
        made = await account.blob("PUT", f"/raw/f?comp=block&blockid={block(number)}", data)
        assert made.status == 201
    staged = await account.blob("GET", "/raw/f?comp=blocklist&blocklisttype=all")
    assert [each.text for each in staged.xml.iterfind("UncommittedBlocks/Block/Size")] == ["2", "2", "2"]
    names = [each.text for each in staged.xml.iterfind("UncommittedBlocks/Block/Name")]
    body = f"<BlockList><Latest>{names[2]}</Latest><Uncommitted>{names[0]}</Uncommitted></BlockList>"
    made = await account.blob("PUT", "/raw/f?comp=blocklist", body.encode(), x_blob_content_type="text/csv")
    read = await account.blob("GET", "/raw/f")
    assert (made.status, read.body, read.headers["Content-Type"]) == (201, b"ccaa", "text/csv")
    listed = await account.blob("GET", "/raw/f?comp=blocklist")
    assert [each.text for each in listed.xml.iterfind("CommittedBlocks/Block/Name")] == [names[2], names[0]]
    target = f"/raw/f?comp=block&blockid={block(7)}"
    assert (await account.blob("PUT", target, b"x", Content_MD5=md5(b""))).code == "Md5Mismatch"
    for wrong, code in (
        (b"<BlockList><Latest>eHh4eHg=</Latest></BlockList>", "InvalidBlockList"),
        (b"<BlockList><Newest>eHh4eHg=</Newest></BlockList>", "InvalidXmlDocument"),
        (b"<!DOCTYPE x []><BlockList/>", "InvalidXmlDocument"),
        (b"<BlockList>", "InvalidXmlDocument"),
    ):
        assert (await account.blob("PUT", "/raw/f?comp=blocklist", wrong)).code == code
    assert (await account.blob("GET", "/raw/f")).body == b"ccaa"


@pytest.mark.fidelity("documented", REST)
async def test_an_append_blob_grows(account):
    """Append blocks name their offset; the blob's type is its own."""
    await account.blob("PUT", "/raw/log", x_blob_type="AppendBlob")
    for number in range(3):
        answer = await account.blob("PUT", "/raw/log?comp=appendblock", b"abc")
        assert (answer.status, answer.headers["x-ms-blob-append-offset"]) == (201, str(number * 3))
    wrong = await account.blob("PUT", "/raw/log?comp=appendblock", b"x", x_blob_condition_appendpos="0")
    assert (wrong.status, wrong.code) == (412, "AppendPositionConditionNotMet")
    head = await account.blob("HEAD", "/raw/log")
    assert (head.headers["x-ms-blob-type"], head.headers["Content-Length"]) == ("AppendBlob", "9")


@pytest.mark.fidelity("documented", REST)
async def test_blobs_are_copied_within_the_account(account):
    """A copy names its source by URL, of either style; another account's is refused."""
    await put(account, data=b"abc", x_meta_a="b")
    host = account.url.removeprefix("http://")
    for number, url in enumerate(
        ("https://lake.blob.core.windows.net/raw/f?sig=x", f"http://{host}/blob/lake/raw/f")
    ):
        made = await account.blob("PUT", f"/raw/g{number}", x_copy_source=url)
        assert (made.status, made.headers["x-ms-copy-status"]) == (202, "success")
        read = await account.blob("GET", f"/raw/g{number}")
        assert (read.body, read.headers["x-ms-meta-a"]) == (b"abc", "b")
        assert read.headers["x-ms-copy-id"] == made.headers["x-ms-copy-id"]
        assert (read.headers["x-ms-copy-status"], read.headers["x-ms-copy-progress"]) == ("success", "3/3")
    for url in ("https://other.blob.core.windows.net/raw/f", "https://lake.blob.core.windows.net/raw/no"):
        assert (await account.blob("PUT", "/raw/h", x_copy_source=url)).code == "CannotVerifyCopySource"
    url = "https://lake.blob.core.windows.net/raw/f"
    answer = await account.blob("PUT", "/raw/h", x_copy_source=url, x_source_if_match='"0x1"')
    assert (answer.status, answer.code) == (412, "SourceConditionNotMet")


@pytest.mark.fidelity("recorded")
async def test_leases_of_blobs(account):
    """A lease is acquired with 201; a write without its id, or with another's, has the blob's own codes."""
    await put(account, data=b"abc")
    made = await account.blob(
        "PUT", "/raw/f?comp=lease", x_lease_action="acquire", x_proposed_lease_id=LEASE, x_lease_duration="-1"
    )
    assert (made.status, made.headers["x-ms-lease-id"]) == (201, LEASE)
    head = await account.blob("HEAD", "/raw/f")
    assert (head.headers["x-ms-lease-status"], head.headers["x-ms-lease-duration"]) == ("locked", "infinite")
    assert (await put(account, data=b"x")).code == "LeaseIdMissing"
    other = LEASE[:-1] + "2"
    assert (await put(account, data=b"x", x_lease_id=other)).code == "LeaseIdMismatchWithBlobOperation"
    assert (await put(account, data=b"x", x_lease_id=LEASE)).status == 201
    released = await account.blob(
        "PUT", "/raw/f?comp=lease", x_lease_action="release", x_lease_id=LEASE.replace("-", "")
    )
    assert (released.status, "x-ms-lease-id" in released.headers) == (200, False)
    answer = await account.blob("PUT", "/raw/f?comp=metadata", x_lease_id=LEASE)
    assert answer.code == "LeaseNotPresentWithBlobOperation"


@pytest.mark.fidelity("recorded")
async def test_a_blob_expires(account):
    """An expiry is answered with the version as it was, shown by HEAD, and takes place."""
    made = await put(account, data=b"abc")
    answer = await account.blob(
        "PUT", "/raw/f?comp=expiry", x_expiry_option="RelativeToNow", x_expiry_time="60000"
    )
    assert (answer.status, answer.etag) == (200, made.etag)
    assert "x-ms-expiry-time" in (await account.blob("HEAD", "/raw/f")).headers
    account.clock.move(61)
    assert (await account.blob("HEAD", "/raw/f")).code == "BlobNotFound"


@pytest.mark.fidelity("recorded")
async def test_a_deleted_blob_is_listed_and_restored(account):
    """With soft delete on, a blob is listed by the id of its deletion and comes back by it."""
    await put(account, "/a%20b", b"abc")
    with account.keeping(7):
        await account.blob("DELETE", "/raw/a%20b")
        listed = await account.blob("GET", "/raw?restype=container&comp=list&showonly=deleted")
        [item] = listed.xml.iterfind("Blobs/Blob")
        assert (item.findtext("Name"), item.findtext("Properties/RemainingRetentionDays")) == ("a b", "6")
        number = item.findtext("DeletionId")
        restored = await account.blob(
            "PUT", "/raw/a%20b?comp=undelete", x_undelete_source=f"a%20b?deletionid={number}"
        )
    assert (restored.status, restored.headers["x-ms-resource-type"]) == (200, "file")
    assert (await account.blob("GET", "/raw/a%20b")).body == b"abc"


@pytest.mark.fidelity("documented", REST)
async def test_tags(account):
    """Tags are put and read as XML, counted by HEAD, and limited in number."""
    await put(account, data=b"abc", x_tags="a=b&c=d")
    answer = await account.blob("GET", "/raw/f?comp=tags")
    assert [each.text for each in answer.xml.iter("Value")] == ["b", "d"]
    body = b"<Tags><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tags>"
    assert (await account.blob("PUT", "/raw/f?comp=tags", body)).status == 204
    assert (await account.blob("HEAD", "/raw/f")).headers["x-ms-tag-count"] == "1"
    many = b"".join(b"<Tag><Key>%d</Key><Value/></Tag>" % number for number in range(11))
    answer = await account.blob("PUT", "/raw/f?comp=tags", b"<Tags><TagSet>%b</TagSet></Tags>" % many)
    assert answer.code == "InvalidTags"


@pytest.mark.fidelity("documented", REST)
async def test_a_read_by_url_overrides_headers(account):
    """Parameters of a signed URL give the answer other content headers."""
    await put(account, data=b"abc")
    answer = await account.blob("GET", "/raw/f?rsct=text/csv&rscd=attachment")
    assert (answer.headers["Content-Type"], answer.headers["Content-Disposition"]) == (
        "text/csv",
        "attachment",
    )


@pytest.mark.fidelity("recorded")
async def test_two_digests_at_once_are_refused(account):
    """A range has one digest, of at most 4 MiB."""
    await put(account, data=b"abc")
    answer = await account.blob(
        "GET", "/raw/f", x_range_get_content_md5="true", x_range_get_content_crc64="true"
    )
    assert answer.code == "BothCrc64AndMd5RangeHeaderPresent"
    answer = await account.blob("GET", "/raw/f", Range="bytes=0-0", x_range_get_content_crc64="true")
    assert answer.headers["x-ms-content-crc64"]


@pytest.mark.fidelity("assumed", "what the emulator does not have is refused, and named in the request log")
async def test_what_is_not_there_is_refused(account):
    """Operations of the Blob service that the emulator does not have are refused by the service's code."""
    await put(account, data=b"abc")
    for method, query in (("PUT", "comp=snapshot"), ("POST", "comp=query"), ("PUT", "comp=page")):
        answer = await account.blob(method, f"/raw/f?{query}")
        assert (answer.status, answer.code) == (400, "UnsupportedQueryParameter")
    assert (await account.blob("PUT", "/raw/f")).code == "MissingRequiredHeader"
    assert (await account.blob("PUT", "/raw/f", x_blob_type="PageBlob")).code == "InvalidHeaderValue"
