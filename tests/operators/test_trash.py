"""Operators for what was deleted."""

from types import SimpleNamespace

import pytest

from airflow_provider_adls.model.paths import kept_name
from airflow_provider_adls.operators.trash import ADLSGen1ListTrashOperator, ADLSGen1RestoreOperator

pytestmark = pytest.mark.usefixtures("trash")


def test_list_and_restore(hook, run):
    """What was deleted is listed, and comes back once, where it was or elsewhere."""
    for content in ("first", "second"):
        hook.write_file("/d/f", content)
        hook.delete_paths("/d/f")
    found = run(ADLSGen1ListTrashOperator, {"name": "d"}, path="/{{ name }}")
    assert [item["path"] for item in found] == ["/d/f", "/d/f"]
    assert len(run(ADLSGen1ListTrashOperator, limit=1)) == 1
    assert run(ADLSGen1RestoreOperator, path="/d/f", preview=True)["preview"] is True
    assert not hook.exists("/d/f")
    assert run(ADLSGen1RestoreOperator, path="/d/f")["restored"] is True
    run(
        ADLSGen1RestoreOperator,
        {"token": found[-1]["token"]},
        path="/d/f",
        destination_path="/d/old",
        token="{{ token }}",
    )
    assert [hook.read_file(path) for path in ("/d/f", "/d/old")] == ["second", "first"]


def test_a_second_try_restores_no_older_item(hook, run):
    """A task that was killed after it had restored the last item finds that done, and leaves older ones."""
    for content in ("first", "second"):
        hook.write_file("/d/f", content)
        hook.delete_paths("/d/f")
    token = hook.list_trash("/d/f")[0]["token"]
    task = SimpleNamespace(dag_id="dag", task_id="task", run_id="run", map_index=-1)
    arguments = {"path": "/d/f", "if_exists": "overwrite"}
    assert run(ADLSGen1RestoreOperator, {"ti": task}, **arguments)["restored"] is True
    hook.write_file(f"/d/{kept_name('/d/f', 'dag/task/run/-1')}", token)
    assert run(ADLSGen1RestoreOperator, {"ti": task}, **arguments)["restored"] is False
    assert (hook.read_file("/d/f"), hook.filesystem.ls("/d", detail=False)) == ("second", ["/d/f"])
