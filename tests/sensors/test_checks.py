r"""The path sensor with a regular expression and with a function that decides; numbers as templates."""

import pytest
from airflow.providers.common.compat.sdk import DAG, AirflowSensorTimeout, AirflowSkipException, TaskDeferred

from airflow_provider_adls.sensors.adls_gen1 import (
    ADLSGen1DirectorySizeSensor,
    ADLSGen1PathSensor,
    ADLSGen1UnchangedSensor,
    ADLSGen1UpdatedSensor,
)
from airflow_provider_adls.triggers.adls_gen1 import ADLSGen1PathTrigger
from airflow_provider_adls.triggers.rendering import TriggerArgumentError

REGEX = r"/in/[ab]\d?\.csv"


def sensor(kind=ADLSGen1PathSensor, path="/in/*.csv", **arguments):
    return kind(task_id="wait", **{"path": path, "poke_interval": 0, "timeout": 0, **arguments})


@pytest.fixture
def lake(hook):
    """Three files of 1, 2 and 3 bytes."""
    hook.filesystem.pipe({"/in/a.csv": b"1", "/in/b2.csv": b"22", "/in/c.csv": b"333"})
    return hook.filesystem


async def event_of(trigger):
    """Run a trigger to its one event."""
    (event,) = [one.payload async for one in trigger.run()]
    return event


async def resumed(waiting, deferred, context):
    """Run the trigger that a task deferred to, and go on with the task."""
    event = {"event": await event_of(deferred.trigger), **(deferred.kwargs or {})}
    return waiting.resume_execution(deferred.method_name, event, context)


@pytest.mark.parametrize("deferrable", [False, True])
def test_a_regular_expression(lake, deferrable):
    """Paths that the whole expression matches are found, with conditions on size too."""
    found = sensor(path=REGEX, use_regex=True, deferrable=deferrable)
    assert found.execute({}) == ["/in/a.csv", "/in/b2.csv"]
    assert sensor(path=REGEX, use_regex=True, min_size=2).execute({}) == ["/in/b2.csv"]


def test_a_regular_expression_of_an_account(lake, account):
    """In a URL the account is not part of the expression, and results have the form of the path."""
    root = f"adl://{account}.azuredatalakestore.net"
    assert sensor(path=root + REGEX, use_regex=True).execute({}) == [f"{root}/in/a.csv", f"{root}/in/b2.csv"]


@pytest.mark.parametrize("path", ["/in/(", "in/a", "/in/a|/in/b", "/in/[z-a]"])
def test_a_wrong_expression(path):
    """What is not a regular expression is refused at parse, by the sensor and by a watcher's trigger."""
    with pytest.raises(ValueError, match="'wait', argument 'path': "):
        sensor(path=path, use_regex=True)
    with pytest.raises(TriggerArgumentError):
        ADLSGen1PathTrigger(path, use_regex=True)


def test_a_colon_in_an_expression(lake):
    """A group without a capture has a colon, which an expression may have and a path may not."""
    assert sensor(path=r"/in/(?:a|c)\.csv", use_regex=True).execute({}) == ["/in/a.csv", "/in/c.csv"]
    with pytest.raises(ValueError, match="argument 'path'"):
        sensor(path=r"/in/a:b")


async def test_a_trigger_with_an_expression(lake):
    """A trigger searches with the same expression."""
    event = await event_of(ADLSGen1PathTrigger(REGEX, use_regex=True))
    assert event == {"status": "success", "path": REGEX, "result": ["/in/a.csv", "/in/b2.csv"]}


@pytest.mark.parametrize("deferrable", [False, True])
def test_what_a_function_is_given(lake, deferrable):
    """It gets path, length and time of each match, and the context if it takes one."""
    given = []

    def check(files, **context):
        given.append((files, context))
        return True

    waiting = sensor(check_fn=check, deferrable=deferrable, max_paths=2)
    assert waiting.execute({"ds": "2026-01-01"}) == ["/in/a.csv", "/in/b2.csv"]
    ((files, context),) = given
    assert [(file["path"], file["length"]) for file in files] == [("/in/a.csv", 1), ("/in/b2.csv", 2)]
    assert files[0]["modified"] == lake.modified("/in/a.csv").isoformat(timespec="milliseconds")
    assert context == {"ds": "2026-01-01"}
    assert sensor(check_fn=lambda files: len(files) == 3, deferrable=deferrable).execute({})


def test_a_function_that_does_not_accept(lake, mocker):
    """The wait goes on until the function accepts."""
    mocker.patch("time.sleep", side_effect=lambda _: lake.pipe("/in/d.csv", b"4444"))
    waiting = sensor(check_fn=lambda files: sum(file["length"] for file in files) > 9, timeout=60)
    assert waiting.execute({})[-1] == "/in/d.csv"
    with pytest.raises(AirflowSensorTimeout):
        sensor(check_fn=lambda _: False).execute({})


