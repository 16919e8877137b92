"""Operators for access control lists."""

import pytest

from airflow_provider_adls.operators.acls import (
    ADLSGen1GetAclOperator,
    ADLSGen1ModifyAclOperator,
    ADLSGen1RemoveAclEntriesOperator,
    ADLSGen1RemoveAclOperator,
    ADLSGen1RemoveDefaultAclOperator,
    ADLSGen1SetAclOperator,
)

SOMEONE = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def tree(hook):
    """Two files in directories."""
    for name in ("/t/1.csv", "/t/a/2.csv"):
        hook.write_file(name, name)
    return hook


def test_each(tree, run):
    """Lists are set, changed entry by entry and taken away, over a tree, by template; and read."""

    def change(operator, **arguments):
        done = run(operator, {"id": SOMEONE}, path="/t", recursive=True, **arguments)
        assert done["failed"] == 0
        return done["directories"], done["files"]

    def entries(path):
        return set(run(ADLSGen1GetAclOperator, path=path)["entries"])

    whole = "user::rwx,group::r-x,other::---,user:{{ id }}:rwx"
    assert change(ADLSGen1SetAclOperator, acl=whole) == (2, 2)
    assert f"user:{SOMEONE}:rwx" in entries("/t/a/2.csv")
    changes = ["user:{{ id }}:r-x", "default:user:{{ id }}:r-x"]
    assert change(ADLSGen1ModifyAclOperator, acl=changes) == (2, 2)
    assert {f"user:{SOMEONE}:r-x", f"default:user:{SOMEONE}:r-x"} < entries("/t/a")
    assert f"user:{SOMEONE}:r-x" in entries("/t/1.csv")
    assert change(ADLSGen1RemoveAclEntriesOperator, acl="user:{{ id }}") == (2, 2)
    assert f"user:{SOMEONE}:r-x" not in entries("/t/1.csv")
    assert change(ADLSGen1RemoveDefaultAclOperator) == (2, 0)
    assert not any(entry.startswith("default") for entry in entries("/t/a"))
    assert change(ADLSGen1RemoveAclOperator) == (2, 2)
    assert entries("/t/a") == {"user::rwx", "group::r-x", "other::---"}


def test_entries_that_may_go():
    """A mask and default entries may be removed, unlike those that no list is without."""
    acl = "mask,default:user::,default:other::,user:a"
    ADLSGen1RemoveAclEntriesOperator(task_id="task", path="/t", acl=acl)


@pytest.mark.parametrize(
    ("operator", "arguments"),
    [
        (ADLSGen1SetAclOperator, {"acl": "user::r--,group::r--,other::---"}),
        (ADLSGen1ModifyAclOperator, {"acl": f"user:{SOMEONE}:r--"}),
        (ADLSGen1RemoveAclEntriesOperator, {"acl": f"user:{SOMEONE}"}),
        (ADLSGen1RemoveDefaultAclOperator, {}),
        (ADLSGen1RemoveAclOperator, {}),
    ],
)
def test_preview(tree, run, operator, arguments):
    """A preview changes nothing."""
    before = [tree.get_acl(path) for path in ("/t", "/t/1.csv")]
    assert run(operator, path="/t", recursive=True, preview=True, **arguments)["preview"] is True
    assert [tree.get_acl(path) for path in ("/t", "/t/1.csv")] == before
