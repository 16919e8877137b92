from __future__ import annotations

from dataclasses import replace

import pytest

from airflow_provider_adls.emulator.gen2.errors import StorageError
from airflow_provider_adls.emulator.rules.gen2 import access, creation, leases, properties
from airflow_provider_adls.emulator.rules.gen2.access import shown_acl, shown_permission
from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions
from airflow_provider_adls.emulator.rules.gen2.creation import Wanted
from airflow_provider_adls.emulator.rules.refusals import Denied, Exists
from airflow_provider_adls.model.acl import parse_spec

ACL = "learn.microsoft.com, Access control lists in Azure Data Lake Storage"
NEW = Conditions(none_match=("*",))


@pytest.mark.parametrize(
    ("path", "wanted", "shown"),
    [
        ("/f", {}, "rw-r-----"),
        ("/d/", {}, "rwxr-x---"),
        ("/f", {"permission": 0o777, "umask": 0o057}, "rwx-w----"),
        ("/d/", {"permission": 0o777, "umask": 0}, "rwxrwxrwx"),
        ("/f", {"permission": 0o1775, "umask": 0}, "rwxrwxr-t"),
        ("/f", {"permission": 0o1774, "umask": 0}, "rwxrwxr-T"),
    ],
)
@pytest.mark.fidelity("recorded")
def test_the_umask_clears_bits(make, path, wanted, shown):
    """A new file has 666 and a new directory 777, or the request's permission, less the umask of 027."""
    assert shown_permission(make(path, **wanted)) == shown


@pytest.mark.fidelity("documented", ACL)
def test_given_permissions_are_masked_too(make):
    """Without a umask of its own, a request's permission is cleared by 027."""
    assert shown_permission(make("/f", permission=0o666)) == "rw-r-----"


@pytest.mark.fidelity("documented", ACL)
def test_a_default_acl_is_inherited_and_the_umask_is_not_used(make):
    """A directory's default ACL is what new files and directories in it get; directories pass it on."""
    entries = parse_spec("default:user::rwx,default:group::r-x,default:other::r-x,default:user:alice:rwx")
    make("/d/", entries=entries)
    assert shown_acl(make("/d/f")).startswith("user::rwx,user:alice:rwx,group::r-x,mask::rwx,other::r-x")
    assert shown_permission(make("/d/g", permission=0o640)) == "rw-r-----+"
    below = make("/d/e/")
    assert "default:user:alice:rwx" in shown_acl(below)
    assert shown_permission(below) == "rwxrwxr-x+"


@pytest.mark.fidelity("recorded")
def test_parents_are_made(call, make):
    """Directories above a path are made with the default permission, and have no content type."""
    make("/a/b/f")
    assert shown_permission(call.get("/a/b")) == "rwxr-x---"
    assert properties.headers(call.get("/a")) == {"Content-Type": ""}
    assert properties.headers(make("/d/")) == {}


@pytest.mark.fidelity("documented", ACL)
def test_owner_and_group_of_what_is_made(call, by, make):
    """The owner is the caller; the group is the parent's, and the root's that of its creator."""
    access.set_access(call, "/", Conditions(), permission=0o777)
    make("/open/", permission=0o777, umask=0)
    node = make("/open/f", by=by("alice"))
    assert (node.owner, node.group) == ("alice", "boss")
    assert (call.get("/").owner, call.get("/").group) == ("boss", "boss")


@pytest.mark.fidelity("recorded")
def test_a_file_is_replaced_by_an_empty_one(call, make, read):
    """Creating over a file empties it; permission, metadata and version are a new file's."""
    old = make("/f", b"abc", permission=0o777, umask=0, metadata={"a": "b"})
    new = make("/f")
    assert (read("/f"), shown_permission(new), properties.metadata(new)) == (b"", "rw-r-----", {})
    assert new.etag > old.etag


