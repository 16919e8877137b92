"""Deleted items through the hook."""

import json

import pytest

from airflow_provider_adls.model.errors import PathExistsError, PathNotFoundError


@pytest.fixture
def deleted(hook, trash):
    """Two files of one path, another one, and a directory, deleted one after the other."""
    for content in ("first", "second"):
        hook.write_file("/a/1", content)
        hook.delete_paths("/a/1")
    hook.write_file("/a/2", "other")
    hook.write_file("/d/3", "deep")
    hook.delete_paths(["/a/2", "/d"], recursive=True)
    return hook


def test_list(deleted, account):
    """What was deleted is listed, the last first, in the form that was asked."""
    found = deleted.list_trash()
    assert found == json.loads(json.dumps(found))
    assert sorted(item["path"] for item in found) == ["/a/1", "/a/1", "/a/2", "/d"]
    assert [item["deleted"] for item in found] == sorted((item["deleted"] for item in found), reverse=True)
    assert {item["path"]: item["type"] for item in found}["/d"] == "directory"
    (one,) = deleted.list_trash(f"adl://{account}/a/2")
    assert one["path"] == f"adl://{account}.azuredatalakestore.net/a/2"
    assert len(deleted.list_trash("/a", limit=2)) == 2


def test_restore(deleted):
    """The last item of a path comes back, once; a second try finds it back."""
    done = deleted.restore_path("/a/1")
    assert (done["path"], done["type"], done["restored"]) == ("/a/1", "file", True)
    assert deleted.read_file("/a/1") == "second"
    deleted.restore_path("/d")
    assert deleted.read_file("/d/3") == "deep"
    assert deleted.restore_path("/d")["restored"] is False


def test_restore_an_older_one_elsewhere(deleted):
    """One of several items is named by its token, and may get another path."""
    old = deleted.list_trash("/a/1")[-1]["token"]
    assert deleted.restore_path("/a/1", destination="/back/1", token=old)["path"] == "/back/1"
    assert deleted.read_file("/back/1") == "first"


def test_restore_where_something_is(deleted):
    """An existing file stays, or is replaced, or stands beside the copy."""
    deleted.write_file("/a/2", "new")
    for preview in (False, True):
        with pytest.raises(PathExistsError, match="if_exists may be overwrite or copy"):
            deleted.restore_path("/a/2", preview=preview)
    assert deleted.restore_path("/a/2", if_exists="copy")["restored"] is True
    assert (deleted.read_file("/a/2"), len(deleted.list_paths("/a"))) == ("new", 2)
    deleted.write_file("/a/1", "new")
    deleted.restore_path("/a/1", if_exists="overwrite")
    assert deleted.read_file("/a/1") == "second"


def test_preview(deleted):
    """A preview says what would be restored, and restores nothing."""
    seen = deleted.restore_path("/d", preview=True)
    assert (seen["preview"], seen["type"], seen["restored"]) == (True, "directory", True)
    assert not deleted.exists("/d")


def test_wrong(deleted):
    """A path that was never deleted is an error, and so is an impossible destination."""
    with pytest.raises(PathNotFoundError, match="/nowhere"):
        deleted.restore_path("/nowhere")
    with pytest.raises(ValueError, match="another account"):
        deleted.restore_path("/a/1", destination="adl://otherlake/a/1")
    with pytest.raises(ValueError, match="if_exists"):
        deleted.restore_path("/a/1", if_exists="replace")


def test_hidden_files_are_not_listed(hook):
    """Notes of work and parts of uploads, which are deleted by their own work, are nothing to bring back."""
    hook.append_to_file("/f", "one", once="task")
    assert hook.list_trash() == []
