"""Requests that the faces refuse, each by its code."""

from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.gen2.caller import Caller
from airflow_provider_adls.emulator.principal import Principal
from tests.emulator.both_faces import VERSION

REST = "REST reference; Common REST API error codes"
MORE_THAN_4_MIB = bytes(4 * 2**20 + 1)
POLICY = "<SignedIdentifiers><SignedIdentifier><Id>{id}</Id></SignedIdentifier></SignedIdentifiers>"
TAGS = "<Tags><TagSet><Tag><Key>{key}</Key><Value>v</Value></Tag></TagSet></Tags>"
MALFORMED = {
    "an append blob with content": (
        "blob",
        "PUT",
        "/raw/x",
        b"1",
        {"x_blob_type": "AppendBlob"},
        "InvalidHeaderValue",
    ),
    "a block without id": ("blob", "PUT", "/raw/x?comp=block", b"1", {}, "MissingRequiredQueryParameter"),
    "an unknown list of blocks": (
        *("blob", "GET", "/raw/f?comp=blocklist&blocklisttype=odd", b"", {}),
        "InvalidQueryParameterValue",
    ),
    "the blocks of no blob": ("blob", "GET", "/raw/none?comp=blocklist", b"", {}, "BlobNotFound"),
    "an empty block at the end": ("blob", "PUT", "/raw/a?comp=appendblock", b"", {}, "InvalidHeaderValue"),
    "metadata without a name": (
        "blob",
        "PUT",
        "/raw/f?comp=metadata",
        b"",
        {"x_meta_": "v"},
        "EmptyMetadataKey",
    ),
    "a deletion without id": (
        *("blob", "PUT", "/raw/f?comp=undelete", b"", {"x_undelete_source": "/raw/f"}),
        "MissingRequiredHeader",
    ),
    "a deleted container without name": (
        *("blob", "PUT", "/raw?restype=container&comp=undelete", b"", {}),
        "MissingRequiredHeader",
    ),
    "an unknown public access": (
        *("blob", "PUT", "/new?restype=container", b"", {"x_blob_public_access": "odd"}),
        "InvalidHeaderValue",
    ),
    "a policy with a long id": (
        *("blob", "PUT", "/raw?restype=container&comp=acl", POLICY.format(id="x" * 65).encode(), {}),
        "InvalidXmlNodeValue",
    ),
    "a tag with a long name": (
        *("blob", "PUT", "/raw/f?comp=tags", TAGS.format(key="k" * 129).encode(), {}),
        "InvalidTags",
    ),
    "the copy of a directory": (
        *("blob", "PUT", "/raw/x", b"", {"x_copy_source": "https://lake.blob.core.windows.net/raw/d"}),
        "OperationNotSupportedOnDirectory",
    ),
    "a lease that is too long": (
        *("blob", "PUT", "/raw/f?comp=lease", b"", {"x_lease_action": "acquire", "x_lease_duration": "x"}),
        "InvalidHeaderValue",
    ),
    "a token of another service": (
        "blob",
        "GET",
        "/?comp=list&marker=!",
        b"",
        {},
        "OutOfRangeInput",
    ),
    "a flush with content": (
        *("dfs", "PATCH", "/raw/f?action=flush&position=3", b"1", {}),
        "ContentLengthMustBeZero",
    ),
    "permission and ACL": (
        *(
            "dfs",
            "PATCH",
            "/raw/f?action=setAccessControl",
            b"",
            {"x_permissions": "0700", "x_acl": "user::rwx"},
        ),
        "InvalidInput",
    ),
    "properties without values": (
        *("dfs", "PUT", "/raw/x?resource=file", b"", {"x_properties": "name"}),
        "InvalidHeaderValue",
    ),
    "another token": (
        "dfs",
        "GET",
        "/?resource=account&continuation=AAAA",
        b"",
        {},
        "InvalidQueryParameterValue",
    ),
}


