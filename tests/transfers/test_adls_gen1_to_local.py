"""Downloads by operator."""

import json

import pytest

from airflow_provider_adls.transfers.adls_gen1_to_local import ADLSGen1ToLocalOperator


def run(context=None, **arguments):
    """Render templates and execute, as Airflow does; the result is what XCom would hold."""
    task = ADLSGen1ToLocalOperator(task_id="task", **arguments)
    task.render_template_fields(context or {})
    result = task.execute(context or {})
    assert result == json.loads(json.dumps(result))
    return result


@pytest.fixture
def lake(hook):
    """Three files, one of them empty."""
    for name in ("1.csv", "more/2.csv", "empty.csv"):
        hook.filesystem.pipe(f"/raw/{name}", b"" if name.startswith("empty") else name.encode())
    return hook


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("remote", "local", "expected"),
    [
        ("/raw/1.csv", "/first.csv", ["first.csv"]),
        ("/raw/1.csv", "/in/", ["in/1.csv"]),
        ("/raw", "", ["1.csv", "empty.csv", "more/2.csv"]),
        ("/raw/*.csv", "/{{ ds }}", ["2026-01-01/1.csv", "2026-01-01/empty.csv"]),
        ("/raw/**/*.csv", "", ["1.csv", "empty.csv", "more/2.csv"]),
    ],
)
def test_download(lake, tmp_path, remote, local, expected):
    """A file, a tree, a glob; a second try ends as the first."""
    for _ in range(2):
        done = run({"ds": "2026-01-01"}, remote_path=remote, local_path=f"{tmp_path}{local}")
        assert done["files"] == len(expected)
        assert files(tmp_path) == expected


def test_path_objects(lake, tmp_path):
    """A path object is as good as a string."""
    target = tmp_path / "1.csv"
    assert run(remote_path="/raw/1.csv", local_path=target)["paths"] == [str(target)]


def test_nothing_is_lost(lake, tmp_path):
    """Where a file is there and may not be overwritten, it stays, and no other is downloaded."""
    (tmp_path / "empty.csv").write_text("old")
    with pytest.raises(FileExistsError):
        run(remote_path="/raw", local_path=str(tmp_path), overwrite=False)
    assert files(tmp_path) == ["empty.csv"]
    assert (tmp_path / "empty.csv").read_text() == "old"
