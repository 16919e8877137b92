"""Previews: what would be done is said, and nothing is."""

import json

import pytest

from airflow_provider_adls.operators.files import ADLSGen1DeleteOperator

EXPECTED = {"preview": True, "deleted": 2, "paths": ["/raw/1.csv", "/raw/2.csv"]}


@pytest.fixture
def files(hook):
    """Two files, and one that the glob below does not match."""
    for name in ("1.csv", "2.csv", "3.txt"):
        hook.filesystem.pipe(f"/raw/{name}", b"")
    return hook


def test_preview_changes_nothing(files):
    """The result says what would go, and all of it is still there."""
    task = ADLSGen1DeleteOperator(task_id="task", path="/raw/*.csv", preview=True)
    assert task.execute({}) == EXPECTED
    assert len(files.list_paths("/raw")) == 3


def test_dry_run_prints_the_preview(files, capsys):
    """`dry_run` prints what a preview returns, whatever the argument says, and changes nothing."""
    task = ADLSGen1DeleteOperator(task_id="task", path="/raw/*.csv")
    task.dry_run()
    printed = capsys.readouterr().out
    assert json.loads(printed[printed.index("{\n") :]) == EXPECTED
    assert len(files.list_paths("/raw")) == 3


def test_dry_run_judges_the_arguments(files):
    """What a run would refuse, a dry run refuses too."""
    task = ADLSGen1DeleteOperator(task_id="task", path="/raw/*.csv")
    task.path = "raw"
    with pytest.raises(ValueError, match="argument 'path': "):
        task.dry_run()
