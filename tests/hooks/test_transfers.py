"""Uploads and downloads through the hook."""

import json

import pytest

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.lake.hidden import unfinished_name
from airflow_provider_adls.model.errors import (
    PathExistsError,
    PathNotFoundError,
    SecretRejectedError,
    SourceChangedError,
)
from airflow_provider_adls.transfer.lake import LakeStore
from airflow_provider_adls.transfer.local import LocalStore

#: Names that a path, a URL or a glob could take for something else.
ODD = (
    "a b.csv",
    "ä€𝄞.csv",
    "100%.csv",
    "a+b.csv",
    "a#b.csv",
    "a?b.csv",
    "[1]*.csv",
    "a,b&c=d.csv",
    "%20.csv",
)


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


def done(path, size, *paths):
    """The summary of a transfer that copied some files, and did nothing else."""
    counts = {"files": len(paths), "bytes": size, "skipped": 0, "failed": 0, "deleted": 0, "path": path}
    return counts | ({"paths": sorted(paths)} if paths else {})


def test_upload_file(hook, tmp_path):
    """A file becomes the path, or goes below one that ends with a slash."""
    source = tmp_path / "day.csv"
    source.write_bytes(b"1,2")
    for path, expected in (("/raw/first.csv", "/raw/first.csv"), ("/raw/", "/raw/day.csv")):
        assert hook.upload(str(source), path) == done(expected, 3, expected)
    assert hook.upload(str(source), "/")["path"] == "/day.csv"
    assert hook.list_paths("/", recursive=True) == ["/day.csv", "/raw/day.csv", "/raw/first.csv"]


def test_round_trip_of_a_tree(hook, tmp_path):
    """A tree comes back as it went: odd names, empty files, empty directories."""
    source, target = tmp_path / "source", tmp_path / "target"
    for number, name in enumerate(ODD):
        file = source / f"d{number % 3}" / "x y" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x" * number)
    (source / "empty" / "deeper").mkdir(parents=True)
    summary = hook.upload(str(source), "/tree")
    names = [f"d{number % 3}/x y/{name}" for number, name in enumerate(ODD)]
    assert summary == done("/tree", sum(range(len(ODD))), *(f"/tree/{name}" for name in names))
    assert summary == json.loads(json.dumps(summary))
    assert hook.download("/tree", str(target))["paths"] == sorted(f"{target}/{name}" for name in names)
    assert content(target) == content(source)


def test_round_trip_by_url(hook, account, tmp_path):
    """URLs work on both ways."""
    source = tmp_path / "a.csv"
    source.write_bytes(b"a")
    assert hook.upload(str(source), f"adl://{account}/x/a.csv")["path"] == (
        f"adl://{account}.azuredatalakestore.net/x/a.csv"
    )
    hook.download(f"adl://{account}.azuredatalakestore.net/x/a.csv", str(tmp_path / "b.csv"))
    assert (tmp_path / "b.csv").read_bytes() == b"a"


