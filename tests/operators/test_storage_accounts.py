"""Operators for accounts with a connection that has a container (Gen2)."""

import json
import uuid

import pytest
from airflow.providers.common.compat.sdk import TaskDeferred

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.model.errors import InvalidRequestError
from airflow_provider_adls.operators.account_queries import ADLSGen1GetAccountOperator
from airflow_provider_adls.operators.account_rules import (
    ADLSGen1SetFirewallRulesOperator,
    ADLSGen1SetTrustedIdProvidersOperator,
)
from airflow_provider_adls.operators.accounts import (
    ADLSGen1CreateAccountOperator,
    ADLSGen1DeleteAccountOperator,
    ADLSGen1UpdateAccountOperator,
)
from airflow_provider_adls.sensors.accounts import ADLSGen1AccountStateSensor


@pytest.fixture
def hook(connect):
    """A hook whose connection, the default one, has a container."""
    return ADLSGen1Hook(connect(account_name=None, container="raw"))


@pytest.fixture
def name(hook):
    """Name of a storage account that does not exist; it is deleted after the test."""
    name = f"new{uuid.uuid4().hex[:16]}"
    yield name
    hook.delete_account(name)


def run(operator, **arguments):
    result = operator(task_id="task", **arguments).execute({})
    assert result == json.loads(json.dumps(result))
    return result


def containers(hook, name):
    return [one.name for one in hook.get_storage_client().blob_containers.list("rg", name)]


def test_the_same_tasks(hook, name):
    """Tasks that make, change, show, wait for and delete an account are the same as on Gen1."""
    made = run(
        ADLSGen1CreateAccountOperator,
        account_name=name,
        location="eastus2",
        tags={"team": "sales"},
        firewall_rules={"office": "203.0.113.0/24"},
        if_exists="update",
    )
    assert (made["created"], made["endpoint"]) == (True, f"{name}.dfs.core.windows.net")
    assert containers(hook, name) == ["raw"]
    sensor = ADLSGen1AccountStateSensor(task_id="usable", account_name=name, target_states=["Active"])
    assert sensor.poke({}).xcom_value["name"] == name
    rules = run(
        ADLSGen1SetFirewallRulesOperator, account_name=name, firewall_rules={"b": "192.0.2.1"}, purge=True
    )
    assert (rules["added"], rules["removed"]) == (["b"], ["203.0.113.0/24"])
    assert run(ADLSGen1UpdateAccountOperator, account_name=name, tags={})["tags"] == {}
    assert run(ADLSGen1GetAccountOperator, account_name=name)["hierarchical_namespace"] is True
    assert run(ADLSGen1DeleteAccountOperator, account_name=name) == {"name": name, "deleted": True}


def test_create_deferred(hook, name):
    """The container is made when the triggerer has seen that the account is ready."""
    task = ADLSGen1CreateAccountOperator(
        task_id="task", account_name=name, location="eastus2", deferrable=True
    )
    with pytest.raises(TaskDeferred) as caught:
        task.execute({})
    assert containers(hook, name) == []
    method = getattr(task, caught.value.method_name)
    carried = caught.value.trigger.serialize()[1]["carried"]
    event = {"status": "success", "carried": carried, "account": hook.find_account(name)}
    assert method({}, event) == {**hook.find_account(name), "created": True}
    assert containers(hook, name) == ["raw"]


@pytest.mark.parametrize(
    ("operator", "arguments", "said"),
    [
        (ADLSGen1CreateAccountOperator, {"location": "eastus2", "tier": "Consumption"}, "'tier'"),
        (ADLSGen1UpdateAccountOperator, {"default_group": "5d6e"}, "'default_group'"),
        (
            ADLSGen1SetTrustedIdProvidersOperator,
            {"trusted_id_providers": {"a": "https://sts.windows.net/x"}},
            "'trusted_id_providers'",
        ),
    ],
)
def test_what_gen2_has_not(hook, name, operator, arguments, said):
    """An argument that only Gen1 has is refused by its name when the task runs."""
    with pytest.raises(InvalidRequestError, match=f"{said} is for Gen1"):
        run(operator, account_name=name, **arguments)
