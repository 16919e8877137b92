"""Operators for permissions and owners."""

import pytest

from airflow_provider_adls.operators.rights import ADLSGen1SetOwnerOperator, ADLSGen1SetPermissionOperator

SOMEONE = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def tree(hook):
    """Two files in directories."""
    for name in ("/t/1.csv", "/t/a/2.csv"):
        hook.write_file(name, name)
    return hook


def test_permission(tree, run):
    """A tree gets a permission, digits or clauses, by template too; a second try changes nothing more."""
    arguments = {"path": "/{{ name }}", "permission": "{{ mode }}", "recursive": True}
    seen = run(ADLSGen1SetPermissionOperator, {"name": "t", "mode": "700"}, **arguments, preview=True)
    assert (seen["preview"], seen["paths"]) == (True, ["/t", "/t/1.csv", "/t/a", "/t/a/2.csv"])
    assert tree.get_status("/t")["permission"] == "770"
    for mode in ("600", "u=rwX,g=rX", "u=rwX,g=rX"):
        done = run(ADLSGen1SetPermissionOperator, {"name": "t", "mode": mode}, **arguments)
        assert done == {"directories": 2, "files": 2, "failed": 0, "failures": []}
    assert [tree.get_status(path)["permission"] for path in ("/t/a", "/t/a/2.csv")] == ["750", "640"]


def test_owner(tree, run):
    """Owner and group of paths; the task's own owner, the person, is another thing."""
    run(
        ADLSGen1SetOwnerOperator,
        {"id": SOMEONE},
        path=["/t/1.csv", "/t/a"],
        new_owner="{{ id }}",
        new_group="{{ id }}",
        owner="somebody",
    )
    for path in ("/t/1.csv", "/t/a"):
        status = tree.get_status(path)
        assert (status["owner"], status["group"]) == (SOMEONE, SOMEONE)
    assert tree.get_status("/t/a/2.csv")["owner"] != SOMEONE
