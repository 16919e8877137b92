"""Operators for accounts."""

import asyncio
import datetime as dt
import json
import signal
import subprocess
import sys
import time
import uuid
from types import SimpleNamespace

import pytest
from airflow.providers.common.compat.sdk import TaskDeferred

from airflow_provider_adls.model.errors import (
    AccessDeniedError,
    AccountNotFoundError,
    PathExistsError,
    RequestError,
)
from airflow_provider_adls.operators.accounts import (
    ADLSGen1CreateAccountOperator,
    ADLSGen1DeleteAccountOperator,
    ADLSGen1UpdateAccountOperator,
)
from tests.operators.cases.accounts import PROVIDER, SUBNET, VAULT


@pytest.fixture
def name(hook):
    """Name of an account that is not there."""
    name = f"new{uuid.uuid4().hex[:16]}"
    yield name
    hook.delete_account(name)


def run(operator, context=None, **arguments):
    """Render templates and execute, as Airflow does; the result is what XCom would hold."""
    task = operator(task_id="task", **arguments)
    task.render_template_fields(context or {})
    result = task.execute(context or {})
    assert result == json.loads(json.dumps(result))
    return result


def create(name, *, context=None, **arguments):
    return run(ADLSGen1CreateAccountOperator, context, account_name=name, location="eastus2", **arguments)


def test_create(name, hook):
    """The account is there, with all that was asked for, by templates too."""
    made = run(
        ADLSGen1CreateAccountOperator,
        {"name": name, "team": "sales"},
        account_name="{{ name }}",
        location="eastus2",
        resource_group="rg",
        tags={"team": "{{ team }}"},
        tier="Commitment_1TB",
        encryption="Disabled",
    )
    assert (made["name"], made["tags"], made["created"]) == (name, {"team": "sales"}, True)
    account = hook.get_account(name)
    assert (account.new_tier, account.encryption_state) == ("Commitment_1TB", "Disabled")


def test_create_again(name):
    """An account that is there is an error, left, or updated."""
    create(name)
    with pytest.raises(PathExistsError):
        create(name)
    assert create(name, tags={"a": "b"}, if_exists="skip")["tags"] == {}
    assert create(name, tags={"a": "b"}, if_exists="update")["tags"] == {"a": "b"}


def test_create_without_waiting(name):
    """The task may end before the account can be used."""
    assert create(name, wait_for_completion=False)["provisioning_state"] == "Creating"


def test_create_with_everything(name, hook):
    """Rules, switches, identity and key are of the new account."""
    create(
        name,
        encryption="UserManaged",
        key_vault_id=VAULT,
        key_name="key",
        key_version="{{ 1 }}",
        firewall_rules={"office": "203.0.113.0/24"},
        virtual_network_rules={"workers": SUBNET},
        trusted_id_providers={"partner": PROVIDER},
        firewall_enabled=True,
        allow_azure_ips=True,
        trusted_id_providers_enabled=True,
        default_group="5f6d1b9a-0000-4000-8000-000000000001",
    )
    described = hook.describe(name)
    assert described["encryption"]["key_version"] == "1"
    assert described["firewall_rules"] == {"office": ["203.0.113.0", "203.0.113.255"]}
    assert described["virtual_network_rules"] == {"workers": SUBNET}
    assert described["trusted_id_providers"] == {"partner": PROVIDER}
    assert described["firewall_enabled"]
    assert described["allow_azure_ips"]
    assert described["trusted_id_providers_enabled"]
    assert described["default_group"] == "5f6d1b9a-0000-4000-8000-000000000001"
    assert described["identity"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"encryption": "UserManaged"}, "UserManaged needs key_vault_id, key_name, key_version too"),
        (
            {"encryption": "UserManaged", "key_name": "key", "key_version": "1"},
            "UserManaged needs key_vault_id too",
        ),
        ({"key_name": "key"}, "key_name only go with the encryption UserManaged"),
        ({"encryption": "ServiceManaged", "key_version": "1"}, "key_version only go with"),
    ],
)
def test_key_in_part(arguments, said):
    """A key that is named in part, or for nothing, is refused at parse; with a template, before the work."""
    with pytest.raises(ValueError, match=f"argument 'encryption': .*{said}"):
        ADLSGen1CreateAccountOperator(task_id="task", account_name="mylake", location="eastus2", **arguments)
    with pytest.raises(ValueError, match="argument 'encryption': UserManaged needs"):
        run(
            ADLSGen1CreateAccountOperator,
            {"kind": "UserManaged"},
            account_name="mylake",
            location="eastus2",
            encryption="{{ kind }}",
        )


