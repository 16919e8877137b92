"""Operators that ask the Resource Manager."""

import json
import uuid

import pytest

from airflow_provider_adls.model.errors import AccountNotFoundError, RequestError
from airflow_provider_adls.operators.account_queries import (
    ADLSGen1CheckAccountNameOperator,
    ADLSGen1GetAccountOperator,
    ADLSGen1ListAccountsOperator,
    ADLSGen1LocationCapabilityOperator,
    ADLSGen1LocationUsagesOperator,
)


def run(operator, context=None, **arguments):
    """Render templates and execute, as Airflow does; the result is what XCom would hold."""
    task = operator(task_id="task", **arguments)
    task.render_template_fields(context or {})
    result = task.execute(context or {})
    assert result == json.loads(json.dumps(result))
    return result


def test_get(hook, account):
    """An account by its short or full name, with its settings; and one that is not there."""
    for name in ("{{ name }}", "{{ name }}.azuredatalakestore.net"):
        found = run(ADLSGen1GetAccountOperator, {"name": account}, account_name=name)
        assert found == hook.describe(account)
    with pytest.raises(AccountNotFoundError):
        run(ADLSGen1GetAccountOperator, account_name="nosuchaccount")


def test_list(hook, account):
    """Accounts of the subscription, of a group, and those that a filter lets through."""
    everywhere = run(ADLSGen1ListAccountsOperator)
    assert hook.find_account(account) in everywhere
    in_group = run(ADLSGen1ListAccountsOperator, resource_group="rg")
    assert account in [one["name"] for one in in_group]
    filtered = run(ADLSGen1ListAccountsOperator, {"name": account}, filter_by="name eq '{{ name }}'")
    assert [one["name"] for one in filtered] == [account]
    assert len(run(ADLSGen1ListAccountsOperator, top=1)) == 1


def test_filter_that_is_none(hook):
    """A filter that the service does not understand is an error."""
    with pytest.raises(RequestError, match=r"accounts\.list"):
        run(ADLSGen1ListAccountsOperator, filter_by="name or so")


def test_check_name(hook, account):
    """A name is free or taken."""
    free = f"new{uuid.uuid4().hex[:16]}"
    said = run(ADLSGen1CheckAccountNameOperator, account_name=free, location="eastus2")
    assert (said["name"], said["available"]) == (free, True)
    taken = run(ADLSGen1CheckAccountNameOperator, account_name=account, location="East US 2")
    assert (taken["available"], taken["reason"]) == (False, "AlreadyExists")


def test_location(hook, account):
    """What a region offers, and how much of it is used."""
    capability = run(ADLSGen1LocationCapabilityOperator, {"region": "eastus2"}, location="{{ region }}")
    assert capability == hook.location_capability("eastus2")
    assert run(ADLSGen1LocationUsagesOperator, location="East US 2") == hook.location_usages("eastus2")
