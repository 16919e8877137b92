"""The other sensors, and what all of them have in common."""

from datetime import UTC, datetime, timedelta

import pytest
from airflow.providers.common.compat.sdk import DAG, AirflowSensorTimeout, TaskDeferred
from airflow.triggers.base import BaseTrigger

from airflow_provider_adls.model.errors import PathNotFoundError
from airflow_provider_adls.sensors.adls_gen1 import (
    ADLSGen1DirectorySizeSensor,
    ADLSGen1PathSensor,
    ADLSGen1UnchangedSensor,
    ADLSGen1UpdatedSensor,
)

PAST, FUTURE = "2020-01-01T00:00:00+00:00", "2999-01-01T00:00:00+00:00"
#: Whether this Airflow renders the templates of a trigger that a task begins with.
RENDERS = hasattr(BaseTrigger, "render_template_fields")


def sensor(kind, path="/in", **arguments):
    return kind(task_id="wait", path=path, **{"poke_interval": 0, "timeout": 0, **arguments})


@pytest.fixture
def lake(hook):
    """Two files of 1 byte."""
    hook.filesystem.pipe({"/in/a.csv": b"1", "/in/b.csv": b"2"})
    return hook.filesystem


@pytest.mark.parametrize("deferrable", [False, True])
@pytest.mark.parametrize(
    ("kind", "arguments", "result"),
    [
        (ADLSGen1PathSensor, {"path": "/in/*", "min_size": 1, "max_age": 3600}, ["/in/a.csv", "/in/b.csv"]),
        (ADLSGen1PathSensor, {"path": "/in/*", "max_paths": 1}, ["/in/a.csv"]),
        (ADLSGen1UpdatedSensor, {"path": "/in/*", "since": PAST}, ["/in/a.csv", "/in/b.csv"]),
        (ADLSGen1UnchangedSensor, {"inactivity_period": timedelta(0)}, ["/in/a.csv", "/in/b.csv"]),
        (ADLSGen1DirectorySizeSensor, {"min_files": 2}, {"path": "/in", "files": 2, "bytes": 2}),
    ],
)
def test_what_holds_already(lake, kind, arguments, result, deferrable):
    """What holds at the first look is returned, in a worker, deferrable or not."""
    assert sensor(kind, deferrable=deferrable, **arguments).execute({}) == result


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        (ADLSGen1PathSensor, {"path": "/in/*", "min_age": 3600}),
        (ADLSGen1PathSensor, {"path": "/in/*", "min_matches": 3}),
        (ADLSGen1UpdatedSensor, {"path": "/in/*", "since": FUTURE}),
        (ADLSGen1UnchangedSensor, {"inactivity_period": 3600}),
        (ADLSGen1DirectorySizeSensor, {"min_bytes": 3}),
    ],
)
def test_what_does_not_hold_yet(lake, kind, arguments):
    """What does not hold is waited for, until the time is up; a trigger waits for the same."""
    with pytest.raises(AirflowSensorTimeout):
        sensor(kind, **arguments).execute({})
    with pytest.raises(TaskDeferred) as deferred:
        sensor(kind, deferrable=True, **arguments).execute({})
    trigger = deferred.value.trigger
    assert trigger.waits_for is kind.waits_for
    assert type(trigger).__name__ == kind.trigger_name
    assert trigger.serialize()[1].items() >= arguments.items()


def test_a_url_of_an_account(lake, account):
    """Paths are returned in the form in which they were asked for."""
    found = sensor(ADLSGen1PathSensor, f"adl://{account}/in/a*").execute({})
    assert found == [f"adl://{account}.azuredatalakestore.net/in/a.csv"]


def test_looks_are_remembered(lake, mocker):
    """In a worker that pokes, a file that vanishes between two looks is noticed."""
    mocker.patch("time.sleep", side_effect=lambda _: lake.rm_file("/in/a.csv"))
    waiting = sensor(ADLSGen1UnchangedSensor, inactivity_period=3600, allow_delete=False, timeout=3600)
    with pytest.raises(PathNotFoundError, match=r"/in/a\.csv"):
        waiting.execute({})


def test_nobody_remembers():
    """Where each look is made by another process, what asks for memory is refused at parse."""
    with pytest.raises(ValueError, match="'wait', argument 'allow_delete'"):
        sensor(ADLSGen1UnchangedSensor, allow_delete=False, mode="reschedule")


def test_since_when():
    """Without a time of its own, a sensor takes the start of the data interval, or when the run was due."""
    waiting = sensor(ADLSGen1UpdatedSensor)
    assert "since" in waiting.template_fields
    with DAG("updated", schedule=None):
        template = sensor(ADLSGen1UpdatedSensor)
    times = {"data_interval_start": PAST, "dag_run": type("Run", (), {"run_after": FUTURE})}
    assert template.render_template(template.since, times) == PAST
    del times["data_interval_start"]
    assert template.render_template(template.since, times) == FUTURE