def test_ensure_resource_group(name, hook):
    """The group is made with the account, and the second time it is there."""
    group = f"group{name[3:]}"
    try:
        for _ in range(2):
            made = create(name, resource_group=group, ensure_resource_group=True, if_exists="skip")
            assert made["resource_group"] == group
    finally:
        with hook.get_resource_client() as client:
            client.resource_groups.begin_delete(group).wait()
    assert hook.find_account(name, group) is None
    assert run(ADLSGen1DeleteAccountOperator, account_name=name, resource_group=group)["deleted"] is False


def test_resource_group_that_is_missing(name, hook):
    """Whether the group is made is asked for."""
    with pytest.raises(RequestError, match="'nosuchgroup' could not be found"):
        create(name, resource_group="nosuchgroup")


def test_resource_group_without_the_extra(monkeypatch):
    """Where azure-mgmt-resource is missing, the DAG's parse says so."""
    monkeypatch.setitem(sys.modules, "azure.mgmt.resource", None)
    monkeypatch.delitem(sys.modules, "azure.mgmt.resource.resources", raising=False)
    with pytest.raises(ValueError, match="'ensure_resource_group': needs azure-mgmt-resource: pip install"):
        ADLSGen1CreateAccountOperator(
            task_id="task", account_name="mylake", location="eastus2", ensure_resource_group=True
        )


def context(*, tries=1, began=None):
    """What Airflow gives to a task at its try."""
    began = began or dt.datetime.now(dt.UTC) - dt.timedelta(seconds=5)
    return {"ti": SimpleNamespace(try_number=tries), "dag_run": SimpleNamespace(start_date=began)}


@pytest.mark.parametrize("if_exists", ["fail", "skip", "update"])
def test_second_try_after_a_kill(name, if_exists):
    """A first try that was killed while the account was being made does not fail the second one."""
    create(name, wait_for_completion=False)
    made = create(name, context=context(tries=2), if_exists=if_exists)
    assert (made["created"], made["provisioning_state"]) == (True, "Succeeded")


def test_a_worker_that_is_killed(name, hook, emulator):
    """A worker that is killed as it waits for its new account leaves it to the next try, which succeeds."""
    began = dt.datetime.now(dt.UTC)
    code = (
        "from airflow_provider_adls.operators.accounts import ADLSGen1CreateAccountOperator as Operator\n"
        f"Operator(task_id='task', account_name={name!r}, location='eastus2').execute({{}})"
    )
    emulator.clear_requests()
    with emulator.faults.add(operation="locations.operation_status", delay=120):
        worker = subprocess.Popen([sys.executable, "-c", code])
        try:
            while hook.find_account(name) is None:
                assert worker.poll() is None
                time.sleep(0.05)
        finally:
            worker.kill()
            worker.wait()
    assert worker.returncode == -signal.SIGKILL
    made = create(name, context=context(tries=2, began=began))
    assert (made["created"], made["state"]) == (True, "Active")


def test_second_try_in_vain(name):
    """What was there before the run began was not made by its first try, nor was anything by a first try."""
    create(name)
    later = context(tries=2, began=dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5))
    for known in (later, context(tries=1)):
        with pytest.raises(PathExistsError):
            create(name, context=known)


def complete(task, deferred, **event):
    """What a deferred task returns when the trigger has ended."""
    method = getattr(task, deferred.method_name)
    carried = deferred.trigger.serialize()[1]["carried"]
    return method({}, {"status": "success", "carried": carried, **event}, **(deferred.kwargs or {}))


def defer(operator, **arguments):
    """A task that is deferred, and how."""
    task = operator(task_id="task", deferrable=True, execution_timeout=dt.timedelta(minutes=9), **arguments)
    with pytest.raises(TaskDeferred) as caught:
        task.execute({})
    return task, caught.value


def test_create_deferred(name, hook):
    """The triggerer waits for a new account, and the result is the same."""
    task, deferred = defer(ADLSGen1CreateAccountOperator, account_name=name, location="eastus2")
    _, arguments = deferred.trigger.serialize()
    assert arguments["target_states"] == ["Succeeded"]
    assert arguments["failure_states"] == ["Failed", "Canceled", "Deleted"]
    assert deferred.timeout == dt.timedelta(minutes=9)
    hook.get_account(name)
    result = complete(task, deferred, account=hook.find_account(name))
    assert result == {**hook.find_account(name), "created": True}
    with pytest.raises(AccessDeniedError, match="no"):
        task.execute_complete({}, {"status": "error", "error": "AccessDeniedError", "message": "no"})


def test_update_of_an_account_that_is_being_made(name, hook):
    """Deferred too, what is to be updated is updated once it can be."""
    create(name, wait_for_completion=False)
    task, deferred = defer(
        ADLSGen1CreateAccountOperator,
        account_name=name,
        location="eastus2",
        tags={"a": "b"},
        if_exists="update",
    )
    hook.get_account(name)
    result = complete(task, deferred, account=hook.find_account(name))
    assert (result["created"], result["tags"]) == (False, {"a": "b"})


