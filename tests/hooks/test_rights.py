"""Rights through the hook: of one path, of many, and of trees."""

import json
import uuid

import pytest

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.model.errors import AccessDeniedError, PathNotFoundError

SOMEONE = "11111111-2222-3333-4444-555555555555"
NOTHING_FAILED = {"failed": 0, "failures": []}


@pytest.fixture
def tree(hook):
    """Three files in two directories, and a file beside them."""
    for name in ("/t/1.csv", "/t/2.csv", "/t/a/3.csv", "/u.csv"):
        hook.write_file(name, name)
    return hook


@pytest.fixture
def stranger(emulator, connect):
    """A hook of a principal that is nobody's super user, and its object id."""
    client_id, secret = str(uuid.uuid4()), "stranger~Secret.0123456789"
    principal = emulator.add_principal(client_id, secret)
    return ADLSGen1Hook(connect("stranger", login=client_id, password=secret)), principal.object_id


def permissions(hook):
    found = hook.filesystem.find("/t", withdirs=True, detail=True)
    return {name: info["permission"] for name, info in found.items()}


def entries(hook, path):
    return set(hook.get_acl(path)["entries"])


def test_permission(tree):
    """One path, a glob and a list of paths get a permission, which is judged first."""
    assert tree.set_permission("/t", "750") == {"directories": 1, "files": 0, **NOTHING_FAILED}
    assert tree.set_permission("/t/*.csv", "640") == {"directories": 0, "files": 2, **NOTHING_FAILED}
    assert tree.set_permission(["/t/a", "/u.csv"], "o+rX") == {
        "directories": 1,
        "files": 1,
        **NOTHING_FAILED,
    }
    assert permissions(tree) == {
        "/t": "750",
        "/t/1.csv": "640",
        "/t/2.csv": "640",
        "/t/a": "775",
        "/t/a/3.csv": "770",
    }
    with pytest.raises(ValueError, match="octal"):
        tree.set_permission("/t", "rwxr-x---")


def test_permission_of_a_tree(tree):
    """With ``X`` a whole tree is given to read, and only directories to enter."""
    tree.set_permission("/t", "600", recursive=True)
    done = tree.set_permission("/t", "u=rwX,g=rX,o=", recursive=True)
    assert done == json.loads(json.dumps(done)) == {"directories": 2, "files": 3, **NOTHING_FAILED}
    assert permissions(tree) == {
        "/t": "750",
        "/t/1.csv": "640",
        "/t/2.csv": "640",
        "/t/a": "750",
        "/t/a/3.csv": "640",
    }


def test_preview(tree):
    """What would be changed is counted and named, and nothing is."""
    before = permissions(tree)
    assert tree.set_permission("/t", "700", recursive=True, preview=True) == {
        "preview": True,
        "directories": 2,
        "files": 3,
        **NOTHING_FAILED,
        "paths": ["/t", "/t/1.csv", "/t/2.csv", "/t/a", "/t/a/3.csv"],
    }
    assert permissions(tree) == before


def test_form_that_was_asked(tree, account):
    """A URL is answered with URLs."""
    seen = tree.set_permission(f"adl://{account}/t/1.csv", "700", preview=True)
    assert seen["paths"] == [f"adl://{account}.azuredatalakestore.net/t/1.csv"]


def test_nothing(tree):
    """A path has to be there, before anything is changed; a glob may match nothing."""
    with pytest.raises(PathNotFoundError, match="/nowhere"):
        tree.set_permission(["/u.csv", "/nowhere"], "700")
    assert tree.filesystem.info("/u.csv")["permission"] == "770"
    assert tree.set_permission("/t/*.parquet", "700") == {"directories": 0, "files": 0, **NOTHING_FAILED}


def test_owner(tree):
    """Owner and group of a tree."""
    assert tree.set_owner("/t", owner=SOMEONE, group=SOMEONE, recursive=True)["files"] == 3
    found = tree.filesystem.find("/t", withdirs=True, detail=True)
    assert {(info["owner"], info["group"]) for info in found.values()} == {(SOMEONE, SOMEONE)}
    with pytest.raises(ValueError, match="owner"):
        tree.set_owner("/t")


