"""Operators for accounts."""

import json
import uuid

import pytest

from airflow_provider_adls.gen1.errors import AccountNotFoundError, PathExistsError
from airflow_provider_adls.operators.accounts import (
    ADLSGen1CreateAccountOperator,
    ADLSGen1DeleteAccountOperator,
)


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


def create(name, **arguments):
    return run(ADLSGen1CreateAccountOperator, account_name=name, location="eastus2", **arguments)


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


def test_delete(name):
    """A second try finds the account gone, which is right unless told otherwise."""
    create(name)
    assert run(ADLSGen1DeleteAccountOperator, account_name=name) == {"name": name, "deleted": True}
    assert run(ADLSGen1DeleteAccountOperator, account_name=name) == {"name": name, "deleted": False}
    with pytest.raises(AccountNotFoundError):
        run(ADLSGen1DeleteAccountOperator, account_name=name, ignore_if_missing=False)
