from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.gen2.errors import StorageError
from airflow_provider_adls.emulator.rules.gen2 import access, content, listing
from airflow_provider_adls.emulator.rules.gen2.access import shown_acl, shown_permission
from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions
from airflow_provider_adls.emulator.rules.refusals import Denied, Invalid
from airflow_provider_adls.model.acl import parse_spec

ANY = Conditions()
ACL = "learn.microsoft.com, Access control lists in Azure Data Lake Storage"
ROLES = "learn.microsoft.com, Access control model in Azure Data Lake Storage"


def set_acl(call, path: str, text: str) -> None:
    access.set_access(call, path, ANY, entries=parse_spec(text))


def change(
    call, mode, text: str, path: str = "/d", *, start: str = "", limit: int = 100, force: bool = False
):
    entries = parse_spec(text, rights=mode != "remove")
    return access.change_tree(call, path, mode, entries, start=start, limit=limit, force=force)


@pytest.mark.fidelity("recorded")
def test_a_set_acl_takes_the_place_of_the_old_one(call, make):
    """Entries are replaced, the version stays; those of owner, group and other may be left out."""
    node = make("/d/")
    set_acl(call, "/d", "user::rwx,group::r-x,other::-w-,user:alice:rw-,default:user:bob:r--")
    set_acl(call, "/d", "user:carol:--x")
    after = call.get("/d")
    assert shown_acl(after) == "user::rwx,user:carol:--x,group::r-x,mask::r-x,other::-w-"
    assert (after.etag, after.modified) == (node.etag, node.modified)


@pytest.mark.fidelity("recorded")
def test_the_permission_shows_the_mask(call, make):
    """With named entries the middle triple is the mask, and a plus follows."""
    make("/f")
    set_acl(call, "/f", "user::rwx,group::r--,other::---,user:alice:-wx")
    assert shown_permission(call.get("/f")) == "rwxrwx---+"
    access.set_access(call, "/f", ANY, permission=0o1640)
    assert shown_permission(call.get("/f")) == "rw-r----T+"
    assert "group::r--" in shown_acl(call.get("/f"))


@pytest.mark.fidelity("documented", ACL)
def test_a_file_has_no_default_entries(call, make):
    """A default entry for one file is refused."""
    make("/f")
    with pytest.raises(Invalid):
        set_acl(call, "/f", "default:user:alice:rwx")


@pytest.mark.fidelity("recorded")
def test_a_tree_is_changed_in_batches(call, make):
    """A batch changes the directory first, then the paths under it in the order of listings."""
    make("/d/a/f")
    make("/d/b")
    first = change(call, "modify", "user:alice:r-x", limit=2)
    assert (first.directories, first.files, first.rest) == (2, 0, "/d/a/f")
    assert "alice" not in shown_acl(call.get("/d/b"))
    rest = change(call, "modify", "user:alice:r-x", start=first.rest)
    assert (rest.directories, rest.files, rest.rest) == (0, 2, None)
    assert all("user:alice:r-x" in shown_acl(call.get(path)) for path in ("/d", "/d/a", "/d/a/f", "/d/b"))


@pytest.mark.fidelity("recorded")
def test_the_modes_of_a_change(call, make):
    """Set replaces, modify adds and changes, remove takes away; files skip default entries."""
    make("/d/f")
    change(call, "modify", "user:alice:r-x,default:user:bob:rwx")
    change(call, "modify", "user:alice:rwx")
    assert shown_acl(call.get("/d/f")) == "user::rw-,user:alice:rwx,group::r--,mask::rwx,other::---"
    assert "default:user:bob:rwx" in shown_acl(call.get("/d"))
    change(call, "remove", "user:alice,mask,default:user:bob,default:mask")
    assert shown_acl(call.get("/d/f")) == "user::rw-,group::r--,other::---"
    assert "bob" not in shown_acl(call.get("/d"))
    change(call, "set", "user::r--,group::---,other::---,user:carol:r--")
    assert shown_acl(call.get("/d/f")) == "user::r--,user:carol:r--,group::---,mask::r--,other::---"


@pytest.mark.fidelity("recorded")
def test_a_change_works_on_a_single_file(call, make):
    """The path of a tree may be a file."""
    make("/f")
    batch = change(call, "modify", "user:alice:r--", "/f")
    assert (batch.directories, batch.files, batch.rest) == (0, 1, None)


@pytest.mark.parametrize("force", [True, False])
@pytest.mark.fidelity("recorded")
def test_what_others_own_is_not_changed(call, by, make, force):
    """A path that is not the caller's is reported; the batch is the last one, unless the caller goes on."""
    set_acl(call, "/", "user:alice:rwx,mask::rwx")
    make("/d/", by=by("alice"))
    set_acl(call, "/d", "user::rwx,group::rwx,other::rwx")
    make("/d/a", by=by("alice"))
    make("/d/b")
    make("/d/c", by=by("alice"))
    batch = change(by("alice"), "modify", "user:bob:r--", limit=3, force=force)
    assert batch.failures == [access.Failure("/d/b", directory=False)]
    assert (batch.directories, batch.files, batch.rest) == (1, 1, "/d/c" if force else None)


@pytest.mark.fidelity("documented", ACL)
def test_who_may_change_an_acl(call, by, make):
    """The owner may, and a super user; a role that writes data may not. Owners stay owners."""
    set_acl(call, "/", "user:alice:rwx,mask::rwx")
    make("/f", by=by("alice"))
    access.set_access(by("alice", "team"), "/f", ANY, permission=0o600, group="team")
    for caller, values in (
        (by("bob", role="contributor"), {"permission": 0o777}),
        (by("alice"), {"owner": "bob"}),
        (by("alice"), {"group": "others"}),
    ):
        with pytest.raises(StorageError) as refusal:
            access.set_access(caller, "/f", ANY, **values)
        assert refusal.value.code == "AuthorizationPermissionMismatch"
    access.set_access(call, "/f", ANY, owner="bob")
    assert (call.get("/f").owner, call.get("/f").group) == ("bob", "team")


@pytest.mark.fidelity("documented", ROLES)
def test_roles_come_before_acls(call, by, make):
    """Contributor reads and writes, Reader reads, whatever the ACLs say; without a role ACLs decide."""
    make("/d/f", b"abc")
    for role in ("contributor", "reader"):
        caller = by("bob", role=role)
        assert content.demand_read(caller, "/d/f", ANY, "").synced == 3
        assert listing.list_paths(caller, "/d", recursive=True, start="", size=10)[0]
    with pytest.raises(Denied):
        make("/d/g", by=by("bob", role="reader"))
    with pytest.raises(Denied):
        content.demand_read(by("bob"), "/d/f", ANY, "")
    for path in ("/", "/d"):
        set_acl(call, path, "user:bob:--x,mask::rwx")
    set_acl(call, "/d/f", "user:bob:r--,mask::rwx")
    assert content.demand_read(by("bob"), "/d/f", ANY, "").synced == 3


@pytest.mark.fidelity("documented", "Hadoop's ABFS")
def test_access_can_be_asked_for(call, by, make):
    """The caller's rights on a path are what its ACL gives."""
    make("/f")
    set_acl(call, "/", "user:bob:--x,mask::rwx")
    set_acl(call, "/f", "user:bob:r--,mask::rwx")
    access.check(by("bob"), "/f", 4)
    with pytest.raises(Denied):
        access.check(by("bob"), "/f", 6)