@pytest.mark.parametrize("request_", MALFORMED.values(), ids=MALFORMED)
@pytest.mark.fidelity("documented", REST)
async def test_a_malformed_request_is_refused(account, request_):
    """A request that lacks something, or has too much, is refused by the code for it; nothing is changed."""
    face, method, target, data, headers, code = request_
    await account.put("/f", b"abc")
    await account.dfs("PUT", "/raw/d?resource=directory")
    assert (await account.ask(face, method, target, data, **headers)).code == code
    assert (await account.dfs("GET", "/raw/f")).body == b"abc"
    assert (await account.dfs("HEAD", "/raw/x")).status == 404


@pytest.mark.fidelity("documented", REST)
async def test_a_long_range_has_no_digest(account):
    """The digest of a range of more than 4 MiB is refused."""
    await account.blob("PUT", "/raw/big", MORE_THAN_4_MIB, x_blob_type="BlockBlob")
    answer = await account.blob("GET", "/raw/big", x_range="bytes=0-", x_range_get_content_md5="true")
    assert answer.code == "OutOfRangeInput"


@pytest.mark.parametrize(
    ("target", "headers"),
    [
        ("/raw?restype=container&comp=lease", {"x_lease_action": "acquire", "x_lease_duration": "-1"}),
        ("/?restype=service&comp=properties", {}),
    ],
    ids=["container", "service"],
)
@pytest.mark.fidelity("documented", "Azure built-in roles for Storage")
async def test_a_reader_changes_no_container_and_no_service(account, target, headers):
    """What no ACL is about takes the role of a contributor."""
    account.caller = Caller(Principal("alice"), "reader")
    answer = await account.blob(
        "PUT", target, b"<StorageServiceProperties/>" if not headers else b"", **headers
    )
    assert answer.code == "AuthorizationPermissionMismatch"


@pytest.mark.fidelity("documented", "Create an account SAS, a service SAS, a user delegation SAS")
async def test_a_signature_that_only_creates_appends_to_no_file(account):
    """The holder of a signature without the right to write cannot add to a file that has content."""
    await account.put("/f", b"abc")
    account.caller = account.caller._replace(may_overwrite=False)
    answer = await account.dfs("PATCH", "/raw/f?action=append&position=3", b"d")
    assert answer.code == "AuthorizationPermissionMismatch"


@pytest.mark.fidelity("documented", "Lease Blob")
async def test_a_lease_that_has_ended_cannot_be_changed(account):
    """An id of a lease that has ended is refused as lost, and the lease is changed no more."""
    await account.put("/f", b"abc")
    one, other = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"

    async def lease(action, **headers):
        return await account.blob("PUT", "/raw/f?comp=lease", x_lease_action=action, **headers)

    assert (await lease("acquire", x_lease_duration="15", x_proposed_lease_id=one)).status == 201
    assert (await lease("break", x_lease_break_period="100")).status == 400
    account.clock.move(20)
    changed = await lease("change", x_lease_id=one, x_proposed_lease_id=other)
    assert changed.code == "LeaseNotPresentWithLeaseOperation"
    answer = await account.blob("PUT", "/raw/f?comp=metadata", x_lease_id=one)
    assert answer.code == "LeaseLost"


@pytest.mark.parametrize("content", [b"", b"x" * 600_000], ids=["empty", "several chunks"])
@pytest.mark.fidelity("documented", "Put Blob From URL; Copy Blob")
async def test_a_blob_of_another_ones_content(account, content):
    """A blob is put from the URL of another, of any length, and a directory by its mark."""
    await account.blob("PUT", "/raw/f", content, x_blob_type="BlockBlob")
    url = "https://lake.blob.core.windows.net/raw/f"
    answer = await account.blob(
        "PUT", "/raw/g", x_copy_source=url, x_blob_type="BlockBlob", Content_Length="0"
    )
    assert answer.status == 201
    assert (await account.blob("GET", "/raw/g")).body == content
    marked = {"x-ms-blob-type": "BlockBlob", "x-ms-meta-hdi_isfolder": "true", "x-ms-version": VERSION}
    async with account.session.put(f"{account.url}/blob/lake/raw/dir", headers=marked) as answer:
        assert answer.status == 201
    assert (await account.dfs("HEAD", "/raw/dir")).headers["x-ms-resource-type"] == "directory"
