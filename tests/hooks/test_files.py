"""Directories and files through the hook."""

import pytest

from airflow_provider_adls.model.errors import PathError, PathExistsError, PathNotFoundError, ServiceError


@pytest.fixture
def tree(hook):
    """Seven files in directories, beside an empty directory."""
    for name in ("/t/1.csv", "/t/2.csv", "/t/2.txt", "/t/a/1.csv", "/t/a/b/1.csv", "/t/c/3.csv", "/u.csv"):
        hook.filesystem.pipe(name, name.encode())
    hook.make_directory("/t/empty")
    return hook


def content(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def test_make_directory(hook, account):
    """A directory is made with those above it, and returned in the form that was asked."""
    assert hook.make_directory("/a/b/") == "/a/b"
    assert hook.make_directory(f"adl://{account}/a/c") == f"adl://{account}.azuredatalakestore.net/a/c"
    assert hook.filesystem.ls("/a", detail=False) == ["/a/b", "/a/c"]


def test_make_directory_with_permission(hook):
    """A new directory has the permission; one that is there keeps its own."""
    hook.make_directory("/a", permission="750")
    hook.make_directory("/a", permission="700")
    assert hook.filesystem.info("/a")["permission"] == "750"


@pytest.mark.parametrize("permission", [None, "750"])
def test_make_directory_where_a_file_is(hook, permission):
    """A file is not taken for the directory."""
    hook.filesystem.pipe("/a", b"")
    with pytest.raises(PathExistsError):
        hook.make_directory("/a", permission=permission)


@pytest.mark.parametrize(
    ("path", "options", "expected"),
    [
        ("/t", {}, ["/t/1.csv", "/t/2.csv", "/t/2.txt"]),
        (
            "/t/",
            {"include_directories": True},
            ["/t/1.csv", "/t/2.csv", "/t/2.txt", "/t/a", "/t/c", "/t/empty"],
        ),
        ("/t/a", {"recursive": True}, ["/t/a/1.csv", "/t/a/b/1.csv"]),
        ("/t/a", {"recursive": True, "include_directories": True}, ["/t/a/1.csv", "/t/a/b", "/t/a/b/1.csv"]),
        ("/t/1.csv", {}, ["/t/1.csv"]),
        ("/t/*.csv", {}, ["/t/1.csv", "/t/2.csv"]),
        ("/t/[12].t?t", {}, ["/t/2.txt"]),
        ("/t/**/1.csv", {}, ["/t/1.csv", "/t/a/1.csv", "/t/a/b/1.csv"]),
        ("/t/[ac]", {"recursive": True}, ["/t/a/1.csv", "/t/a/b/1.csv", "/t/c/3.csv"]),
        ("/t/*/*", {"include_directories": True}, ["/t/a/1.csv", "/t/a/b", "/t/c/3.csv"]),
        ("/", {}, ["/u.csv"]),
        ("/t/empty", {}, []),
        ("/t/*.parquet", {}, []),
    ],
)
def test_list(tree, path, options, expected):
    """Files of a directory, a tree or a glob, sorted; directories where they are asked for."""
    assert tree.list_paths(path, **options) == expected


def test_list_in_another_form(tree, account):
    """A URL is answered with URLs, also for an account that is not the hook's own."""
    assert tree.list_paths(f"adl://{account}/t/*.txt") == [f"adl://{account}.azuredatalakestore.net/t/2.txt"]


def test_list_missing(hook):
    """A path that is not a glob has to exist."""
    with pytest.raises(PathNotFoundError):
        hook.list_paths("/nowhere")


def test_delete_file(tree):
    """A file is deleted, and counted; a second time it is not there, which is right."""
    assert tree.delete_paths("/t/1.csv")["deleted"] == 1
    assert tree.delete_paths("/t/1.csv")["deleted"] == 0
    assert not tree.filesystem.exists("/t/1.csv")


@pytest.mark.parametrize("path", ["/nowhere", "/no*where", ["/t/1.csv", "/nowhere"]])
def test_delete_missing(tree, path):
    """Nothing there is an error, where that is asked for."""
    with pytest.raises(PathNotFoundError):
        tree.delete_paths(path, ignore_if_missing=False)


def test_delete_directory(tree):
    """A directory with something in it is deleted only where that is asked for; an empty one always."""
    with pytest.raises(ServiceError):
        tree.delete_paths("/t")
    assert tree.delete_paths("/t/empty")["deleted"] == 1
    assert tree.delete_paths("/t", recursive=True)["deleted"] == 1
    assert tree.list_paths("/", include_directories=True) == ["/u.csv"]


def test_delete_glob(tree):
    """A glob deletes what it matches; what lies in a matched directory goes with that."""
    assert tree.delete_paths("/t/*.csv")["deleted"] == 2
    assert tree.delete_paths("/t/**", recursive=True)["deleted"] >= 1
    assert tree.list_paths("/", recursive=True) == ["/u.csv"]


def test_delete_takes_what_a_listing_found(hook):
    """Names that look like globs are deleted as they stand, and nothing else is."""
    for name in ("/g/[1]*.csv", "/g/1x.csv", "/g/*", "/g/other"):
        hook.filesystem.pipe(name, b"")
    assert hook.delete_paths(["/g/[1]*.csv", "/g/*"], recursive=True)["deleted"] == 2
    assert hook.delete_paths("/g/[1]*.csv")["deleted"] == 1
    assert hook.list_paths("/g") == ["/g/other"]


@pytest.mark.parametrize("path", ["/", "adl://{account}/", ["/u.csv", "/."]])
def test_delete_root(tree, account, path):
    """The root of an account is never deleted."""
    with pytest.raises(PathError, match="root"):
        tree.delete_paths(path.format(account=account) if isinstance(path, str) else path, recursive=True)
    assert tree.filesystem.exists("/t/1.csv")


UNFINISHED = f".{'0a' * 16}.part"


def test_a_file_that_is_not_whole_is_not_there(hook, tmp_path):
    """A file that an upload or download is writing, or left behind when killed, is not listed."""
    for path in ("/t/file", f"/t/{UNFINISHED}", f"/t/a/{UNFINISHED}"):
        hook.filesystem.pipe(path, b"half")
    for path in ("/t", "/t/*", "/t/**", "adl://{account_name}/t"):
        found = hook.list_paths(path.format(account_name=hook.account_name), recursive=True)
        assert [one.rpartition("/")[2] for one in found] == ["file"]
    assert hook.list_paths("/t") == hook.find_paths("/t/f*") == ["/t/file"]
    hook.download("/t", f"{tmp_path}/t")
    assert content(tmp_path / "t") == {"a": None, "file": b"half"}
    (tmp_path / "t" / UNFINISHED).write_bytes(b"")
    assert hook.upload(f"{tmp_path}/t", "/again")["files"] == 1


def test_an_unfinished_file_can_be_removed(hook):
    """By its name, and by a glob that says its dot; one that does not leaves others their uploads."""
    for directory in ("/a", "/b"):
        hook.filesystem.pipe(f"{directory}/{UNFINISHED}", b"half")
    assert hook.delete_paths("/a/*")["deleted"] == 0
    assert hook.delete_paths("/a/.*.part")["paths"] == [f"/a/{UNFINISHED}"]
    assert hook.delete_paths(f"/b/{UNFINISHED}")["deleted"] == 1
