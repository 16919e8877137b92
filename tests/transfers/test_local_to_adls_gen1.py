"""Uploads by operator."""

import json
from types import SimpleNamespace

import pytest

from airflow_provider_adls.model.errors import PathExistsError
from airflow_provider_adls.transfers.local_to_adls_gen1 import LocalToADLSGen1Operator


def run(context=None, **arguments):
    """Render templates and execute, as Airflow does; the result is what XCom would hold."""
    task = LocalToADLSGen1Operator(task_id="task", **arguments)
    task.render_template_fields(context or {})
    result = task.execute(context or {})
    assert result == json.loads(json.dumps(result))
    return result


@pytest.fixture
def folder(tmp_path):
    for name in ("1.csv", "more/2.csv", "empty.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("" if name.startswith("empty") else name)
    return tmp_path


@pytest.mark.parametrize(
    ("local", "remote", "files", "path"),
    [
        ("1.csv", "/raw/first.csv", ["/raw/first.csv"], "/raw/first.csv"),
        ("1.csv", "/raw/", ["/raw/1.csv"], "/raw/1.csv"),
        ("", "/raw", ["/raw/1.csv", "/raw/empty.csv", "/raw/more/2.csv"], "/raw"),
        ("*.csv", "/raw/{{ ds }}", ["/raw/2026-01-01/1.csv", "/raw/2026-01-01/empty.csv"], "/raw/2026-01-01"),
    ],
)
def test_upload(hook, folder, local, remote, files, path):
    """A file, a tree, a glob; a second try ends as the first."""
    for _ in range(2):
        done = run({"ds": "2026-01-01"}, local_path=f"{folder}/{local}", remote_path=remote)
        assert (done["files"], done["path"]) == (len(files), path)
        assert hook.list_paths("/", recursive=True) == files


def test_path_objects(hook, folder):
    """A path object is as good as a string."""
    assert run(local_path=folder / "1.csv", remote_path="/1.csv")["paths"] == ["/1.csv"]


def test_nothing_is_lost(hook, folder):
    """Where a file is there and may not be overwritten, it stays, and no other is uploaded."""
    hook.filesystem.pipe("/raw/empty.csv", b"old")
    with pytest.raises(PathExistsError):
        run(local_path=str(folder), remote_path="/raw", overwrite=False)
    assert hook.list_paths("/raw", recursive=True) == ["/raw/empty.csv"]
    assert hook.filesystem.cat("/raw/empty.csv") == b"old"


@pytest.mark.parametrize(
    ("resume", "try_number", "expected"),
    [(None, 1, False), (None, 2, True), (True, 1, True), (False, 3, False)],
)
def test_a_retry_resumes(mocker, resume, try_number, expected):
    """Tries after the first go on with what was left, unless the task says otherwise."""
    upload = mocker.patch("airflow_provider_adls.hooks.adls_gen1.ADLSGen1Hook.upload")
    task = LocalToADLSGen1Operator(task_id="t", local_path="/f", remote_path="/f", resume=resume)
    task.execute({"ti": SimpleNamespace(try_number=try_number)})
    assert (upload.call_args.kwargs["resume"], upload.call_args.kwargs["verify"]) == (expected, "length")


def test_verify_is_checked_at_parse():
    """Another way to verify is an error when the DAG is parsed."""
    with pytest.raises(ValueError, match="verify"):
        LocalToADLSGen1Operator(task_id="t", local_path="/f", remote_path="/f", verify="md5")
