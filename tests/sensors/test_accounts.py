"""The sensor of an account's state: waiting here, and handing over to the triggerer."""

import json
import uuid
from datetime import timedelta

import pytest
from airflow.providers.common.compat.sdk import AirflowSensorTimeout, AirflowSkipException, TaskDeferred

from airflow_provider_adls.model.errors import AccessDeniedError, AccountStateError
from airflow_provider_adls.sensors.accounts import ADLSGen1AccountStateSensor
from airflow_provider_adls.triggers.accounts import ADLSGen1AccountStateTrigger

OTHER = "22222222-2222-4222-8222-222222222222"
SECRET = "the~Sensor.Secret.0123456789"
FOUND = {"name": "mylake", "provisioning_state": "Succeeded", "state": "Active"}


@pytest.fixture
def name(hook):
    """Name of an account that is not there."""
    name = f"new{uuid.uuid4().hex[:16]}"
    yield name
    hook.delete_account(name)


def sensor(name, **arguments):
    return ADLSGen1AccountStateSensor(
        task_id="wait", account_name=name, **{"poke_interval": 0, "timeout": 0, **arguments}
    )


@pytest.mark.parametrize("deferrable", [False, True])
@pytest.mark.parametrize("states", [["Succeeded"], ["Active"], ("Suspended", "Active")])
def test_what_is_so_already(hook, account, states, deferrable):
    """A state that the account is in is returned at once, with the account, deferrable or not."""
    found = sensor(account, target_states=states, deferrable=deferrable).execute({})
    assert found == json.loads(json.dumps(found)) == hook.find_account(account)


@pytest.mark.parametrize("deferrable", [False, True])
def test_an_account_that_is_not_there(hook, name, deferrable):
    """It counts as deleted."""
    found = sensor(name, target_states=["Deleted"], deferrable=deferrable).execute({})
    assert found == {"name": name, "provisioning_state": "Deleted"}


def test_what_comes_later(hook, name, mocker):
    """It looks again after an interval, and finds the account that was made meanwhile."""
    mocker.patch("time.sleep", side_effect=lambda _: hook.create_account(name, "eastus2", if_exists="skip"))
    assert sensor(name, timeout=60).execute({})["provisioning_state"] == "Succeeded"


def test_time_is_up(hook, name):
    """The time that it may wait ends as with every sensor of Airflow: an error, or a skipped task."""
    with pytest.raises(AirflowSensorTimeout):
        sensor(name).execute({})
    with pytest.raises(AirflowSkipException):
        sensor(name, soft_fail=True).execute({})


@pytest.mark.parametrize("deferrable", [False, True])
def test_a_state_that_is_a_failure(hook, name, deferrable):
    """A state that there is no way out of fails the task at once, or skips it."""
    arguments = {"failure_states": ["Deleted"], "timeout": 60, "deferrable": deferrable}
    with pytest.raises(AccountStateError, match="the account is Deleted; expected Succeeded"):
        sensor(name, **arguments).execute({})
    with pytest.raises(AirflowSkipException):
        sensor(name, never_fail=True, **arguments).execute({})


def test_what_passes_is_waited_out(connect, account, emulator):
    """A throttle does not end it."""
    connect(retries=0)
    with emulator.faults.add(operation="accounts.get", account=account, times=2, status=429) as fault:
        assert sensor(account, timeout=60).execute({})["name"] == account
        assert fault.fired == 2


@pytest.mark.parametrize("deferrable", [False, True])
def test_a_missing_right_is_not_waited_for(connect, emulator, account, deferrable):
    """The first refusal fails the task."""
    emulator.add_principal(OTHER, SECRET)
    connect(login=OTHER, password=SECRET)
    with pytest.raises(AccessDeniedError):
        sensor(account, timeout=60, deferrable=deferrable).execute({})


def test_handing_over(hook, name):
    """What is not so yet is left to the triggerer, with all that it needs and no secret."""
    waiting = sensor(
        name,
        resource_group="rg",
        deferrable=True,
        poke_interval=timedelta(seconds=5),
        timeout=timedelta(minutes=2),
        exponential_backoff=True,
        max_wait=60,
    )
    with pytest.raises(TaskDeferred) as deferred:
        waiting.execute({})
    assert deferred.value.trigger.serialize() == (
        f"{ADLSGen1AccountStateTrigger.__module__}.ADLSGen1AccountStateTrigger",
        {
            "account_name": name,
            "resource_group": "rg",
            "target_states": ["Succeeded"],
            "failure_states": ["Failed", "Canceled"],
            "adls_gen1_conn_id": "adls_gen1_default",
            "poke_interval": 5.0,
            "exponential_backoff": True,
            "max_wait": 60.0,
            "silent_fail": False,
            "carried": None,
        },
    )
    assert deferred.value.timeout == timedelta(minutes=2)
    assert deferred.value.method_name == "execute_complete"


def test_the_trigger_s_event():
    """What the trigger saw is the result, and what it met is raised as its class."""
    task = sensor("mylake", target_states=["Active"])
    assert task.execute_complete({}, {"status": "success", "account": FOUND}) == FOUND
    gone = task.execute_complete({}, {"status": "success", "account": None})
    assert gone == {"name": "mylake", "provisioning_state": "Deleted"}
    with pytest.raises(AccessDeniedError, match="no"):
        task.execute_complete({}, {"status": "error", "error": "AccessDeniedError", "message": "no"})


def test_start_from_trigger():
    """It can start in the triggerer, with the arguments that it would defer with."""
    task = sensor("mylake", deferrable=True, start_from_trigger=True)
    assert task.start_from_trigger is True
    assert task.start_trigger_args.trigger_cls.endswith("accounts.ADLSGen1AccountStateTrigger")
    ADLSGen1AccountStateTrigger(**task.start_trigger_args.trigger_kwargs)
    assert sensor("mylake", start_from_trigger=True).start_from_trigger is False


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("account_name", "My-Lake"),
        ("resource_group", ""),
        ("target_states", []),
        ("target_states", "Succeeded"),
        ("target_states", ["Ready"]),
        ("failure_states", ["Ready"]),
        ("deferrable", "yes"),
        ("adls_gen1_conn_id", ""),
    ],
)
def test_wrong_arguments(name, value):
    """What cannot work is refused when the DAG is parsed, with the argument's name."""
    with pytest.raises(ValueError, match=f"ADLSGen1AccountStateSensor 'wait', argument '{name}': "):
        ADLSGen1AccountStateSensor(**{"task_id": "wait", "account_name": "mylake", name: value})


def test_no_failure_states(hook, account):
    """That no state is a failure can be said."""
    assert sensor(account, failure_states=[]).execute({})["name"] == account