def test_nothing_to_wait_for(hook, account):
    """What is done at once is not deferred."""
    assert create(account, if_exists="skip", deferrable=True)["created"] is False
    updated = run(ADLSGen1UpdateAccountOperator, account_name=account, tags={"a": "b"}, deferrable=True)
    assert updated["tags"] == {"a": "b"}


def test_default_of_deferrable(monkeypatch):
    """Whether a task is deferred is as Airflow's configuration says, where the DAG does not."""
    monkeypatch.setenv("AIRFLOW__OPERATORS__DEFAULT_DEFERRABLE", "True")
    code = (
        "from airflow_provider_adls.operators.accounts import ADLSGen1DeleteAccountOperator as Operator\n"
        "print(Operator(task_id='task', account_name='mylake').deferrable)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.split()[-1] == "True"


def test_update(account, hook):
    """Tags, tier, group and switches are changed, each on its own, and what is not given stays."""
    run(ADLSGen1UpdateAccountOperator, account_name=account, tags={"a": "{{ 1 }}"}, tier="Commitment_1TB")
    updated = run(
        ADLSGen1UpdateAccountOperator,
        account_name=account,
        default_group="5f6d1b9a-0000-4000-8000-000000000002",
        firewall_enabled=False,
        allow_azure_ips=True,
        trusted_id_providers_enabled=True,
    )
    assert updated["tags"] == {"a": "1"}
    described = hook.describe(account)
    assert (described["tier"], described["firewall_enabled"]) == ("Commitment_1TB", False)
    assert described["allow_azure_ips"]
    assert described["trusted_id_providers_enabled"]
    assert described["default_group"] == "5f6d1b9a-0000-4000-8000-000000000002"
    assert run(ADLSGen1UpdateAccountOperator, account_name=account, tags={})["tags"] == {}


def test_update_rotates_the_key(name, hook):
    """An account with a key of the user's goes over to another version of it, and no other account does."""
    key = {"key_vault_id": VAULT, "key_name": "key", "key_version": "1"}
    create(name, encryption="UserManaged", **key)
    run(ADLSGen1UpdateAccountOperator, account_name=name, key_version="2")
    assert hook.describe(name)["encryption"]["key_version"] == "2"


def test_update_of_an_account_without_a_key(hook, account):
    """The service's refusal is raised."""
    with pytest.raises(RequestError, match=r"accounts\.update"):
        run(ADLSGen1UpdateAccountOperator, account_name=account, key_version="2")


def test_update_of_nothing():
    """A task that would change nothing is refused when the DAG is parsed."""
    with pytest.raises(ValueError, match=r"argument 'tags': set it or another setting: tier, "):
        ADLSGen1UpdateAccountOperator(task_id="task", account_name="mylake")


def test_update_of_a_missing_account(name):
    """There is nothing to update."""
    with pytest.raises(AccountNotFoundError):
        run(ADLSGen1UpdateAccountOperator, account_name=name, tags={})


def test_delete(name):
    """A second try finds the account gone, which is an error only with `ignore_if_missing=False`."""
    create(name)
    assert run(ADLSGen1DeleteAccountOperator, account_name=name) == {"name": name, "deleted": True}
    assert run(ADLSGen1DeleteAccountOperator, account_name=name) == {"name": name, "deleted": False}
    with pytest.raises(AccountNotFoundError):
        run(ADLSGen1DeleteAccountOperator, account_name=name, ignore_if_missing=False)


def test_delete_deferred(name, hook, mocker):
    """The triggerer waits until an account is gone; one that is gone at once needs no waiting."""
    create(name)
    arguments = {"account_name": name, "deferrable": True}
    assert run(ADLSGen1DeleteAccountOperator, **arguments) == {"name": name, "deleted": True}
    create(name)
    # The emulator, like the service in its recordings, deletes at once.
    mocker.patch.object(type(hook), "find_account", return_value=hook.find_account(name))
    task, deferred = defer(ADLSGen1DeleteAccountOperator, account_name=name)
    _, passed = deferred.trigger.serialize()
    assert (passed["target_states"], passed["failure_states"]) == (["Deleted"], ["Failed", "Canceled"])
    assert complete(task, deferred, account=None) == {"name": name, "deleted": True}


def test_a_trigger_ends_what_a_task_began(name, hook):
    """Task and trigger, as Airflow puts them together: the account can be used when the task goes on."""
    task, deferred = defer(
        ADLSGen1CreateAccountOperator, account_name=name, location="eastus2", poll_interval=0.05
    )

    async def wait():
        return [event.payload async for event in deferred.trigger.run()]

    (event,) = asyncio.run(wait())
    result = getattr(task, deferred.method_name)({}, event)
    assert (result["created"], result["state"]) == (True, "Active")
