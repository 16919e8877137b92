"""What is in a tree, beside what tests/hooks/test_transfers.py shows of it."""

from datetime import UTC, datetime

import pytest

from airflow_provider_adls.lake.trees import File, Tree, modified, tree_of
from airflow_provider_adls.model.errors import PathError

ENTRY = {"type": "file", "size": 1}


def test_empty_directories():
    """A directory is empty if nothing is in it; a root with nothing is made itself."""
    file = File("a/1", "", 0)
    assert Tree("", [file], ["a", "b", "b/c", "d"]).empty_directories == ["b/c", "d"]
    assert Tree().empty_directories == [""]
    assert Tree("", [File("", "", 0)]).empty_directories == []


@pytest.mark.parametrize("name", ["/in/../../etc/passwd", "/in/..", "/in/a//b", "/in/./a", "/in//etc/passwd"])
def test_a_name_that_leads_out_of_the_tree(name):
    """A listing whose names lead out of the tree, which keys of an object store may, is not followed."""
    with pytest.raises(PathError, match="outside of its tree"):
        tree_of("/in", {"/in/a": ENTRY, name: ENTRY}, is_glob=False)


def test_places():
    """Places begin below a directory, or after a glob's last directory without a wildcard."""
    found = {"b/in/a/1": ENTRY, "b/in/a": {"type": "directory"}, "b/in": {"type": "directory"}}
    tree = tree_of("b/in/", found, is_glob=False)
    assert ([file.place for file in tree.files], tree.directories) == (["a/1"], ["a"])
    tree = tree_of("b/*/a", found, is_glob=True)
    assert ([file.place for file in tree.files], tree.directories) == (["in/a/1"], ["in", "in/a"])


@pytest.mark.parametrize(
    "info",
    [
        {"mtime": 1767225600.5},
        {"LastModified": datetime(2026, 1, 1, 0, 0, 0, 500_000, UTC)},
        {"mtime": datetime(2026, 1, 1, 0, 0, 0, 500_000)},  # noqa: DTZ001 - as SFTP gives it
        {"updated": "2026-01-01T00:00:00.500Z"},
    ],
)
def test_times(info):
    """A time is read in each form that stores give it in."""
    assert modified(info) == 1767225600.5


@pytest.mark.parametrize("info", [{}, {"updated": "yesterday"}, {"mtime": None}])
def test_no_time(info):
    """A time that is not there, or cannot be read, is none."""
    assert modified(info) is None
