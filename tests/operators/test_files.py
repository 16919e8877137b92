"""Operators for directories and files."""

import pytest

from airflow_provider_adls.model.errors import PathExistsError, PathNotFoundError
from airflow_provider_adls.operators.files import (
    ADLSGen1CreateDirectoryOperator,
    ADLSGen1DeleteOperator,
    ADLSGen1ListOperator,
    ADLSGen1MoveOperator,
)


@pytest.fixture
def files(hook):
    """Three files."""
    for path in ("/raw/1.csv", "/raw/2.csv", "/raw/more/3.csv"):
        hook.filesystem.pipe(path, b"")
    return hook


def test_create_directory(hook, run):
    """The directory exists already, with its permission; again is right."""
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
        ({"path": "/raw", "include_files": False, "include_directories": True}, ["/raw/more"]),
        ({"path": "/raw", "recursive": True, "limit": 2}, ["/raw/1.csv", "/raw/2.csv"]),
    ],
)
def test_list(files, run, arguments, expected):
    """The list is what the next task is mapped over."""
    assert run(ADLSGen1ListOperator, {"name": "raw"}, **arguments) == expected


def test_list_of_nothing(files, run):
    """A path where nothing exists is an error, or an empty list where that is asked for."""
    with pytest.raises(PathNotFoundError):
        run(ADLSGen1ListOperator, path="/none")
    assert run(ADLSGen1ListOperator, path="/none", ignore_if_missing=True) == []


def test_list_in_detail(files, run):
    """With the detail, each is what its status is."""
    assert run(ADLSGen1ListOperator, path="/raw", detail=True, include_directories=True) == [
        files.get_status(path) for path in ("/raw/1.csv", "/raw/2.csv", "/raw/more")
    ]


def test_account_of_the_operator(files, run, account, connect):
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
def test_delete(files, run, path, deleted):
    """A path, a glob or a list of paths; a second try finds nothing, which is right."""
    arguments = {"path": path, "recursive": True}
    done = run(ADLSGen1DeleteOperator, {"name": "more"}, **arguments)
    assert (done["deleted"], len(done["paths"])) == (deleted, deleted)
    assert run(ADLSGen1DeleteOperator, {"name": "more"}, **arguments) == {"deleted": 0, "paths": []}


def test_delete_missing(files, run):
    """Nothing there is an error, where that is asked for."""
    with pytest.raises(PathNotFoundError):
        run(ADLSGen1DeleteOperator, path="/nowhere", ignore_if_missing=False)


def test_move(files, run):
    """A glob goes into a directory; a second try finds nothing left; an obstacle is an error beforehand."""
    arguments = {"source_path": "/raw/*.csv", "destination_path": "/done/{{ day }}/"}
    seen = run(ADLSGen1MoveOperator, {"day": "1"}, **arguments, preview=True)
    assert seen["moves"][0] == {"source": "/raw/1.csv", "destination": "/done/1/1.csv"}
    for moved in (2, 0):
        done = run(ADLSGen1MoveOperator, {"day": "1"}, **arguments)
        assert done == {
            "moved": moved,
            "path": "/done/1",
            "paths": ["/done/1/1.csv", "/done/1/2.csv"][:moved],
        }
    files.write_file("/raw/1.csv", "new")
    with pytest.raises(PathExistsError, match=r"/done/1/1\.csv"):
        run(ADLSGen1MoveOperator, {"day": "1"}, **arguments)
    run(ADLSGen1MoveOperator, {"day": "1"}, **arguments, overwrite=True)
    assert files.read_file("/done/1/1.csv") == "new"
