"""Accounts through the hook, at the emulator's Resource Manager."""

import json
import uuid

import pytest

from airflow_provider_adls.gen1.errors import (
    AccountNotFoundError,
    ConnectionFieldError,
    InvalidRequestError,
    PathError,
    PathExistsError,
    ServiceFailureError,
)
from airflow_provider_adls.hooks import accounts
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


@pytest.fixture
def name(hook):
    """Name of an account that is not there."""
    name = f"new{uuid.uuid4().hex[:16]}"
    yield name
    hook.delete_account(name)


def test_create(hook, name):
    """A new account is described, and can be used when it is."""
    made = hook.create_account(name, "eastus2", tags={"team": "sales"}, tier="Commitment_1TB")
    assert made == {
        "id": hook.get_account(name).id,
        "name": name,
        "resource_group": "rg",
        "location": "eastus2",
        "provisioning_state": "Succeeded",
        "state": "Active",
        "endpoint": f"{name}.azuredatalakestore.net",
        "tags": {"team": "sales"},
        "created": True,
    }
    assert made == json.loads(json.dumps(made))
    assert hook.get_account(name).new_tier == "Commitment_1TB"
    assert hook.filesystem_of(name).ls("/") == []


def test_create_obeys_retry_after(hook, name, emulator):
    """Creation is looked at until it is done, at the pace that the service names and not the SDK's 30 s."""
    emulator.clear_requests()
    hook.create_account(name, "eastus2")
    polls = [request for request in emulator.requests if "operationResults" in request.path]
    assert len(polls) >= 1


def test_create_without_waiting(hook, name):
    """Without waiting the account is described as it is at once."""
    made = hook.create_account(name, "eastus2", wait_for_completion=False)
    assert (made["provisioning_state"], made["created"]) == ("Creating", True)


def test_skip_waits_for_an_account_that_is_being_made(hook, name, monkeypatch):
    """A second try, after the first was stopped while the account was made, waits until it can be used."""
    monkeypatch.setattr(accounts, "_LOOK_EVERY", 0.01)
    hook.create_account(name, "eastus2", wait_for_completion=False)
    taken = hook.create_account(name, "eastus2", if_exists="skip")
    assert (taken["provisioning_state"], taken["created"]) == ("Succeeded", False)


def test_an_account_that_is_never_ready(hook, name, monkeypatch):
    """An account that is being made for too long is given up, with its state."""
    monkeypatch.setattr(accounts, "_GIVE_UP_AFTER", 0.0)
    hook.create_account(name, "eastus2", wait_for_completion=False)
    with pytest.raises(ServiceFailureError, match="still Creating after 0 s"):
        hook.create_account(name, "eastus2", if_exists="skip")


def test_create_existing_fails(hook, account):
    """An account that is there is an error, which says what to do, where nothing else is asked for."""
    with pytest.raises(PathExistsError, match=r"exists already.*if_exists may be skip or update") as caught:
        hook.create_account(account, "eastus2")
    assert caught.value.account == account


def test_create_existing_is_skipped(hook, account):
    """An account that is there is left as it is, where that is asked for."""
    before = hook.get_account(account)
    skipped = hook.create_account(account, "eastus2", tags={"a": "b"}, if_exists="skip")
    assert (skipped["created"], skipped["tags"]) == (False, dict(before.tags or {}))


def test_create_existing_is_updated(hook, account):
    """An account that is there gets the tags and the tier, where that is asked for, and no more."""
    group = hook.get_account(account).default_group
    updated = hook.create_account(
        account, "East US 2", tags={"a": "b"}, tier="Commitment_10TB", if_exists="update"
    )
    assert (updated["created"], updated["tags"]) == (False, {"a": "b"})
    assert (hook.get_account(account).new_tier, hook.get_account(account).default_group) == (
        "Commitment_10TB",
        group,
    )


def test_update_cannot_move_an_account(hook, account):
    """An account is not updated to another region."""
    with pytest.raises(InvalidRequestError, match="is in eastus2 and cannot move to westeurope"):
        hook.create_account(account, "westeurope", if_exists="update")


def test_update(hook, account):
    """Tags are replaced as a whole, and can be emptied."""
    assert hook.update_account(account, tags={"a": "1", "b": "2"})["tags"] == {"a": "1", "b": "2"}
    assert hook.update_account(account, tags={"b": "3"})["tags"] == {"b": "3"}
    assert hook.update_account(account, tags={})["tags"] == {}


def test_delete(hook, name):
    """A deleted account is gone, and deleting it again is right unless told otherwise."""
    hook.create_account(name, "eastus2")
    assert hook.delete_account(f"{name}.azuredatalakestore.net") == {"name": name, "deleted": True}
    assert hook.delete_account(name) == {"name": name, "deleted": False}
    with pytest.raises(AccountNotFoundError, match="no such account in resource group rg"):
        hook.delete_account(name, ignore_if_missing=False)


def test_get_missing(hook, name):
    """A missing account is an error with account, status, code and request id."""
    with pytest.raises(AccountNotFoundError) as caught:
        hook.get_account(name)
    assert (caught.value.account, caught.value.status, caught.value.remote_exception) == (
        name,
        404,
        "ResourceNotFound",
    )
    assert caught.value.request_id


def test_other_resource_group(hook, emulator, account):
    """An account is looked for in the resource group that is given."""
    emulator.create_resource_group("othergroup")
    with pytest.raises(AccountNotFoundError):
        hook.get_account(account, "othergroup")


def test_no_resource_group(connect, account):
    """Without a resource group the error names the field."""
    connect(resource_group="")
    with pytest.raises(ConnectionFieldError) as caught:
        ADLSGen1Hook().get_account(account)
    assert caught.value.field == "resource_group"


def test_a_name_that_cannot_be(hook):
    """A wrong name is refused before a request."""
    with pytest.raises(PathError):
        hook.create_account("No-Such", "eastus2")


@pytest.mark.parametrize(
    ("encryption", "state", "kind"),
    [
        (None, "Enabled", "ServiceManaged"),
        ("ServiceManaged", "Enabled", "ServiceManaged"),
        ("Disabled", "Disabled", None),
    ],
)
def test_encryption(hook, name, encryption, state, kind):
    """Encryption is as asked for, and the service's own where nothing is."""
    hook.create_account(name, "eastus2", encryption=encryption)
    account = hook.get_account(name)
    assert account.encryption_state == state
    assert (account.encryption_config.type if kind else None) == kind
