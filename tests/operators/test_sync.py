"""The sync by operator; what it does is shown in tests/hooks/test_sync.py."""

import json

import pytest

from airflow_provider_adls.operators.sync import ADLSGen1SyncOperator


def run(context=None, **arguments):
    """Render templates and execute, as Airflow does; the result is what XCom would hold."""
    task = ADLSGen1SyncOperator(task_id="task", **arguments)
    task.render_template_fields(context or {})
    result = task.execute(context or {})
    assert result == json.loads(json.dumps(result))
    return result


def test_sync(hook, tmp_path):
    """A tree is made like another; a second try finds nothing to do."""
    for name in ("1.csv", "2.csv", "3.tmp"):
        (tmp_path / name).write_text(name)
    hook.filesystem.pipe("/raw/2026/old.csv", b"")
    arguments = {
        "source_path": f"file://{tmp_path}",
        "destination_path": "/raw/{{ ds }}",
        "exclude": ["*.{{ ext }}"],
        "delete": True,
    }
    context = {"ds": "2026", "ext": "tmp"}
    preview = run(context, preview=True, **arguments)
    assert (preview["files"], preview["deleted_paths"]) == (2, ["/raw/2026/old.csv"])
    assert hook.list_paths("/raw", recursive=True) == ["/raw/2026/old.csv"]
    first = run(context, **arguments)
    assert (first["files"], first["deleted"], first["path"]) == (2, 1, "/raw/2026")
    second = run(context, **arguments)
    assert (second["files"], second["skipped"], second["deleted"]) == (0, 2, 0)


@pytest.mark.parametrize("ends", [("file:///a", "s3://b/c"), ("gs://a/b", "file:///c")])
def test_no_lake(ends):
    """A sync of which no end is a lake is refused when the DAG is parsed, but not before both are known."""
    source, target = ends
    with pytest.raises(
        ValueError, match="ADLSGen1SyncOperator 'task', argument 'destination_path': source_path or"
    ):
        ADLSGen1SyncOperator(task_id="task", source_path=source, destination_path=target)
    task = ADLSGen1SyncOperator(task_id="task", source_path=source, destination_path="{{ var }}")
    task.render_template_fields({"var": target})
    with pytest.raises(ValueError, match="argument 'destination_path': source_path or"):
        task.execute({})
