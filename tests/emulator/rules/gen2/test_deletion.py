from __future__ import annotations

from dataclasses import replace

import pytest

from airflow_provider_adls.emulator.gen2.errors import StorageError
from airflow_provider_adls.emulator.rules.gen2 import access, containers, deletion
from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions
from airflow_provider_adls.emulator.rules.refusals import Denied
from airflow_provider_adls.model.acl import parse_spec

ANY = Conditions()
LEASE = "11111111-1111-1111-1111-111111111111"
DAY = 24 * 60 * 60


def delete(call, path: str, *, recursive: bool = False, lease: str = "") -> int | None:
    return deletion.delete(call, path, ANY, recursive=recursive, lease=lease)


def refused(call, path: str, **options) -> str:
    with pytest.raises(StorageError) as refusal:
        delete(call, path, **options)
    return refusal.value.code


@pytest.fixture
def kept(call):
    """The call, of an account that keeps deleted paths for seven days."""
    return replace(call, retention=7, container_retention=7)


@pytest.mark.fidelity("recorded")
def test_a_full_directory_is_deleted_with_what_is_in_it(call, make):
    """A directory with entries needs `recursive`; a missing or leased path is refused."""
    make("/d/e/f", b"abc")
    make("/l", proposed_lease=LEASE)
    assert refused(call, "/d") == "DirectoryNotEmpty"
    assert refused(call, "/missing") == "PathNotFound"
    assert refused(call, "/l") == "LeaseIdMissing"
    assert delete(call, "/d", recursive=True) is None
    delete(call, "/l", lease=LEASE)
    assert (call.find("/d"), call.find("/l")) == (None, None)


@pytest.mark.fidelity("documented", "REST reference, Path - Delete; the code is assumed")
def test_the_root_stays(call):
    """The root directory cannot be deleted."""
    assert refused(call, "/", recursive=True) == "InvalidInput"


@pytest.mark.fidelity("documented", "learn.microsoft.com, Access control lists in Azure Data Lake Storage")
def test_deleting_a_tree_needs_rights_on_every_directory(call, by, make):
    """Without rwx on each directory of a tree it stays as it is."""
    make("/d/e/f")
    for path, rights in (("/", "-wx"), ("/d", "rwx"), ("/d/e", "r-x")):
        access.set_access(call, path, ANY, entries=parse_spec(f"user:alice:{rights},mask::rwx"))
    with pytest.raises(Denied):
        delete(by("alice"), "/d", recursive=True)
    access.set_access(call, "/d/e", ANY, entries=parse_spec("user:alice:rwx,mask::rwx"))
    delete(by("alice"), "/d", recursive=True)
    assert call.find("/d") is None


@pytest.mark.fidelity("recorded")
def test_what_was_deleted_can_be_restored(kept, make, read):
    """With soft delete on, a path is restored with its entries, by its path and the id of its deletion."""
    make("/d/f", b"abc")
    number = delete(kept, "/d", recursive=True)
    [item] = deletion.restorable(kept)
    assert (item.path, item.deletion) == ("d", number)
    deletion.undelete(kept, "/d", "/d", str(number))
    assert (read("/d/f"), deletion.restorable(kept)) == (b"abc", [])


@pytest.mark.fidelity("recorded")
def test_each_deletion_of_a_path_has_its_own_id(kept, make, read):
    """A path that was deleted twice can be restored in each of its states; another path, too."""
    make("/f", b"one")
    first = delete(kept, "/f")
    make("/f", b"two")
    second = delete(kept, "/f")
    assert [item.deletion for item in deletion.restorable(kept)] == sorted([first, second])
    deletion.undelete(kept, "/f", "/f", str(first))
    deletion.undelete(kept, "/g", "/f", str(second))
    assert (read("/f"), read("/g")) == (b"one", b"two")


@pytest.mark.fidelity("assumed", "a restored path takes nobody's place")
def test_a_taken_name_is_not_restored_to(kept, make, read):
    """An existing path stays, and so does the deleted one; an unknown deletion is not found."""
    make("/f", b"one")
    number = delete(kept, "/f")
    make("/f", b"two")
    for deleted, code in ((str(number), "PathAlreadyExists"), ("1", "PathNotFound")):
        with pytest.raises(StorageError) as refusal:
            deletion.undelete(kept, "/f", "/f", deleted)
        assert refusal.value.code == code
    assert (read("/f"), len(deletion.restorable(kept))) == (b"two", 1)


@pytest.mark.fidelity("documented", "learn.microsoft.com, Soft delete for blobs")
def test_the_time_to_restore_ends(kept, make):
    """After the days of the account's policy a deleted path is gone, and its content with it."""
    make("/f", b"abc")
    delete(kept, "/f")
    [item] = deletion.restorable(kept)
    assert deletion.days_left(kept, item.deleted, 7) == 6
    late = replace(kept, now=kept.now + 7 * DAY * 1000)
    assert deletion.restorable(late) == []
    assert kept.store._connection.execute("SELECT count(*) FROM segments").fetchone() == (0,)


@pytest.mark.fidelity("recorded")
def test_containers_can_be_restored(kept, make, read):
    """A deleted container is restored under its name, by its version, with its files."""
    make("/f", b"abc")
    containers.delete(kept, ANY)
    assert kept.find_container() is None
    [removed] = containers.removed(kept)
    with pytest.raises(StorageError, match="filesystem does not exist"):
        containers.undelete(kept, "raw", "0")
    containers.undelete(kept, "raw", removed.version)
    assert (read("/f"), containers.removed(kept)) == (b"abc", [])


@pytest.mark.fidelity("documented", "learn.microsoft.com, Soft delete for containers")
def test_the_time_to_restore_a_container_ends(kept, make):
    """After its days a deleted container is gone with all that it held, deleted paths too."""
    make("/f", b"abc")
    make("/g", b"def")
    delete(kept, "/g")
    containers.delete(kept, ANY)
    assert containers.removed(replace(kept, now=kept.now + 7 * DAY * 1000)) == []
    assert kept.store._connection.execute("SELECT count(*) FROM segments").fetchone() == (0,)
    assert kept.store._connection.execute("SELECT count(*) FROM trash").fetchone() == (0,)
