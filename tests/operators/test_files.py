"""Operators for directories and files."""

import json

import pytest

from airflow_provider_adls.gen1.errors import PathNotFoundError
from airflow_provider_adls.operators.files import (
    ADLSGen1CreateDirectoryOperator,
    ADLSGen1DeleteOperator,
    ADLSGen1ListOperator,
)


@pytest.fixture
def files(hook):
    """Three files."""
    for path in ("/raw/1.csv", "/raw/2.csv", "/raw/more/3.csv"):
        hook.filesystem.pipe(path, b"")
    return hook


def run(operator, context=None, **arguments):
    """Render templates and execute, as Airflow does; the result is what XCom would hold."""
    task = operator(task_id="task", **arguments)
    task.render_template_fields(context or {})
    result = task.execute(context or {})
    assert result == json.loads(json.dumps(result))
    return result


def test_create_directory(hook):
    """The directory is there, with its permission; again is right."""
    for _ in range(2):
        made = run(
            ADLSGen1CreateDirectoryOperator, {"ds": "2026-01-01"}, path="/raw/{{ ds }}", permission="750"
        )
        assert made == "/raw/2026-01-01"
    assert hook.filesystem.info("/raw/2026-01-01")["permission"] == "750"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"path": "/raw"}, ["/raw/1.csv", "/raw/2.csv"]),
        ({"path": "/raw", "include_directories": True}, ["/raw/1.csv", "/raw/2.csv", "/raw/more"]),
        ({"path": "/raw", "recursive": True}, ["/raw/1.csv", "/raw/2.csv", "/raw/more/3.csv"]),
        ({"path": "/{{ name }}/**/3.*"}, ["/raw/more/3.csv"]),
        ({"path": "/raw/*.parquet"}, []),
    ],
)
def test_list(files, arguments, expected):
    """The list is what the next task is mapped over."""
    assert run(ADLSGen1ListOperator, {"name": "raw"}, **arguments) == expected


def test_account_of_the_operator(files, account, connect):
    """An operator's account is used in place of the connection's, by template too."""
    connect(account_name="")
    assert run(ADLSGen1ListOperator, {"name": account}, path="/raw", account_name="{{ name }}") == [
        "/raw/1.csv",
        "/raw/2.csv",
    ]


@pytest.mark.parametrize(
    ("path", "deleted"),
    [("/raw/1.csv", 1), ("/raw/*.csv", 2), (["/raw/1.csv", "/raw/{{ name }}"], 2), ("/raw", 1), ([], 0)],
)
def test_delete(files, path, deleted):
    """A path, a glob or a list of paths; a second try finds nothing, which is right."""
    arguments = {"path": path, "recursive": True}
    assert run(ADLSGen1DeleteOperator, {"name": "more"}, **arguments) == {"deleted": deleted}
    assert run(ADLSGen1DeleteOperator, {"name": "more"}, **arguments) == {"deleted": 0}


def test_delete_missing(files):
    """Nothing there is an error, where that is asked for."""
    with pytest.raises(PathNotFoundError):
        run(ADLSGen1DeleteOperator, path="/nowhere", ignore_if_missing=False)
