"""The path sensor: waiting here, and handing over to the triggerer."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from airflow.providers.common.compat.sdk import (
    DAG,
    AirflowException,
    AirflowNotFoundException,
    AirflowSensorTimeout,
    AirflowSkipException,
    TaskDeferred,
)

from airflow_provider_adls.connection.stored import ConnectionNotFoundError
from airflow_provider_adls.lake.view import View
from airflow_provider_adls.model.errors import AccessDeniedError, ADLSGen1Error, ThrottledError
from airflow_provider_adls.sensors.adls_gen1 import ADLSGen1PathSensor
from airflow_provider_adls.triggers.adls_gen1 import ADLSGen1PathTrigger

OTHER = "77777777-7777-4777-8777-777777777777"
SECRET = "the~Third.Secret.0123456789"


def sensor(path="/in/*.csv", **arguments):
    return ADLSGen1PathSensor(task_id="wait", path=path, **{"poke_interval": 0, "timeout": 0, **arguments})


@pytest.mark.parametrize("deferrable", [False, True])
@pytest.mark.parametrize(
    ("path", "found"),
    [("/in/*.csv", ["/in/a.csv", "/in/b.csv"]), ("/in/a.csv", ["/in/a.csv"]), ("/in", ["/in"])],
)
def test_existing_paths(hook, path, found, deferrable):
    """An existing path is returned at once, deferrable or not."""
    for name in ("/in/b.csv", "/in/a.csv"):
        hook.filesystem.pipe(name, b"x")
    assert sensor(path, deferrable=deferrable).execute({}) == found


def test_what_comes_later(hook, mocker):
    """It looks again after an interval, and finds what came meanwhile."""
    mocker.patch("time.sleep", side_effect=lambda _: hook.filesystem.pipe("/in/a.csv", b"x"))
    assert sensor(timeout=60).execute({}) == ["/in/a.csv"]


def test_time_is_up(hook):
    """The time that it may wait ends as with every sensor of Airflow: an error, or a skipped task."""
    with pytest.raises(AirflowSensorTimeout):
        sensor().execute({})
    with pytest.raises(AirflowSkipException):
        sensor(soft_fail=True).execute({})


def test_handing_over(hook, account):
    """What is not there is left to the triggerer, with all that it needs and no secret."""
    waiting = sensor(
        deferrable=True,
        account_name=account,
        poke_interval=timedelta(seconds=5),
        timeout=timedelta(minutes=2),
        exponential_backoff=True,
        max_wait=60,
        min_age=timedelta(seconds=30),
    )
    with pytest.raises(TaskDeferred) as deferred:
        waiting.execute({})
    assert deferred.value.trigger.serialize() == (
        f"{ADLSGen1PathTrigger.__module__}.ADLSGen1PathTrigger",
        {
            "path": "/in/*.csv",
            "adls_gen1_conn_id": "adls_gen1_default",
            "account_name": account,
            "poke_interval": 5.0,
            "exponential_backoff": True,
            "max_wait": 60.0,
            "silent_fail": False,
            "batch_size": 500,
            "carried": None,
            "min_size": None,
            "max_size": None,
            "min_age": 30.0,
            "max_age": None,
            "since": None,
            "min_matches": 1,
            "max_paths": 1000,
            "use_regex": False,
        },
    )
    assert deferred.value.timeout == timedelta(minutes=2)
    assert deferred.value.method_name == "execute_complete"


def test_time_is_up_for_the_triggerer(hook):
    """Airflow's word that the trigger's time is up ends the task as a sensor's own would."""
    resumed = ("__fail__", {"error": "Trigger timeout"}, {})
    with pytest.raises(AirflowException):
        sensor(deferrable=True).resume_execution(*resumed)
    with pytest.raises(AirflowSkipException):
        sensor(deferrable=True, soft_fail=True).resume_execution(*resumed)


def test_what_the_trigger_found():
    """The paths of the event are what the task returns."""
    event = {"status": "success", "path": "/in/*", "result": ["/in/a.csv"]}
    assert sensor().execute_complete({}, event) == ["/in/a.csv"]


