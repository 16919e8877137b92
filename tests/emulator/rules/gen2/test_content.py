from __future__ import annotations

from dataclasses import replace

import pytest

from airflow_provider_adls.emulator.gen2.errors import StorageError
from airflow_provider_adls.emulator.rules.gen2 import attributes, blobs, content, leases, properties
from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions
from airflow_provider_adls.emulator.rules.gen2.content import Flush, LeaseUse
from airflow_provider_adls.emulator.rules.gen2.creation import Wanted

ANY, NO_LEASE = Conditions(), LeaseUse()
LEASE = "11111111-1111-1111-1111-111111111111"


def append(call, data: bytes, position: int, lease: LeaseUse = NO_LEASE) -> None:
    content.append(call, "/f", data, position, lease, None)


def flush(call, position: int, lease: LeaseUse = NO_LEASE, **options):
    return content.flush(call, "/f", position, ANY, lease, Flush(**options))


@pytest.mark.fidelity("recorded")
def test_readers_see_what_was_flushed(call, make, read):
    """Appended bytes, in any order, are the file's after a flush; the flush alone changes the version."""
    made = make("/f")
    append(call, b"def", 3)
    append(call, b"abc", 0)
    assert (read("/f"), call.get("/f").etag) == (b"", made.etag)
    node = flush(call, 6)
    assert (read("/f"), node.synced) == (b"abcdef", 6)
    assert node.etag > made.etag


@pytest.mark.parametrize("position", [2, 4, 7])
@pytest.mark.fidelity("recorded")
def test_a_flush_names_the_new_length(call, make, read, position):
    """A flush to a position that the bytes do not reach, without a gap, is refused and changes nothing."""
    make("/f", b"abc")
    append(call, b"ef", 4)
    with pytest.raises(StorageError) as refusal:
        flush(call, position)
    assert refusal.value.code == "InvalidFlushPosition"
    append(call, b"d", 3)
    flush(call, 6)
    assert read("/f") == b"abcdef"


@pytest.mark.fidelity("documented", "REST reference, Path - Update: retainUncommittedData")
def test_the_rest_can_be_kept(call, make, read):
    """A flush drops bytes appended beyond its position, unless it retains them."""
    make("/f")
    append(call, b"abc", 0)
    append(call, b"def", 3)
    flush(call, 3, keep_rest=True)
    flush(call, 6)
    assert read("/f") == b"abcdef"
    append(call, b"ghi", 6)
    append(call, b"jkl", 9)
    flush(call, 9)
    with pytest.raises(StorageError):
        flush(call, 12)


@pytest.mark.fidelity("assumed", "an append whose answer was lost is sent again; the same bytes do no harm")
def test_appends_can_be_sent_again(call, make, read):
    """The last bytes at an offset count; those below the file's length are left aside."""
    make("/f")
    append(call, b"xxx", 0)
    append(call, b"abc", 0)
    flush(call, 3)
    append(call, b"abc", 0)
    append(call, b"d", 3)
    flush(call, 4)
    assert read("/f") == b"abcd"


@pytest.mark.fidelity("recorded")
def test_a_flush_of_nothing_is_done(call, make):
    """A flush to the length that the file has keeps its version."""
    node = make("/f", b"abc")
    assert flush(call, 3).etag == node.etag


@pytest.mark.fidelity("recorded")
def test_a_flush_sets_content_headers(call, make):
    """Headers that a flush names take the place of the file's; the others stay, but the digest."""
    make("/f", headers={properties.LANGUAGE: "en", properties.MD5: "old", properties.TYPE: "text/csv"})
    append(call, b"abc", 0)
    node = flush(call, 3, headers={properties.TYPE: "application/json"})
    assert properties.headers(node) == {properties.LANGUAGE: "en", properties.TYPE: "application/json"}


