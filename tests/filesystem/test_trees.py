"""What is in a tree, beside what tests/hooks/test_transfers.py shows of it."""

import pytest

from airflow_provider_adls.filesystem.trees import Tree, lake_tree


def test_empty_directories():
    """A directory is empty if nothing is in it; a root with nothing is made itself."""
    assert Tree([("a/1", "", 0)], ["a", "b", "b/c", "d"]).empty_directories == ["b/c", "d"]
    assert Tree().empty_directories == [""]
    assert Tree([("", "", 0)]).empty_directories == []


def test_a_name_that_leads_out_of_the_tree(hook, mocker):
    """A listing whose names lead out of the tree, which no honest service gives, is not followed."""
    entry = {"type": "file", "size": 1}
    hook.filesystem.makedirs("/in")
    mocker.patch.object(hook.filesystem, "find", return_value={"/in/a": entry, "/in/../../etc/passwd": entry})
    with pytest.raises(ValueError, match="outside of its tree"):
        lake_tree(hook.filesystem, "/in")
