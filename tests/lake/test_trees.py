"""What is in a tree, beside what tests/hooks/test_transfers.py shows of it."""

import pytest

from airflow_provider_adls.lake.trees import File, Tree
from airflow_provider_adls.model.errors import PathError


def test_empty_directories():
    """A directory is empty if nothing is in it; a root with nothing is made itself."""
    file = File("a/1", "", 0)
    assert Tree("", [file], ["a", "b", "b/c", "d"]).empty_directories == ["b/c", "d"]
    assert Tree().empty_directories == [""]
    assert Tree("", [File("", "", 0)]).empty_directories == []


@pytest.mark.parametrize("name", ["/in/../../etc/passwd", "/in/..", "/in/a//b", "/in/./a", "/in//etc/passwd"])
def test_a_name_that_leads_out_of_the_tree(name):
    """A listing whose names lead out of the tree, which keys of an object store may, is not followed."""
    tree = Tree.of("/in", is_glob=False)
    with pytest.raises(PathError, match="outside of its tree"):
        tree.add(name, directory=False)


def test_places():
    """Places begin below a directory, or after a glob's last directory without a wildcard."""

    def read(path, *, is_glob):
        tree = Tree.of(path, is_glob=is_glob)
        for directory in ("b/in/a", "b/in"):
            tree.add(directory, directory=True)
        tree.add("b/in/a/1", directory=False)
        return [file.place for file in tree.sort().files], tree.directories

    assert read("b/in/", is_glob=False) == (["a/1"], ["a"])
    assert read("b/*/a", is_glob=True) == (["in/a/1"], ["in", "in/a"])