@pytest.mark.fidelity("recorded")
def test_a_lease_must_be_named(call, make):
    """Writing a leased file takes its lease's id, with hyphens or without; another's is refused."""
    make("/f", proposed_lease=LEASE)
    for use, code in ((NO_LEASE, "LeaseIdMissing"), (LeaseUse(id=LEASE[:-1] + "2"), "LeaseIdMismatch")):
        with pytest.raises(StorageError) as refusal:
            append(call, b"abc", 0, use)
        assert refusal.value.code == code
    append(call, b"abc", 0, LeaseUse(id=LEASE.replace("-", "")))
    flush(call, 3, LeaseUse(id=LEASE))


@pytest.mark.fidelity("recorded")
def test_a_write_can_acquire_and_release_a_lease(call, make):
    """Lease actions of a write: acquire, auto-renew, release, and acquire-release for one write."""
    make("/f")
    append(call, b"abc", 0, LeaseUse(action=content.ACQUIRE, proposed=LEASE, duration=15))
    assert leases.state(call.get("/f"), call.now) == leases.LEASED
    later = replace(call, now=call.now + 10_000)
    append(later, b"def", 3, LeaseUse(id=LEASE, action=content.AUTO_RENEW))
    assert leases.state(call.get("/f"), call.now + 20_000) == leases.LEASED
    flush(later, 6, LeaseUse(id=LEASE, action=content.RELEASE))
    assert leases.state(call.get("/f"), call.now) == leases.AVAILABLE
    append(call, b"g", 6, LeaseUse(action=content.ACQUIRE_RELEASE, proposed=LEASE, duration=15))
    assert leases.state(call.get("/f"), call.now) == leases.AVAILABLE


@pytest.mark.fidelity("recorded")
def test_a_key_of_the_customer_goes_with_the_file(call, make):
    """A file that was made with a customer's key is read and written with it, others without one."""
    keyed = replace(call, key="digest")
    make("/f", by=keyed)
    make("/g")
    for caller, path, code in (
        (call, "/f", "BlobUsesCustomerSpecifiedEncryption"),
        (keyed, "/g", "BlobDoesNotUseCustomerSpecifiedEncryption"),
    ):
        with pytest.raises(StorageError) as refusal:
            content.append(caller, path, b"abc", 0, NO_LEASE, None)
        assert refusal.value.code == code
        with pytest.raises(StorageError) as refusal:
            content.demand_read(caller, path, ANY, "")
        assert refusal.value.code == code
    append(keyed, b"abc", 0)
    assert flush(keyed, 3).synced == 3


@pytest.mark.fidelity("documented", "REST reference, Path - Update: InvalidFlushOperation")
def test_a_blob_of_blocks_is_not_appended_to(call, make):
    """A file made of blocks takes no appends until it is created anew."""
    blobs.stage(call, "/f", "YQ==", b"abc")
    blobs.put_list(call, "/f", [blobs.Chosen("YQ==", blobs.LATEST)], ANY, Wanted())
    with pytest.raises(StorageError) as refusal:
        append(call, b"def", 3)
    assert refusal.value.code == "InvalidFlushOperation"
    make("/f", b"new")
    assert call.get("/f").synced == 3


@pytest.mark.fidelity("recorded")
def test_what_changes_the_version(call, make):
    """Metadata and headers change it; a lease, an expiry, an ACL and a new child of a directory do not."""
    directory = make("/d/")
    make("/d/f")
    assert call.get("/d").etag == directory.etag
    node = attributes.set_metadata(call, "/d/f", ANY, {"a": "b"}, "")
    headed = attributes.set_headers(call, "/d/f", ANY, {properties.TYPE: "text/csv"}, "")
    assert headed.etag > node.etag > directory.etag


@pytest.mark.fidelity("assumed", "an append is for files")
def test_a_directory_has_no_content(call, make):
    """A directory is not appended to, and a missing file neither."""
    make("/f/")
    with pytest.raises(StorageError) as refusal:
        append(call, b"abc", 0)
    assert refusal.value.code == "ResourceTypeMismatch"
    with pytest.raises(StorageError, match="path does not exist"):
        content.append(call, "/missing", b"abc", 0, NO_LEASE, None)
