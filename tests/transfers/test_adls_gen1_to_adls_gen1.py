"""Copies by operator."""

import json
import os

import pytest

from airflow_provider_adls.transfers.adls_gen1_to_adls_gen1 import ADLSGen1CopyOperator


@pytest.fixture
def other(other_account):
    """Name of a second account, which is empty."""
    return other_account


def run(context=None, **arguments):
    """Render templates and execute, as Airflow does."""
    task = ADLSGen1CopyOperator(task_id="task", **arguments)
    task.render_template_fields(context or {})
    return task.execute(context or {})


def test_another_account(hook, other):
    """A tree goes to another account by its URL; a second try ends as the first."""
    hook.filesystem.pipe({"/raw/2026/1.csv": b"1", "/raw/2026/a/2.csv": b"22"})
    for _ in range(2):
        target = f"adl://{other}/new/{{{{ ds }}}}"
        done = run({"ds": "2026"}, source_path="/raw/{{ ds }}", destination_path=target)
        assert (done["files"], done["bytes"]) == (2, 3)
    assert hook.list_paths(f"adl://{other}/new", recursive=True) == [
        f"adl://{other}.azuredatalakestore.net/new/2026/{name}" for name in ("1.csv", "a/2.csv")
    ]


def test_another_connection(hook, other, monkeypatch):
    """The destination may be reached by a connection of its own."""
    mine = json.loads(os.environ["AIRFLOW_CONN_ADLS_GEN1_DEFAULT"])
    theirs = mine | {"extra": mine["extra"] | {"account_name": other}}
    monkeypatch.setenv("AIRFLOW_CONN_THEIRS", json.dumps(theirs))
    hook.filesystem.pipe("/raw/1.csv", b"1")
    run(source_path="/raw/*", destination_path="/in", destination_conn_id="theirs")
    assert hook.list_paths(f"adl://{other}/in") == [f"adl://{other}.azuredatalakestore.net/in/1.csv"]
    assert not hook.filesystem.exists("/in")


def test_flags(hook):
    """The flags reach the work, `replace` as another name of `overwrite`, and a preview does nothing."""
    hook.filesystem.pipe({"/raw/a/1.csv": b"new", "/copy/1.csv": b"old"})
    flags = {"replace": False, "if_exists": "skip", "keep_directory_structure": False}
    assert run(source_path="/raw", destination_path="/copy", **flags)["skipped"] == 1
    assert hook.filesystem.cat("/copy/1.csv") == b"old"
    assert run(source_path="/nowhere", destination_path="/copy", ignore_if_missing=True)["files"] == 0
    preview = run(source_path="/raw", destination_path="/copy", delete_source=True, preview=True)
    assert (preview["preview"], preview["deleted_paths"]) == (True, ["/raw/a/1.csv"])
    run(source_path="/raw", destination_path="/copy", delete_source=True)
    assert hook.list_paths("/", recursive=True) == ["/copy/1.csv", "/copy/a/1.csv"]


def test_both_names_of_one_flag():
    """`overwrite` and `replace` are one, and must not differ."""
    with pytest.raises(ValueError, match="argument 'replace': is another name for overwrite"):
        ADLSGen1CopyOperator(
            task_id="task", source_path="/a", destination_path="/b", overwrite=False, replace=True
        )
