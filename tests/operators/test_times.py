"""Arguments that choose files by their time of modification: rendered, mapped, and without a value."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pendulum
import pytest
from airflow.providers.common.compat.sdk import DAG

from airflow_provider_adls.operators.files import (
    ADLSGen1DeleteOperator,
    ADLSGen1ListOperator,
    ADLSGen1MoveOperator,
)
from airflow_provider_adls.operators.sync import ADLSGen1SyncOperator
from airflow_provider_adls.operators.transform import ADLSGen1FileTransformOperator
from airflow_provider_adls.transfers.adls_gen1_to_adls_gen1 import ADLSGen1CopyOperator
from airflow_provider_adls.transfers.adls_gen1_to_local import ADLSGen1ToLocalOperator
from tests.operators.cases import files, transfers

TIMED = [ADLSGen1DeleteOperator, ADLSGen1ListOperator, ADLSGen1MoveOperator, ADLSGen1FileTransformOperator]
TIMED += [*transfers.RIGHT]
RIGHT = {**files.RIGHT, **transfers.RIGHT}
INTERVAL = {
    "modified_after": "{{ data_interval_start }}",
    "modified_before": "{{ data_interval_end }}",
}
DAY = pendulum.datetime(2026, 11, 29, tz="UTC")


@pytest.fixture
def cut(hook, later):
    """A time between two files."""
    hook.write_file("/in/scheduled [1].csv", "old")
    cut = later()
    hook.write_file("/in/2.csv", "new")
    return cut


@pytest.mark.parametrize("operator", TIMED)
def test_every_operator_has_them(operator):
    """Each operator that chooses files takes times of each form, and templates of them."""
    for value in (DAY, date(2026, 11, 29), "2026-11-29", "{{ ds }}"):
        task = operator(task_id="task", modified_after=value, **RIGHT[operator])
        assert task.times["modified_after"] == value
    assert operator(task_id="task", older_than="P30D", **RIGHT[operator]).times["older_than"] == "P30D"
    with pytest.raises(
        ValueError, match=r"'task', argument 'modified_after': .* is not before modified_before"
    ):
        operator(task_id="task", modified_after=DAY, modified_before=DAY, **RIGHT[operator])


def test_data_interval(hook, cut, run):
    """What came in an interval is chosen by the templates of its bounds."""
    start = pendulum.instance(cut)
    list_one = {"operator": ADLSGen1ListOperator, "path": "/in", **INTERVAL}
    before = {"data_interval_start": start.subtract(days=1), "data_interval_end": start}
    after = {"data_interval_start": start, "data_interval_end": start.add(days=1)}
    assert run(context=before, **list_one) == ["/in/scheduled [1].csv"]
    assert run(context=after, **list_one) == ["/in/2.csv"]


def test_an_interval_without_a_length(hook, run):
    """The error for an interval that ends when it begins names the timetables that have longer ones."""
    nothing = {"data_interval_start": DAY, "data_interval_end": DAY}
    with pytest.raises(ValueError, match=r"is not before modified_before.*CronDataIntervalTimetable"):
        run(ADLSGen1ListOperator, context=nothing, path="/in", **INTERVAL)
    with pytest.raises(ValueError, match=r"2026-11-29 00:00:00\+00:00$"):
        run(ADLSGen1ListOperator, path="/in", modified_after=DAY, modified_before=DAY)


@pytest.mark.parametrize("native", [False, True])
def test_run_without_an_interval(hook, cut, native):
    """A run without a data interval is an error that names the argument, and nothing is deleted."""
    with DAG("by_hand", render_template_as_native_obj=native):
        task = ADLSGen1DeleteOperator(task_id="retain", path="/in/*", **INTERVAL)
    match = (
        r"ADLSGen1DeleteOperator 'retain', argument 'modified_after': 'data_interval_start' is undefined: "
        r"this run has no logical date .*\{\{ data_interval_start \| default\(dag_run.run_after, true\) \}\}"
    )
    with pytest.raises(ValueError, match=match):
        task.render_template_fields({"dag_run": None})
    assert len(hook.list_paths("/in")) == 2


def test_the_advice_renders():
    """What the error advises for a name of the logical date is a text that a path can hold."""
    with DAG("by_hand"):
        task = ADLSGen1ListOperator(task_id="dated", path="/in/{{ ds_nodash }}")
    with pytest.raises(ValueError, match="'ds_nodash' is undefined") as raised:
        task.render_template_fields({"dag_run": None})
    advice = str(raised.value).partition("such as ")[2]
    assert advice == "{{ ds_nodash | default(dag_run.run_after | ds_nodash, true) }}"
    with DAG("advised"):
        advised = ADLSGen1ListOperator(task_id="dated", path=f"/in/{advice}")
    advised.render_template_fields({"dag_run": SimpleNamespace(run_after=DAY)})
    assert advised.path == "/in/20261129"


@pytest.mark.parametrize("native", [False, True])
@pytest.mark.parametrize("name", ["modified_after", "modified_before", "older_than"])
@pytest.mark.parametrize("template", ["{{ params.bound }}", "{{ params.bound or '' }}"])
def test_bound_without_a_value(hook, cut, name, native, template):
    """A bound whose template gives no value is refused: without it everything would be deleted."""
    with DAG("by_hand", render_template_as_native_obj=native):
        task = ADLSGen1DeleteOperator(task_id="retain", path="/in/*", **{name: template})
    task.render_template_fields({"params": {"bound": None}})
    with pytest.raises(ValueError, match=f"'retain', argument '{name}': .* has no value in this run"):
        task.execute({})
    assert len(hook.list_paths("/in")) == 2


def test_rendered_span(hook, cut, run):
    """A span may come of a parameter, or of a macro, in each form that Airflow renders it in."""
    for template, params in (("{{ params.age }}", {"age": 0.001}), ("{{ params.age }}", {"age": "PT0.001S"})):
        context = {"params": params}
        paths = run(ADLSGen1ListOperator, context, path="/in", older_than=template)
        assert paths == ["/in/scheduled [1].csv"]
    context = {"params": {"age": timedelta(days=30)}}
    assert run(ADLSGen1ListOperator, context, path="/in", older_than="{{ params.age }}") == []


def test_wrong_rendered_value(hook, cut, run):
    """A template that gives something else is an error that names the argument."""
    with pytest.raises(ValueError, match="'task', argument 'modified_before': 'manual__2026' is not a time"):
        run(ADLSGen1DeleteOperator, path="/in/*", modified_before="{{ 'manual__2026' }}")
    assert len(hook.list_paths("/in")) == 2


def test_delete_and_preview(hook, cut, run):
    """A preview names what a deletion by time then deletes."""
    arguments = {"path": "/in", "recursive": True, "modified_before": cut}
    assert run(ADLSGen1DeleteOperator, preview=True, **arguments)["paths"] == ["/in/scheduled [1].csv"]
    assert run(ADLSGen1DeleteOperator, **arguments) == {"deleted": 1, "paths": ["/in/scheduled [1].csv"]}
    assert hook.list_paths("/in") == ["/in/2.csv"]


def test_transfers(hook, cut, run, tmp_path):
    """Copy, download, sync, move and transform take what the time chooses."""
    later = {"modified_after": str(cut)}
    assert run(ADLSGen1CopyOperator, source_path="/in", destination_path="/a", **later)["files"] == 1
    assert run(ADLSGen1ToLocalOperator, remote_path="/in", local_path=tmp_path, **later)["files"] == 1
    assert run(ADLSGen1SyncOperator, source_path="/in", destination_path="/b", **later)["files"] == 1
    transform = {"source_path": "/in", "destination_path": "/c", "transform_script": "cp"}
    assert run(ADLSGen1FileTransformOperator, **transform, **later)["files"] == 1
    move = {"source_path": "/in/*", "destination_path": "/d", **later}
    assert run(ADLSGen1MoveOperator, **move)["paths"] == ["/d/2.csv"]
    assert [hook.list_paths(folder) for folder in ("/a", "/b", "/c")] == [
        ["/a/2.csv"],
        ["/b/2.csv"],
        ["/c/2.csv"],
    ]


def test_list_refuses_directories():
    """A directory is not chosen by its time."""
    with pytest.raises(ValueError, match="'include_directories': a directory is not chosen"):
        ADLSGen1ListOperator(task_id="task", path="/in", include_directories=True, older_than=5)


def test_mapping():
    """The bounds can be mapped over."""
    with DAG("mapped", schedule=None, start_date=datetime(2026, 1, 1, tzinfo=UTC)):
        task = ADLSGen1ListOperator.partial(task_id="task", path="/in", older_than="P1D")
        assert task.expand(modified_after=["2026-11-29", "{{ ds }}"]).task_id == "task"
