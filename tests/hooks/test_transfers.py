"""Uploads and downloads through the hook."""

import json

import pytest

from airflow_provider_adls.gen1.errors import PathExistsError, PathNotFoundError

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


def test_upload_file(hook, tmp_path):
    """A file becomes the path, or goes below one that ends with a slash."""
    source = tmp_path / "day.csv"
    source.write_bytes(b"1,2")
    assert hook.upload(str(source), "/raw/first.csv") == {"files": 1, "bytes": 3, "path": "/raw/first.csv"}
    assert hook.upload(str(source), "/raw/") == {"files": 1, "bytes": 3, "path": "/raw/day.csv"}
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
    done = hook.upload(str(source), "/tree")
    assert done == {"files": len(ODD), "bytes": sum(range(len(ODD))), "path": "/tree"}
    assert done == json.loads(json.dumps(done))
    assert hook.download("/tree", str(target)) == {**done, "path": str(target)}
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
    with pytest.raises(IsADirectoryError, match="for the file to go into it"):
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
    assert hook.upload(str(tmp_path / "empty"), "/e") == {"files": 0, "bytes": 0, "path": "/e"}
    assert hook.filesystem.isdir("/e")
    hook.download("/e", str(tmp_path / "back"))
    assert (tmp_path / "back").is_dir()


def test_upload_without_overwriting(hook, tmp_path):
    """One file that is there stops the upload before anything is changed."""
    for name in ("a", "b", "c"):
        (tmp_path / name).write_bytes(b"new")
    hook.filesystem.pipe("/raw/b", b"old")
    with pytest.raises(PathExistsError, match="/raw/b: it exists and may not be overwritten"):
        hook.upload(str(tmp_path), "/raw", overwrite=False)
    assert (hook.list_paths("/raw"), hook.filesystem.cat("/raw/b")) == (["/raw/b"], b"old")
    hook.upload(str(tmp_path), "/raw")
    assert hook.filesystem.cat("/raw/b") == b"new"
    hook.upload(str(tmp_path), "/fresh", overwrite=False)
    assert hook.list_paths("/fresh") == ["/fresh/a", "/fresh/b", "/fresh/c"]


def test_download_without_overwriting(tree, tmp_path):
    """One file that is there stops the download before anything is changed."""
    (tmp_path / "2.csv").write_bytes(b"old")
    with pytest.raises(FileExistsError, match=r"2\.csv exists and may not be overwritten"):
        tree.download("/t/*.csv", str(tmp_path), overwrite=False)
    assert content(tmp_path) == {"2.csv": b"old"}
    tree.download("/t/*.csv", str(tmp_path))
    assert content(tmp_path) == {"1.csv": b"/t/1.csv", "2.csv": b"/t/2.csv"}
    with pytest.raises(FileExistsError, match=r"1\.csv \(and 1 more\) exists"):
        tree.download("/t/*.csv", str(tmp_path), overwrite=False)


def test_repeating_is_harmless(tree, tmp_path):
    """The same transfers again give the same answers and the same files."""
    first = [tree.download("/t", str(tmp_path)), tree.upload(str(tmp_path), "/again")]
    assert [tree.download("/t", str(tmp_path)), tree.upload(str(tmp_path), "/again")] == first
    assert len(tree.list_paths("/again", recursive=True)) == 6
