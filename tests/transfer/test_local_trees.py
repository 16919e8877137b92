"""What a path, tree or glob of this machine stands for."""

import os

import pytest

from airflow_provider_adls.lake.trees import File
from airflow_provider_adls.transfer import local_trees
from airflow_provider_adls.transfer.local_trees import local_entries


@pytest.fixture
def folder(tmp_path):
    for name in ("a/1", "a/b/2", "c/3", ".hidden"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "empty" / "deeper").mkdir(parents=True)
    return tmp_path


def files(path):
    return sorted(entry for entry in local_entries(str(path)) if isinstance(entry, File))


def places(path):
    return [file.place for file in files(path)]


def test_directory(folder):
    """A directory stands for everything in it, hidden files too."""
    found = files(folder)
    assert [(file.place, file.size) for file in found] == [
        (".hidden", 7),
        ("a/1", 3),
        ("a/b/2", 5),
        ("c/3", 3),
    ]
    assert found[1].path == str(folder / "a" / "1")
    assert found[1].modified == (folder / "a" / "1").stat().st_mtime
    assert [entry.place for entry in local_entries(str(folder)) if not isinstance(entry, File)] == [
        "empty/deeper"
    ]


def test_file(folder):
    """A file is its own root."""
    assert places(folder / "a" / "1") == [""]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*", ["a/1", "a/b/2", "c/3"]),
        ("*/1", ["a/1"]),
        ("a/*", ["1", "b/2"]),
        # The folder itself is matched too, and stands for everything in it.
        ("**", [".hidden", "a/1", "a/b/2", "c/3"]),
        ("**/[23]", ["a/b/2", "c/3"]),
        ("**/b/*", ["a/b/2"]),
        ("**/**/1", ["a/1"]),
        (".*", [".hidden"]),
        ("a/*/", ["b/2"]),
        ("[a]//b/?", ["a/b/2"]),
        ("a/../*/3", ["c/3"]),
        ("**/.h*", [".hidden"]),
    ],
)
def test_glob(folder, pattern, expected):
    """Places begin after the last directory without a wildcard; `*` takes no hidden files, as in a shell."""
    assert places(f"{folder}/{pattern}") == expected


def test_above_a_wildcard(folder):
    """A glob goes down from its first wildcard."""
    with pytest.raises(ValueError, match=r"/\*/\.\./c/\* has \.\. after a wildcard"):
        files(f"{folder}/*/../c/*")


def test_hidden_folders(folder):
    """What a glob names with a dot is matched, and a wildcard in it is not."""
    (folder / "c" / ".d" / ".e").mkdir(parents=True)
    for name in (".d/1", ".d/.2", ".d/.e/3"):
        (folder / "c" / name).write_text(name)
    assert places(f"{folder}/c/.d/*") == ["1"]
    assert places(f"{folder}/*/.d/.*") == ["c/.d/.2", "c/.d/.e/3"]
    assert places(f"{folder}/**/3") == ["c/3"]
    assert places(f"{folder}/c/.*") == [".d/.2", ".d/.e/3", ".d/1"]


def test_relative_paths(folder, monkeypatch):
    """A relative path or glob is looked for in the working folder, and ~ in the home."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    assert places("a") == ["1", "b/2"]
    assert places("a/*") == ["1", "b/2"]
    assert places("*/3") == ["c/3"]
    assert places("c*/3") == ["c/3"]
    assert places("~/c") == ["3"]


def test_a_name_that_looks_like_a_glob(tmp_path):
    """What exists is meant, before any glob."""
    for name in ("[1].csv", "1.csv"):
        (tmp_path / name).write_text(name)
    assert [file.path for file in files(f"{tmp_path}/[1].csv")] == [f"{tmp_path}/[1].csv"]


def test_links(folder):
    """Links to files and directories are followed, and may lead to the same twice."""
    (folder / "c" / "file").symlink_to(folder / "a" / "1")
    (folder / "c" / "folder").symlink_to(folder / "a")
    assert places(folder / "c") == ["3", "file", "folder/1", "folder/b/2"]


def test_a_link_that_goes_round(folder):
    """A link to a directory above it is an error, and no endless walk."""
    (folder / "a" / "b" / "up").symlink_to(folder)
    with pytest.raises(ValueError, match="leads back to a directory above it"):
        files(str(folder))


@pytest.mark.parametrize("pattern", ["**/*", "**/no-such-file", "a/**/b/*"])
def test_a_glob_where_links_go_round(folder, pattern):
    """Nor does a glob go round; with two such links there would be no end to it."""
    for name in ("up", "up-too"):
        (folder / "a" / "b" / name).symlink_to(folder)
    with pytest.raises(ValueError, match="leads back to a directory above it"):
        files(str(folder / pattern))


def test_a_folder_that_cannot_be_read(folder, mocker):
    """A glob does not pass over it, as if nothing were in it."""
    mocker.patch("os.scandir", side_effect=PermissionError("not yours"))
    with pytest.raises(PermissionError, match="not yours"):
        files(str(folder / "**" / "1"))


def test_a_link_to_nowhere(folder):
    """A link whose file is gone is an error, and not left out."""
    (folder / "gone").symlink_to(folder / "nowhere")
    with pytest.raises(FileNotFoundError):
        files(str(folder))


def test_a_pipe(folder):
    """What is neither file nor directory is an error: reading a pipe could take for ever."""
    os.mkfifo(folder / "pipe")
    with pytest.raises(ValueError, match="neither a file nor a directory"):
        files(str(folder))


def test_nothing(folder):
    """Nothing there is an error."""
    with pytest.raises(FileNotFoundError):
        files(f"{folder}/*.nothing")


def test_a_big_folder(folder, mocker):
    """Of the names of a folder no more than some are in memory; the order is theirs, and none is left out."""
    mocker.patch.object(local_trees, "_NAMES", 2)
    for number in range(7):
        (folder / "c" / f"{number}").write_text("")
    assert places(folder / "c") == [*"0123456"]
    assert places(folder / "c" / "*") == [*"0123456"]