@pytest.mark.parametrize(
    ("name", "raised"),
    [
        ("AccessDeniedError", AccessDeniedError),
        ("AirflowNotFoundException", ConnectionNotFoundError),
        ("KeyError", ADLSGen1Error),
    ],
)
def test_what_the_trigger_met(name, raised):
    """A lasting failure is raised with its class, and `soft_fail` does not skip the task."""
    event = {"status": "error", "error": name, "message": "you may not"}
    with pytest.raises(raised, match="you may not") as caught:
        sensor(soft_fail=True).resume_execution("execute_complete", {"event": event}, {})
    assert type(caught.value) is raised


def test_never_fail():
    """With `never_fail` it is."""
    event = {"status": "error", "error": "AccessDeniedError", "message": "you may not"}
    with pytest.raises(AirflowSkipException):
        sensor(never_fail=True).resume_execution("execute_complete", {"event": event}, {})


@pytest.mark.parametrize("deferrable", [False, True])
def test_a_connection_that_is_missing(deferrable):
    """No error of ours is waited out, and skipped for, as ours are."""
    lacking = {"adls_gen1_conn_id": "no_such_connection", "deferrable": deferrable}
    with pytest.raises(AirflowNotFoundException):
        sensor(**lacking).execute({})
    with pytest.raises(AirflowSkipException):
        sensor(never_fail=True, **lacking).execute({})
    with pytest.raises(TaskDeferred if deferrable else AirflowSensorTimeout):
        sensor(silent_fail=True, **lacking).execute({})


@pytest.mark.parametrize("deferrable", [False, True])
def test_a_missing_right_is_not_waited_for(connect, emulator, deferrable):
    """The task fails at the first refusal, unless `silent_fail` or `never_fail` is set."""
    emulator.add_principal(OTHER, SECRET)
    connect(login=OTHER, password=SECRET)
    with pytest.raises(AccessDeniedError):
        sensor(timeout=60, soft_fail=True, deferrable=deferrable).execute({})
    with pytest.raises(AirflowSkipException):
        sensor(never_fail=True, deferrable=deferrable).execute({})
    with pytest.raises(TaskDeferred if deferrable else AirflowSensorTimeout):
        sensor(silent_fail=True, deferrable=deferrable).execute({})


@pytest.fixture
def throttled_once(hook, mocker):
    """A file is there, and the first look is refused because of too many requests."""
    hook.filesystem.pipe("/in/a.csv", b"x")
    real = View.status
    answers = iter([ThrottledError("slow down")])

    async def status(self, path):
        for error in answers:
            raise error
        return await real(self, path)

    mocker.patch.object(View, "status", status)


def test_a_throttle_is_waited_out(throttled_once):
    """A failure that passes is as if nothing were there."""
    assert sensor(timeout=60).execute({}) == ["/in/a.csv"]


def test_a_throttle_is_left_to_the_triggerer(throttled_once):
    """The same, deferrable."""
    with pytest.raises(TaskDeferred):
        sensor(deferrable=True).execute({})


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"path": "in/a.csv"}, "path"),
        ({"path": "/a", "account_name": "no such"}, "account_name"),
        ({"path": "/a", "deferrable": "yes"}, "deferrable"),
    ],
)
def test_wrong_arguments(arguments, named):
    """What cannot be right is refused when the DAG is parsed."""
    with pytest.raises(ValueError, match=f"'wait', argument '{named}'"):
        sensor(**arguments)


def test_a_template_that_gives_nothing(hook):
    """A path that is empty once it is rendered is refused, and not waited for."""
    waiting = sensor("{{ params.path }}", deferrable=True)
    waiting.path = ""
    with pytest.raises(ValueError, match="argument 'path'"):
        waiting.execute({})


def test_mapping():
    """It can be mapped over paths."""
    with DAG("mapped_sensors", schedule=None):
        mapped = ADLSGen1PathSensor.partial(task_id="wait", deferrable=True, poke_interval=5)
        assert mapped.expand(path=["/a", "/b"]).task_id == "wait"


@pytest.mark.parametrize(("configured", "expected"), [("True", "True"), ("False", "False")])
def test_deferrable_by_configuration(configured, expected):
    """Whether it defers is Airflow's configuration to say, where the DAG does not."""
    program = (
        "from airflow_provider_adls.sensors.adls_gen1 import ADLSGen1PathSensor as Sensor;"
        "print(Sensor(task_id='wait', path='/a').deferrable)"
    )
    environment = {**os.environ, "AIRFLOW__OPERATORS__DEFAULT_DEFERRABLE": configured}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert done.stdout.split()[-1:] == [expected], done.stderr
