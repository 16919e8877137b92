"""Previews: what would be done is said, and nothing is."""

import json

import pytest
from airflow.providers.common.compat.sdk import DAG

from airflow_provider_adls.operators.files import ADLSGen1DeleteOperator, ADLSGen1ListOperator

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


def test_dry_run_validates_the_arguments(files):
    """What a run would refuse, a dry run refuses too."""
    task = ADLSGen1DeleteOperator(task_id="task", path="/raw/*.csv")
    task.path = "raw"
    with pytest.raises(ValueError, match="argument 'path': "):
        task.dry_run()


@pytest.mark.parametrize("path", ["/raw/{{ ds }}", ["/raw/1.csv", "/raw/{% raw %}x{% endraw %}"]])
def test_dry_run_without_a_run(files, path):
    """A dry run whose templates nobody has rendered says so, in place of a result that is wrong."""
    task = ADLSGen1DeleteOperator(task_id="task", path=path)
    with pytest.raises(
        ValueError, match=r"argument 'path': .*is not rendered outside of a run.*preview=True"
    ):
        task.dry_run()


def test_dry_run_of_another_tasks_result(files):
    """The same is true of another task's result."""
    with DAG("dag", schedule=None):
        paths = ADLSGen1ListOperator(task_id="paths", path="/raw").output
        task = ADLSGen1DeleteOperator(task_id="task", path=paths)
    with pytest.raises(ValueError, match=r"argument 'path': .*is not rendered outside of a run"):
        task.dry_run()


def test_dry_run_of_rendered_templates(files, capsys):
    """Rendered, as Airflow's command line does it, a template is what it stands for, with braces too."""
    files.filesystem.pipe("/raw/{{x}}.csv", b"")
    path = ["/raw/{{ name }}", "/raw/{% raw %}{{x}}{% endraw %}.csv"]
    task = ADLSGen1DeleteOperator(task_id="task", path=path)
    task.render_template_fields({"name": "1.csv"})
    task.dry_run()
    printed = capsys.readouterr().out
    assert json.loads(printed[printed.index("{\n") :])["paths"] == ["/raw/1.csv", "/raw/{{x}}.csv"]
