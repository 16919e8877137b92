"""Operators for what is in files."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from airflow_provider_adls.model.errors import PathExistsError
from airflow_provider_adls.model.paths import kept_name
from airflow_provider_adls.operators.content import (
    ADLSGen1AppendToFileOperator,
    ADLSGen1ConcatenateOperator,
    ADLSGen1CreateFileOperator,
    ADLSGen1ReadFileOperator,
)


@pytest.mark.parametrize(
    ("data", "content"),
    [
        ("{{ ds }}: ä", "2026-01-01: ä".encode()),
        ({"day": "{{ ds }}", "rows": [1]}, b'{"day": "2026-01-01", "rows": [1]}'),
        (b"{{ ds }}", b"{{ ds }}"),
    ],
)
def test_create(hook, run, data, content):
    """Text and values are templated, bytes are not; a second try writes the same."""
    for _ in range(2):
        done = run(
            ADLSGen1CreateFileOperator,
            {"ds": "2026-01-01"},
            path="/reports/{{ ds }}",
            data=data,
            permission="640",
        )
        assert done == {"path": "/reports/2026-01-01", "bytes": len(content), "written": True}
    assert hook.filesystem.cat("/reports/2026-01-01") == content
    assert hook.filesystem.info("/reports/2026-01-01")["permission"] == "640"


@pytest.mark.parametrize(
    "expiry",
    [
        {"expires_at": "{{ when }}"},
        {"expires_at": datetime(2050, 1, 1, tzinfo=UTC)},
        {"expires_in": "{{ seconds }}"},
        {"expires_in": timedelta(days=1)},
    ],
)
def test_create_with_expiry(hook, run, expiry):
    """A time or a span, by template too, is the file's expiry."""
    run(
        ADLSGen1CreateFileOperator,
        {"when": "2050-01-01T00:00:00+00:00", "seconds": "86400"},
        path="/f",
        data="",
        **expiry,
    )
    expires = hook.filesystem.info("/f")["expires"]
    if "expires_at" in expiry:
        assert expires == datetime(2050, 1, 1, tzinfo=UTC)
    else:
        assert timedelta(hours=23) < expires - datetime.now(UTC) <= timedelta(days=1)


def test_create_without_overwriting(hook, run):
    """Another content is not replaced, under the official name of the argument too."""
    hook.write_file("/f", "before")
    for name in ("overwrite", "replace"):
        with pytest.raises(PathExistsError):
            run(ADLSGen1CreateFileOperator, path="/f", data="after", **{name: False})
    assert run(ADLSGen1CreateFileOperator, path="/f", data="after", preview=True)["overwritten"] is True
    assert hook.read_file("/f") == "before"


def test_append_is_done_once(hook, run):
    """A task that was killed after its append does not append again; the next run does."""
    context = {
        "ds": "2026-01-01",
        "ti": SimpleNamespace(dag_id="dag", task_id="task", run_id="first", map_index=-1),
    }
    arguments = {"path": "/log/{{ ds }}", "data": "done\n"}
    assert run(ADLSGen1AppendToFileOperator, context, **arguments)["appended"] is True
    hook.write_file(f"/log/{kept_name('/log/2026-01-01', 'dag/task/first/-1')}", "0")
    assert run(ADLSGen1AppendToFileOperator, context, **arguments)["appended"] is False
    context["ti"].run_id = "second"
    assert run(ADLSGen1AppendToFileOperator, context, **arguments)["appended"] is True
    assert hook.read_file("/log/2026-01-01") == "done\ndone\n"
    assert hook.filesystem.ls("/log", detail=False) == ["/log/2026-01-01"]


def test_append_outside_of_a_run(hook, run):
    """Without a task instance, as in a test of one's own, every call appends."""
    for _ in range(2):
        run(ADLSGen1AppendToFileOperator, path="/f", data="1")
    assert hook.read_file("/f") == "11"


def test_read(hook, run):
    """Text, a value, and bytes, of which the bound is a parameter."""
    hook.write_file("/f", '{"a": 1}')
    assert run(ADLSGen1ReadFileOperator, {"name": "f"}, path="/{{ name }}") == '{"a": 1}'
    assert run(ADLSGen1ReadFileOperator, path="/f", content_format="json") == {"a": 1}
    assert run(ADLSGen1ReadFileOperator, path="/f", content_format="base64") == "eyJhIjogMX0="
    with pytest.raises(ValueError, match="/f has 8 bytes, and max_bytes is 7"):
        run(ADLSGen1ReadFileOperator, path="/f", max_bytes=7)


@pytest.mark.parametrize("sources", ["/in/*", ["/in/1", "/in/{{ last }}"]])
def test_concatenate(hook, run, sources):
    """A glob or a list becomes one file; a second try finds that it was done."""
    for name in "12":
        hook.write_file(f"/in/{name}", name)
    arguments = {"source_path": sources, "destination_path": "/whole"}
    seen = run(ADLSGen1ConcatenateOperator, {"last": "2"}, **arguments, preview=True)
    assert seen == {"preview": True, "path": "/whole", "files": 2, "bytes": 2, "paths": ["/in/1", "/in/2"]}
    done = [run(ADLSGen1ConcatenateOperator, {"last": "2"}, **arguments) for _ in range(2)]
    assert done == [
        {"path": "/whole", "files": 2, "bytes": 2},
        {"path": "/whole", "files": 0, "bytes": 2},
    ]
    assert hook.read_file("/whole") == "12"