def test_times_and_spans():
    """A time may be given as Python's, which Airflow could not template."""
    waiting = sensor(ADLSGen1UpdatedSensor, since=datetime(2026, 1, 1, tzinfo=UTC))
    assert waiting.since == "2026-01-01T00:00:00+00:00"


@pytest.mark.parametrize(
    ("kind", "arguments", "named"),
    [
        (ADLSGen1PathSensor, {"min_size": "1 GB"}, "min_size"),
        (ADLSGen1PathSensor, {"min_age": timedelta(seconds=-1)}, "min_age"),
        (ADLSGen1PathSensor, {"start_from_trigger": "yes"}, "start_from_trigger"),
        (ADLSGen1UpdatedSensor, {"since": "yesterday"}, "since"),
        (ADLSGen1UnchangedSensor, {"inactivity_period": "1h"}, "inactivity_period"),
        (ADLSGen1UnchangedSensor, {"allow_delete": 1}, "allow_delete"),
        (ADLSGen1DirectorySizeSensor, {}, "min_files"),
        (ADLSGen1DirectorySizeSensor, {"min_files": -1}, "min_files"),
    ],
)
def test_wrong_arguments(kind, arguments, named):
    """What cannot be right is refused when the DAG is parsed, by its name."""
    with pytest.raises(ValueError, match=f"'wait', argument '{named}'"):
        sensor(kind, **arguments)


def test_a_template_that_gives_no_time(hook):
    """A time that turns out to be none once it is rendered is refused, and not waited for."""
    waiting = sensor(ADLSGen1UpdatedSensor)
    waiting.since = "soon"
    with pytest.raises(ValueError, match="argument 'since'"):
        waiting.execute({})


def test_starting_from_the_trigger():
    """The arguments for Airflow to start with are those that the task would defer with."""
    waiting = sensor(ADLSGen1UnchangedSensor, deferrable=True, start_from_trigger=True, timeout=60)
    begun = waiting.start_trigger_args
    assert waiting.start_from_trigger
    assert begun.trigger_cls.endswith(".ADLSGen1UnchangedTrigger")
    assert begun.trigger_kwargs["inactivity_period"] == 3600
    assert begun.next_method == "execute_complete"
    assert begun.timeout == timedelta(seconds=60)


@pytest.mark.parametrize(
    ("arguments", "starts"),
    [
        ({"path": "/{{ ds }}/*"}, RENDERS),
        ({"deferrable": False}, False),
        ({"account_name": "{{ params.account }}"}, RENDERS),
        ({"path": "/{{ dag_run.conf['folder'] | lower }}/{{ macros.ds_add(ds, 1) }}"}, RENDERS),
        ({"path": "/{% if params.x is defined %}a{% else %}b{% endif %}"}, RENDERS),
        ({"path": "/{% for day in range(1) %}{{ day }}{% endfor %}"}, RENDERS),
        ({"path": "/{{ ti.xcom_pull('other') }}"}, False),
        ({"path": "/{{ task_instance.xcom_pull('other') }}"}, False),
        ({"path": "/{{ var.value.folder }}"}, False),
        ({"path": "/{{ conn.lake.host }}"}, False),
        ({"path": "/{{ prev_start_date_success | ds }}"}, False),
        ({"path": "/{{ ds | shout }}"}, False),
        ({"path": "/{{ folder_of(ds) }}"}, False),
        ({"path": "/{% include 'path.txt' %}"}, False),
        ({"path": "/{{ ds"}, False),
        ({"adls_gen1_conn_id": "{{ ti.xcom_pull('other') }}"}, False),
    ],
)
def test_where_it_cannot_start_from_the_trigger(arguments, starts):
    """What this Airflow would give a trigger as it stands begins in a worker; so does what does not defer."""
    waiting = sensor(ADLSGen1PathSensor, **{"deferrable": True, "start_from_trigger": True, **arguments})
    assert waiting.start_from_trigger is starts


@pytest.mark.parametrize(
    "own",
    [
        {"user_defined_macros": {"ds": "x"}},
        {"user_defined_filters": {"lower": str.upper}},
        {"jinja_environment_kwargs": {"variable_start_string": "<<"}},
    ],
)
def test_a_dags_own_templates_cannot_start_from_the_trigger(own):
    """What the DAG renders in its own way is rendered in a worker, under a name that others have, too."""
    start = {"deferrable": True, "start_from_trigger": True}
    with DAG("own", schedule=None, **own):
        assert sensor(ADLSGen1PathSensor, path="/{{ ds | lower }}", **start).start_from_trigger is False
    with DAG("plain", schedule=None, user_defined_macros={"other": 1}):
        assert sensor(ADLSGen1PathSensor, path="/{{ ds | lower }}", **start).start_from_trigger is RENDERS


def test_another_tasks_result_cannot_start_from_the_trigger():
    """A path that another task gives is not known in the triggerer."""
    with DAG("given", schedule=None):
        first = sensor(ADLSGen1PathSensor)
        second = ADLSGen1PathSensor(
            task_id="second", path=first.output, deferrable=True, start_from_trigger=True
        )
    assert second.start_from_trigger is False