@pytest.mark.fidelity("recorded")
def test_if_none_match_refuses_what_exists(call, make):
    """`If-None-Match: *` refuses an existing path, and names its kind if it is a directory."""
    make("/f", b"abc")
    make("/d/")
    with pytest.raises(StorageError) as refusal:
        creation.create(call, "/f", NEW, Wanted(), directory=False)
    assert (refusal.value.code, refusal.value.headers) == ("PathAlreadyExists", {})
    with pytest.raises(StorageError) as refusal:
        creation.create(call, "/d", NEW, Wanted(), directory=True)
    assert refusal.value.headers == {"x-ms-existing-resource-type": "directory"}
    assert call.get("/f").synced == 3


@pytest.mark.fidelity("assumed", "the recordings show the answer, and what stands in the directory stays")
def test_a_directory_keeps_what_is_in_it(call, make):
    """Creating over a directory replaces its metadata and rights alone."""
    make("/d/f", b"abc")
    make("/d/", metadata={"a": "b"})
    assert call.get("/d/f").synced == 3
    assert properties.metadata(call.get("/d")) == {"a": "b"}


@pytest.mark.fidelity("documented", "REST reference, Path - Create: PathConflict")
def test_files_and_directories_do_not_replace_each_other(call, make):
    """A file over a directory, a directory over a file, and a path under a file are refused."""
    make("/d/")
    make("/f", b"abc")
    for path in ("/d", "/f/"):
        with pytest.raises(StorageError, match="resource type is invalid"):
            make(path)
    with pytest.raises(Exists):
        make("/f/below")
    assert call.get("/f").synced == 3


@pytest.mark.fidelity("recorded")
def test_conditions_hold_for_what_is_replaced(call, make):
    """A failed condition on an existing file refuses its replacement."""
    node = make("/f", b"abc")
    stale = Conditions(match=("0x1",))
    with pytest.raises(StorageError, match="condition"):
        creation.create(call, "/f", stale, Wanted(), directory=False)
    with pytest.raises(StorageError, match="condition"):
        creation.create(call, "/g", stale, Wanted(), directory=False)
    fresh = Conditions(match=(f"0x{node.etag:X}",))
    creation.create(call, "/f", fresh, Wanted(), directory=False)
    assert call.get("/f").synced == 0


@pytest.mark.fidelity("recorded")
def test_a_leased_file_is_replaced_with_its_lease_alone(call, make):
    """A lease must be named to replace a file, and goes on afterwards."""
    lease = "11111111-1111-1111-1111-111111111111"
    make("/f", proposed_lease=lease, lease_duration=-1)
    with pytest.raises(StorageError) as refusal:
        make("/f")
    assert refusal.value.code == "LeaseIdMissing"
    assert leases.is_locked(make("/f", lease=lease), call.now)


@pytest.mark.fidelity("assumed", "what a signature for creating alone is for")
def test_who_may_only_create_replaces_nothing(call, make):
    """A caller with the right to create alone makes new files, and changes no existing one."""
    creator = replace(call, may_overwrite=False)
    make("/f", by=creator)
    with pytest.raises(StorageError) as refusal:
        make("/f", by=creator)
    assert refusal.value.code == "AuthorizationPermissionMismatch"


@pytest.mark.parametrize("rights", ["-wx", "rwx"])
@pytest.mark.fidelity("documented", ACL)
def test_creating_needs_write_and_execute_on_the_parent(call, by, make, rights):
    """Whoever lacks `w` or `x` on the directory creates nothing in it; a role that writes needs neither."""
    make("/d/")
    for given in ("r-x", "rw-"):
        access.set_access(call, "/d", Conditions(), entries=parse_spec(f"user:alice:{given},mask::rwx"))
        with pytest.raises(Denied):
            make("/d/f", by=by("alice"))
    make("/d/g", by=by("bob", role="contributor"))
    access.set_access(call, "/d", Conditions(), entries=parse_spec(f"user:alice:{rights},mask::rwx"))
    access.set_access(call, "/", Conditions(), entries=parse_spec("user:alice:--x,mask::rwx"))
    assert make("/d/f", by=by("alice")).owner == "alice"