def test_upload_glob_keeps_the_shape(hook, tmp_path):
    """What a glob matches goes below the path in the shape that it has from the first wildcard on."""
    for name in ("in/a/day.csv", "in/b/day.csv", "in/b/day.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    hook.upload(f"{tmp_path}/in/*/day.csv", "/out")
    assert hook.list_paths("/out", recursive=True) == ["/out/a/day.csv", "/out/b/day.csv"]


def test_download_glob_keeps_the_shape(tree, tmp_path):
    """The same the other way round; a directory that is matched comes with what it holds."""
    tree.download("/t/[ac]*", str(tmp_path))
    assert content(tmp_path) == {
        "a": None,
        "a/1.csv": b"/t/a/1.csv",
        "a/b": None,
        "a/b/1.csv": b"/t/a/b/1.csv",
        "c": None,
        "c/3.csv": b"/t/c/3.csv",
    }


def test_download_file(tree, tmp_path):
    """A file becomes the path, or goes below one that ends with a slash; folders above it are made."""
    assert tree.download("/u.csv", f"{tmp_path}/x/y.csv")["path"] == f"{tmp_path}/x/y.csv"
    assert tree.download("/u.csv", f"{tmp_path}/x/")["path"] == f"{tmp_path}/x/u.csv"
    assert content(tmp_path / "x") == {"y.csv": b"/u.csv", "u.csv": b"/u.csv"}


def test_download_file_to_a_directory(tree, tmp_path):
    """A directory where the file is to be is an error that says what to write."""
    with pytest.raises(IsADirectoryError, match="for a file to go into it"):
        tree.download("/u.csv", str(tmp_path))


def test_upload_nothing(hook, tmp_path):
    """Nothing to upload is an error, for a path and for a glob."""
    for path in ("nowhere", "*.csv"):
        with pytest.raises(FileNotFoundError, match="nothing on this machine"):
            hook.upload(f"{tmp_path}/{path}", "/raw")


@pytest.mark.parametrize("path", ["/nowhere", "/t/*.parquet"])
def test_download_nothing(tree, path, tmp_path):
    """Nothing to download is an error, for a path and for a glob."""
    with pytest.raises(PathNotFoundError):
        tree.download(path, str(tmp_path / "x"))


def test_empty_directories(hook, tmp_path):
    """An empty directory is made on the other side."""
    (tmp_path / "empty").mkdir()
    assert hook.upload(str(tmp_path / "empty"), "/e") == done("/e", 0)
    assert hook.filesystem.isdir("/e")
    hook.download("/e", str(tmp_path / "back"))
    assert (tmp_path / "back").is_dir()


def test_upload_without_overwriting(hook, tmp_path):
    """One file that is there stops the upload before anything is changed."""
    for name in ("a", "b", "c"):
        (tmp_path / name).write_bytes(b"new")
    hook.filesystem.pipe("/raw/b", b"old")
    with pytest.raises(PathExistsError, match=r"/raw/b .*it exists and may not be overwritten"):
        hook.upload(str(tmp_path), "/raw", overwrite=False)
    assert (hook.list_paths("/raw"), hook.filesystem.cat("/raw/b")) == (["/raw/b"], b"old")
    hook.upload(str(tmp_path), "/raw")
    assert hook.filesystem.cat("/raw/b") == b"new"
    hook.upload(str(tmp_path), "/fresh", overwrite=False)
    assert hook.list_paths("/fresh") == ["/fresh/a", "/fresh/b", "/fresh/c"]


def test_download_without_overwriting(tree, tmp_path):
    """One file that is there stops the download before anything is changed."""
    (tmp_path / "2.csv").write_bytes(b"old")
    with pytest.raises(FileExistsError, match=r"2\.csv: it exists and may not be overwritten"):
        tree.download("/t/*.csv", str(tmp_path), overwrite=False)
    assert content(tmp_path) == {"2.csv": b"old"}
    tree.download("/t/*.csv", str(tmp_path))
    assert content(tmp_path) == {"1.csv": b"/t/1.csv", "2.csv": b"/t/2.csv"}
    with pytest.raises(FileExistsError, match=r"1\.csv: it \(and 1 more\) exists"):
        tree.download("/t/*.csv", str(tmp_path), overwrite=False)


def test_repeating_is_harmless(tree, tmp_path):
    """The same transfers again give the same answers and the same files."""
    first = [tree.download("/t", str(tmp_path)), tree.upload(str(tmp_path), "/again")]
    assert [tree.download("/t", str(tmp_path)), tree.upload(str(tmp_path), "/again")] == first
    assert len(tree.list_paths("/again", recursive=True)) == 6


def test_existing_files_are_skipped(tree, tmp_path):
    """Files that are there may be passed over, so that a second try does what the first did not."""
    (tmp_path / "2.csv").write_bytes(b"old")
    summary = tree.download("/t/*.csv", str(tmp_path), overwrite=False, if_exists="skip")
    assert summary == done(str(tmp_path), 8, f"{tmp_path}/1.csv") | {
        "skipped": 1,
        "skipped_paths": [f"{tmp_path}/2.csv"],
    }
    assert content(tmp_path) == {"1.csv": b"/t/1.csv", "2.csv": b"old"}


def test_a_file_that_comes_after_it_was_looked_at(tree, mocker):
    """Where files that are there are passed over, so is one that another writer was faster with."""
    mocker.patch.object(LakeStore, "look", return_value=None)
    tree.filesystem.pipe("/new/1.csv", b"theirs")
    options = {"overwrite": False, "if_exists": "skip"}
    assert tree.copy("/t/*.csv", "/new", **options)["skipped_paths"] == ["/new/1.csv"]
    assert tree.filesystem.cat("/new/1.csv") == b"theirs"
    with pytest.raises(PathExistsError):
        tree.copy("/t/*.csv", "/new", overwrite=False)


def test_without_the_shape(tree, tmp_path):
    """All files of a tree may go into one directory, if no two of them have one name."""
    with pytest.raises(ValueError, match=r"/t/a/1\.csv and /t/a/b/1\.csv would both become .*/1\.csv"):
        tree.download("/t/a", str(tmp_path / "flat"), keep_directory_structure=False)
    assert not (tmp_path / "flat").exists()
    tree.download("/t/*/3.csv", str(tmp_path / "flat"), keep_directory_structure=False)
    assert content(tmp_path / "flat") == {"3.csv": b"/t/c/3.csv"}


def test_nothing_there_may_be_right(hook, tmp_path):
    """Nothing to copy is not an error with `ignore_if_missing`."""
    nothing = {"ignore_if_missing": True}
    assert hook.upload(f"{tmp_path}/*.csv", "/raw", **nothing) == done("/raw", 0)
    assert hook.download("/nowhere", f"{tmp_path}/x", **nothing) == done(f"{tmp_path}/x", 0)
    assert hook.copy("/no*where", "/raw", **nothing) == done("/raw", 0)
    assert hook.list_paths("/", include_directories=True) == []


def test_moving(tree, tmp_path):
    """Files are deleted when their copies exist, with the directories below the source that held them.

    The source stays, with its rights, and so does what was empty before, unless they are to go too.
    """
    tree.set_acl("/t", "user::rwx,group::r-x,other::---,user:reader:r-x")
    rights = tree.get_acl("/t")
    summary = tree.download("/t", str(tmp_path / "t"), delete_source=True)
    assert (summary["files"], summary["deleted"], len(summary["deleted_paths"])) == (6, 6, 6)
    assert tree.list_paths("/t", recursive=True, include_directories=True) == ["/t/empty"]
    assert tree.get_acl("/t") == rights
    tree.upload(str(tmp_path / "t"), "/back", delete_source=True)
    assert [path.name for path in (tmp_path / "t").iterdir()] == ["empty"]
    assert tree.filesystem.cat("/back/a/b/1.csv") == b"/t/a/b/1.csv"
    assert tree.filesystem.isdir("/back/empty")
    tree.copy("/back", "/whole", delete_source=True, delete_directories=True)
    assert not tree.filesystem.exists("/back")


def test_directories_that_a_glob_matches_stay(tree, tmp_path):
    """A directory that a glob matches is a source, and stays; what it held goes."""
    tree.download("/t/[ac]", str(tmp_path), delete_source=True)
    left = tree.list_paths("/t", recursive=True, include_directories=True)
    assert left == ["/t/1.csv", "/t/2.csv", "/t/2.txt", "/t/a", "/t/c", "/t/empty"]


def test_a_file_is_deleted_once(tree, tmp_path, asked):
    """What comes to the path of a moved file is another file, and stays."""
    tree.download("/u.csv", f"{tmp_path}/u.csv", delete_source=True)
    assert asked().count("DELETE") == 1


def test_moving_what_a_glob_matches(tree, tmp_path):
    """What a glob does not match stays, and so does the directory that it is in."""
    tree.download("/t/*.csv", str(tmp_path), delete_source=True)
    assert tree.list_paths("/t", include_directories=True) == ["/t/2.txt", "/t/a", "/t/c", "/t/empty"]


def test_a_source_that_changes_is_not_deleted(tree, tmp_path, mocker):
    """A file that was written to after it was copied stays."""
    (tmp_path / "f").write_bytes(b"old")
    real = LakeStore.put

    async def put(self, path, source, **options):
        size = await real(self, path, source, **options)
        (tmp_path / "f").write_bytes(b"newer")
        return size

    mocker.patch.object(LakeStore, "put", put)
    with pytest.raises(SourceChangedError):
        tree.upload(f"{tmp_path}/f", "/f", delete_source=True)
    assert (tmp_path / "f").read_bytes() == b"newer"


def test_a_copy_that_is_not_whole_deletes_nothing(tree, tmp_path, mocker):
    """A source is deleted only if its copy has its size."""
    mocker.patch.object(LocalStore, "put", return_value=8)
    with pytest.raises(SourceChangedError):
        tree.download("/t/1.csv", f"{tmp_path}/1.csv", delete_source=True)
    assert tree.filesystem.exists("/t/1.csv")


def test_failures_are_named_in_the_summary(tree, tmp_path):
    """With `ignore_failures` the files that cannot be copied are listed, and the others are copied."""
    (tmp_path / "1.csv" / "in the way").mkdir(parents=True)
    with pytest.raises(IsADirectoryError):
        tree.download("/t/*.csv", str(tmp_path))
    summary = tree.download("/t/*.csv", str(tmp_path), ignore_failures=True)
    error = f"IsADirectoryError: [Errno 21] Is a directory: '{tmp_path}/1.csv'"
    assert summary["failed_paths"] == [{"path": f"{tmp_path}/1.csv", "error": error}]
    assert (summary["files"], summary["failed"]) == (1, 1)
    assert summary == json.loads(json.dumps(summary))


def test_a_refused_sign_in_ends_a_transfer(tree, tmp_path, mocker):
    """A failure that no file could be copied with does not count as one file's."""
    mocker.patch.object(LakeStore, "source", side_effect=SecretRejectedError("no"))
    with pytest.raises(SecretRejectedError):
        tree.download("/t", str(tmp_path), ignore_failures=True)


def test_preview(tree, tmp_path):
    """A preview lists what would be copied, overwritten and deleted, and does none of it."""
    (tmp_path / "2.csv").write_bytes(b"old")
    summary = tree.download("/t/*.csv", str(tmp_path), preview=True, delete_source=True)
    paths = [f"{tmp_path}/1.csv", f"{tmp_path}/2.csv"]
    assert summary == done(str(tmp_path), 16, *paths) | {
        "deleted": 2,
        "deleted_paths": ["/t/1.csv", "/t/2.csv"],
        "overwritten": 1,
        "overwritten_paths": [f"{tmp_path}/2.csv"],
        "preview": True,
    }
    assert content(tmp_path) == {"2.csv": b"old"}
    assert tree.filesystem.exists("/t/1.csv")


@pytest.mark.parametrize(
    ("source", "target"),
    [("/u.csv", "/u.csv"), ("/t", "/t"), ("/t", "/t/below"), ("/u.csv", "/"), ("/", "/x")],
)
def test_copying_onto_itself(tree, source, target):
    """A file is not copied onto itself, nor a tree into itself; with `delete_source` it would be lost."""
    before = tree.list_paths("/", recursive=True)
    for way in ("{}", f"adl://{tree.account_name}{{}}"):
        with pytest.raises(ValueError, match="is to be copied"):
            tree.copy(source, way.format(target), delete_source=True)
    assert tree.list_paths("/", recursive=True) == before


def test_copying(tree):
    """Files, trees and globs are copied inside an account, of each size."""
    big = bytes(range(256)) * 2**14 + b"1"
    tree.filesystem.pipe("/t/big", big)
    tree.copy("/t", "/copy/of/t")
    copied = tree.list_paths("/copy", recursive=True)
    assert [path.removeprefix("/copy/of") for path in copied] == tree.list_paths("/t", recursive=True)
    assert tree.filesystem.cat("/copy/of/t/big") == big
    assert tree.filesystem.isdir("/copy/of/t/empty")
    assert tree.copy("/t/*.txt", "/")["paths"] == ["/2.txt"]


def test_copying_between_accounts(tree, other_account):
    """An account is copied to another, by its URL or by a connection of its own."""
    summary = tree.copy("/t", f"adl://{other_account}/t")
    assert summary["path"] == f"adl://{other_account}.azuredatalakestore.net/t"
    elsewhere = ADLSGen1Hook(tree.adls_gen1_conn_id, account_name=other_account)
    assert elsewhere.list_paths("/t", recursive=True) == tree.list_paths("/t", recursive=True)


def test_a_deep_and_long_path(hook, tmp_path):
    """A path of 1,000 characters goes there and back."""
    place = "/".join(["x" * 99] * 9) + "/" + "y" * 95
    source = tmp_path / "s"
    (source / place).parent.mkdir(parents=True)
    (source / place).write_bytes(b"1")
    hook.upload(str(source), "/d")
    hook.download("/d", str(tmp_path / "t"))
    assert (tmp_path / "t" / place).read_bytes() == b"1"


def test_what_a_killed_transfer_left_is_swept(hook, tmp_path):
    """The next transfer to a place removes what a dead one left there, on both sides, whatever it moves."""
    dead = f"{unfinished_name()[:17]}{'0' * 16}.part"
    hook.filesystem.pipe({f"/d/{dead}": b"half", "/s/f": b"1"})
    hook.copy("/s", "/d")
    assert hook.filesystem.ls("/d", detail=False) == ["/d/f"]
    (tmp_path / dead).write_bytes(b"half")
    hook.download("/s", str(tmp_path))
    assert content(tmp_path) == {"f": b"1"}
