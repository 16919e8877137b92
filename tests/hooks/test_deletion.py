"""Deletion through the hook, and its preview."""

import pytest

from airflow_provider_adls.model.errors import PathError, PathNotFoundError, ServiceError


@pytest.fixture
def tree(hook):
    """Six files in directories, beside an empty directory."""
    for name in ("/t/1.csv", "/t/2.csv", "/t/a/1.csv", "/t/a/b/1.csv", "/t/c/3.csv", "/u.csv"):
        hook.filesystem.pipe(name, name.encode())
    hook.make_directory("/t/empty")
    return hook


def everything(hook):
    return sorted(hook.filesystem.find("/", withdirs=True))


@pytest.mark.parametrize(
    ("path", "recursive", "paths"),
    [
        ("/t/1.csv", False, ["/t/1.csv"]),
        ("/t/*.csv", False, ["/t/1.csv", "/t/2.csv"]),
        ("/t", True, ["/t"]),
        (["/t/a", "/t/a/b/1.csv", "/u.csv"], True, ["/t/a", "/u.csv"]),
        (["/t/a/b", "/t/a/b/1.csv"], False, ["/t/a/b", "/t/a/b/1.csv"]),
        ("/t/empty", False, ["/t/empty"]),
        ("/t/*.parquet", False, []),
        (["/nowhere", "/u.csv"], False, ["/u.csv"]),
        ([], False, []),
    ],
)
def test_preview_is_what_happens(tree, path, recursive, paths):
    """A preview names what the deletion then removes, and changes nothing itself."""
    before = everything(tree)
    seen = tree.delete_paths(path, recursive=recursive, preview=True)
    assert seen == {"preview": True, "deleted": len(paths), "paths": paths}
    assert everything(tree) == before
    assert tree.delete_paths(path, recursive=recursive)["deleted"] == len(paths)
    assert set(before) - set(everything(tree)) == {
        one for one in before if any(one == path or one.startswith(f"{path}/") for path in paths)
    }


def test_preview_in_the_form_that_was_asked(tree, account):
    """A URL is answered with URLs, and a list may name several accounts."""
    url = f"adl://{account}.azuredatalakestore.net"
    seen = tree.delete_paths([f"adl://{account}/t/1.csv", "/t/2.csv"], preview=True)
    assert seen["paths"] == ["/t/2.csv", f"{url}/t/1.csv"]


def test_preview_names_no_more_than_a_result_can_hold(hook):
    """A hundred paths are named, and all are counted."""
    for number in range(103):
        hook.filesystem.pipe(f"/many/{number:03}", b"")
    seen = hook.delete_paths("/many/*", preview=True)
    assert (seen["deleted"], len(seen["paths"]), seen["paths"][-1]) == (103, 100, "/many/099")
    assert hook.delete_paths("/many/*")["deleted"] == 103


@pytest.mark.parametrize("preview", [False, True])
@pytest.mark.parametrize(
    ("path", "recursive", "error"),
    [("/t", False, ServiceError), (["/u.csv", "/"], True, PathError), ("/t/a*", False, ServiceError)],
)
def test_preview_refuses_what_is_refused(tree, path, recursive, error, preview):
    """What the deletion would not do, the preview does not promise."""
    before = everything(tree)
    with pytest.raises(error):
        tree.delete_paths(path, recursive=recursive, preview=preview)
    assert everything(tree) == before


@pytest.mark.parametrize("preview", [False, True])
def test_missing_paths_are_named_before_anything_is_deleted(tree, preview):
    """Of a list with a path where nothing is, nothing is deleted if that is not to be ignored."""
    with pytest.raises(PathNotFoundError, match="/nowhere"):
        tree.delete_paths(["/u.csv", "/nowhere"], ignore_if_missing=False, preview=preview)
    assert tree.filesystem.exists("/u.csv")


def test_list_of_a_directory_and_all_in_it(tree):
    """What a directory holds goes before it does, in whatever order the list has them."""
    paths = ["/t/a", "/t/a/b", "/t/a/1.csv", "/t/a/b/1.csv"]
    assert tree.delete_paths(paths)["deleted"] == 4
    assert not tree.filesystem.exists("/t/a")