async def test_a_function_of_a_deferred_task(lake):
    """It runs where the task goes on, with what the trigger found, and the task waits again if it refuses."""
    seen = []

    def check(files, **context):
        seen.append((len(files), context["ds"]))
        return len(seen) == 3

    waiting = sensor(check_fn=check, deferrable=True, timeout=600, poke_interval=0.01)
    context = {"ds": "2026-01-01"}
    with pytest.raises(TaskDeferred) as first:
        waiting.execute(context)
    with pytest.raises(TaskDeferred) as second:
        await resumed(waiting, first.value, context)
    assert await resumed(waiting, second.value, context) == ["/in/a.csv", "/in/b2.csv", "/in/c.csv"]
    assert seen == [(3, "2026-01-01")] * 3
    carried = [one.value.trigger.carried for one in (first, second)]
    assert [one["looks"] for one in carried] == [1, 2]
    assert len({one["since"] for one in carried}) == 1


def test_the_time_of_a_deferred_task(lake):
    """The time to wait is that of all its deferrals together: its end is an error, or a skipped task."""
    event = {"status": "success", "result": [], "files": [], "carried": {"looks": 7, "since": 0}}
    waiting = {"check_fn": lambda _: False, "deferrable": True, "timeout": 60}
    with pytest.raises(AirflowSensorTimeout, match="nothing in 60 s and 7 looks"):
        sensor(**waiting).resume_execution("execute_complete", {"event": event}, {})
    with pytest.raises(AirflowSkipException):
        sensor(soft_fail=True, **waiting).resume_execution("execute_complete", {"event": event}, {})


async def test_a_function_of_a_task_that_starts_in_the_triggerer(lake):
    """Its event holds the files, and the number of looks."""
    start = {"deferrable": True, "start_from_trigger": True, "timeout": 9}
    waiting = sensor(check_fn=lambda files: len(files) == 3, **start)
    event = await event_of(ADLSGen1PathTrigger(**waiting.start_trigger_args.trigger_kwargs))
    assert waiting.execute_complete({}, event) == event["result"]
    assert event["carried"]["looks"] == 1


@pytest.mark.parametrize(
    ("kind", "arguments", "found"),
    [
        (ADLSGen1PathSensor, {"min_matches": "{{ n }}", "min_size": "{{ n - 2 }}"}, True),
        (ADLSGen1PathSensor, {"max_size": "{{ none }}", "max_paths": "{{ n }}"}, True),
        (ADLSGen1PathSensor, {"path": r"/in/\w+\.csv", "use_regex": "{{ yes }}"}, True),
        (ADLSGen1PathSensor, {"min_age": "{{ n * 1000 }}"}, False),
        (ADLSGen1UpdatedSensor, {"since": "2020-01-01", "min_matches": "{{ n + 1 }}"}, False),
        (ADLSGen1UnchangedSensor, {"inactivity_period": "{{ n - 3 }}", "min_objects": "{{ n }}"}, True),
        (ADLSGen1UnchangedSensor, {"inactivity_period": 0, "allow_delete": "{{ yes }}"}, True),
        (ADLSGen1DirectorySizeSensor, {"path": "/in", "min_files": "{{ n }}", "min_bytes": "{{ 6 }}"}, True),
        (ADLSGen1DirectorySizeSensor, {"path": "/in", "min_files": "{{ n + 1 }}"}, False),
    ],
)
@pytest.mark.parametrize("native", [False, True])
async def test_templates_of_numbers_and_flags(lake, kind, arguments, found, native):
    """They hold what they are rendered to, as text or as native values, here and in the triggerer."""
    with DAG("numbers", schedule=None, render_template_as_native_obj=native):
        waiting = sensor(kind, deferrable=True, **arguments)
    waiting.render_template_fields({"n": 3, "yes": True, "none": None})
    waiting.validate(at_parse=False)
    assert (waiting.look({}) is not None) is found
    with pytest.raises(TaskDeferred) as deferred:
        waiting._defer()
    if found:
        event = await event_of(deferred.value.trigger)
        assert event["status"] == "success"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (ADLSGen1PathSensor, "min_matches"),
        (ADLSGen1PathSensor, "use_regex"),
        (ADLSGen1UnchangedSensor, "inactivity_period"),
        (ADLSGen1DirectorySizeSensor, "min_files"),
    ],
)
def test_a_template_that_gives_no_number(hook, kind, name):
    """What is rendered to something else is refused by its name, and not waited for."""
    waiting = sensor(kind, **{name: "{{ n }}"})
    waiting.render_template_fields({"n": "many"})
    with pytest.raises(ValueError, match=f"argument '{name}'"):
        waiting.execute({})
