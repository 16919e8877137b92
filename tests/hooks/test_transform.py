"""Transformation through the hook."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from airflow.providers.common.compat.sdk import AirflowException

from airflow_provider_adls.model.errors import PathExistsError, PathNotFoundError
from airflow_provider_adls.model.operations import MAX_BODY

UPPER = "import sys; data = open(sys.argv[1], 'rb').read(); open(sys.argv[2], 'wb').write(data.upper())"


def upper(source, destination):
    Path(destination).write_bytes(Path(source).read_bytes().upper())


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    """The folder for temporary files, in which nothing may be left."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


@pytest.fixture
def tree(hook):
    """Three files in directories, one of them empty."""
    for name, content in (("/in/a.csv", "a"), ("/in/d/b.csv", "b"), ("/in/empty.csv", "")):
        hook.write_file(name, content)
    return hook


KILLED = """
import os
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
ADLSGen1Hook().transform_files("/in/a.csv", "/out/a.csv", lambda *_: os.kill(os.getpid(), 9))
"""


def test_killed_worker(tree, temporary):
    """What a killed worker has left on the machine goes with the next transformation."""
    process = subprocess.run([sys.executable, "-c", KILLED], env={**os.environ, "TMPDIR": str(temporary)})
    assert process.returncode == -9
    assert len(list(temporary.iterdir())) == 1
    tree.transform_files("/in/a.csv", "/out/a.csv", upper)
    assert list(temporary.iterdir()) == []
    assert tree.list_paths("/", recursive=True) == ["/in/a.csv", "/in/d/b.csv", "/in/empty.csv", "/out/a.csv"]


@pytest.mark.parametrize("transform", [upper, [sys.executable, "-c", UPPER]], ids=["function", "command"])
def test_file(tree, transform):
    """A file becomes another, again and again."""
    for _ in range(2):
        assert tree.transform_files("/in/a.csv", "/out/a.txt", transform) == {
            "files": 1,
            "bytes_read": 1,
            "bytes_written": 1,
            "path": "/out/a.txt",
        }
    assert tree.read_file("/out/a.txt") == "A"


@pytest.mark.parametrize(
    ("source", "destination", "path", "expected"),
    [
        ("/in", "/out", "/out", {"/out/a.csv": "A", "/out/d/b.csv": "B", "/out/empty.csv": ""}),
        ("/in/*.csv", "/out", "/out", {"/out/a.csv": "A", "/out/empty.csv": ""}),
        ("/in/a.csv", "/out/", "/out/a.csv", {"/out/a.csv": "A"}),
        ("/in/a.csv", "/in/a.csv", "/in/a.csv", {"/in/a.csv": "A"}),
    ],
)
def test_files(tree, source, destination, path, expected):
    """A tree and a glob keep their shape; a name with a slash at its end is a directory."""
    assert tree.transform_files(source, destination, upper)["path"] == path
    assert {name: tree.read_file(name) for name in expected} == expected


def test_nobody_else_reads_it(tree):
    """What is on this machine meanwhile is its user's alone."""

    def private(old, new):
        assert Path(old).parents[1].stat().st_mode & 0o777 == 0o700
        upper(old, new)

    assert tree.transform_files("/in/a.csv", "/out/", private)["files"] == 1


def test_big_file(tree):
    """What is bigger than a request comes and goes whole."""
    tree.write_file("/in/big", b"x" * (MAX_BODY + 1))
    assert tree.transform_files("/in/big", "/out/big", upper)["bytes_written"] == MAX_BODY + 1
    assert tree.filesystem.cat("/out/big") == b"X" * (MAX_BODY + 1)


def test_names_and_arguments(tree):
    """A command gets both paths, which end in the files' names, and its own arguments on both sides."""
    code = "import sys, json; open(sys.argv[3], 'w').write(json.dumps(sys.argv[1:]))"
    tree.write_file("/in/ä b#%.csv", "1")
    tree.transform_files(
        "/in/ä b#%.csv", "/out/+.json", [sys.executable, "-c", code, "first"], arguments=["--last", "1"]
    )
    first, old, new, *last = tree.read_file("/out/+.json", content_format="json")
    assert (first, last) == ("first", ["--last", "1"])
    assert (Path(old).name, Path(new).name) == ("ä b#%.csv", "+.json")


def test_variables(tree):
    """A command sees the variables that it is given."""
    code = "import sys, os; open(sys.argv[2], 'w').write(os.environ['GIVEN'])"
    tree.transform_files("/in/a.csv", "/out/a", [sys.executable, "-c", code], env={"GIVEN": "yes"})
    assert tree.read_file("/out/a") == "yes"


def test_without_overwriting(tree):
    """One file that is there stops all before the first."""
    tree.write_file("/out/d/b.csv", "before")
    with pytest.raises(PathExistsError, match=r"/out/d/b\.csv.*nothing was transformed"):
        tree.transform_files("/in", "/out", upper, overwrite=False)
    assert tree.list_paths("/out", recursive=True) == ["/out/d/b.csv"]


def test_preview(tree):
    """A preview says what would be written and overwritten; the transformation is not called."""
    tree.write_file("/out/d/b.csv", "before")
    assert tree.transform_files("/in", "/out", ["no-such-program"], preview=True) == {
        "preview": True,
        "files": 3,
        "bytes_read": 2,
        "path": "/out",
        "overwritten": 1,
        "paths": ["/out/a.csv", "/out/d/b.csv", "/out/empty.csv"],
    }
    assert tree.read_file("/out/d/b.csv") == "before"


def test_failures(tree):
    """A transformation that fails, or makes nothing, leaves what was there, and nothing on this machine."""
    tree.write_file("/out/a", "before")

    def fail(source, destination):
        upper(source, destination)
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        tree.transform_files("/in/a.csv", "/out/a", fail)
    with pytest.raises(FileNotFoundError, match=r"/in/a\.csv wrote no file"):
        tree.transform_files("/in/a.csv", "/out/a", lambda *_: None)
    with pytest.raises(AirflowException, match="code 3"):
        tree.transform_files("/in/a.csv", "/out/a", [sys.executable, "-c", "raise SystemExit(3)"])
    with pytest.raises(PathNotFoundError):
        tree.transform_files("/nowhere", "/out/a", upper)
    assert tree.read_file("/out/a") == "before"