def test_acl_of_a_path(tree):
    """An access control list is set, changed, and taken away, entry by entry and as a whole."""
    tree.set_acl("/t", f"user::rwx,group::r-x,other::---,user:{SOMEONE}:rw-")
    assert f"user:{SOMEONE}:rw-" in entries(tree, "/t")
    tree.modify_acl("/t", [f"user:{SOMEONE}:r--", f"default:user:{SOMEONE}:r-x"])
    assert {f"user:{SOMEONE}:r--", f"default:user:{SOMEONE}:r-x"} < entries(tree, "/t")
    tree.remove_acl_entries("/t", f"user:{SOMEONE}")
    assert f"user:{SOMEONE}:r--" not in entries(tree, "/t")
    tree.remove_default_acl("/t")
    assert not any(entry.startswith("default:") for entry in entries(tree, "/t"))
    tree.remove_acl("/t")
    assert [entry.split(":")[0] for entry in tree.get_acl("/t")["entries"]] == ["user", "group", "other"]
    with pytest.raises(ValueError, match="ACL entry 'nobody'"):
        tree.modify_acl("/t", "nobody")


def test_acl_of_a_tree(tree):
    """Directories get the default entries too, files only those for themselves."""
    acl = f"user:{SOMEONE}:r-x,default:user:{SOMEONE}:r-x"
    assert tree.modify_acl("/t", acl, recursive=True) == {"directories": 2, "files": 3, **NOTHING_FAILED}
    for path in ("/t", "/t/a"):
        assert set(acl.split(",")) < entries(tree, path)
    for path in ("/t/1.csv", "/t/a/3.csv"):
        assert f"user:{SOMEONE}:r-x" in entries(tree, path)
    assert tree.remove_acl_entries("/t", f"default:user:{SOMEONE}", recursive=True)["files"] == 0
    assert tree.remove_default_acl("/t", recursive=True) == {
        "directories": 2,
        "files": 0,
        **NOTHING_FAILED,
    }
    assert tree.remove_acl("/t", recursive=True)["files"] == 3
    assert entries(tree, "/t/a") == {"user::rwx", "group::rwx", "other::---"}


def test_own_rights_taken_away(tree, stranger):
    """Who takes his own rights on a tree away comes to the end of it."""
    hook, object_id = stranger
    tree.set_permission("/", "771")
    tree.set_owner("/t", owner=object_id, recursive=True)
    assert hook.set_permission("/t", "000", recursive=True)["files"] == 3
    assert set(permissions(tree).values()) == {"0"}


def test_failures_are_counted(tree, stranger):
    """With `continue_on_failure` the others are changed where one cannot be, and the summary names it."""
    hook, object_id = stranger
    tree.set_permission("/", "771")
    tree.set_owner(["/t", "/t/2.csv", "/t/a/3.csv"], owner=object_id)
    done = hook.set_permission("/t", "711", recursive=True, continue_on_failure=True)
    assert (done["directories"], done["files"], done["failed"]) == (1, 1, 3)
    assert sorted(failure["path"] for failure in done["failures"]) == ["/t/1.csv", "/t/a", "/t/a"]
    assert all("AccessControlException" in failure["error"] for failure in done["failures"])
    assert permissions(tree)["/t/2.csv"] == "711"


def test_first_failure_stops(tree, stranger):
    """Without that the first failure is raised."""
    hook, object_id = stranger
    tree.set_permission("/", "771")
    tree.set_owner(["/t", "/t/2.csv"], owner=object_id)
    with pytest.raises(AccessDeniedError, match="/t"):
        hook.set_permission("/t", "711", recursive=True)


def test_a_path_that_vanishes_meanwhile_is_passed_over(tree, mocker):
    """A file that is removed between the listing and the change is not missed."""
    client = type(tree.filesystem.client)
    set_permission = client.set_permission

    async def racing(self, path, permission):
        if path == "/t/2.csv":
            await self.delete(path)
        await set_permission(self, path, permission)

    mocker.patch.object(client, "set_permission", racing)
    assert tree.set_permission("/t", "711", recursive=True) == {
        "directories": 2,
        "files": 2,
        **NOTHING_FAILED,
    }


def test_many(hook):
    """A tree of some hundred files is changed to its last one, and its failures are bounded."""
    for number in range(120):
        hook.filesystem.pipe(f"/many/{number % 7}/{number}", b"")
    assert hook.set_permission("/many", "711", recursive=True)["files"] == 120
    assert len(hook.set_permission("/many", "711", recursive=True, preview=True)["paths"]) == 100
    found = hook.filesystem.find("/many", detail=True)
    assert {info["permission"] for info in found.values()} == {"711"}
