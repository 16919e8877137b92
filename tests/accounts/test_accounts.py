"""Accounts through the hook, at the emulator's Resource Manager."""

import datetime as dt
import json
import uuid

import pytest

from airflow_provider_adls.accounts import accounts
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.model.errors import (
    AccountNotFoundError,
    AccountStateError,
    ConnectionFieldError,
    InvalidRequestError,
    PathError,
    PathExistsError,
    RequestError,
    ServiceFailureError,
)

PROVIDERS = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers"
SUBNET = f"{PROVIDERS}/Microsoft.Network/virtualNetworks/v/subnets/one"
PARTNER = "https://sts.windows.net/9d5b43a0-804c-4c82-8791-36aca2f72342"
KEY = {
    "key_vault_id": f"{PROVIDERS}/Microsoft.KeyVault/vaults/keys",
    "key_name": "key",
    "key_version": "1",
}


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


def test_skip_without_waiting(hook, name):
    """Without waiting, an account that another try is still making is described as it is."""
    hook.create_account(name, "eastus2", wait_for_completion=False)
    taken = hook.create_account(name, "eastus2", if_exists="skip", wait_for_completion=False)
    assert (taken["provisioning_state"], taken["created"]) == ("Creating", False)


def test_delete_in_a_group_that_does_not_exist(hook, name):
    """An account of a missing resource group is missing, too; another refusal is an error."""
    assert hook.delete_account(name, "nosuchgroup") == {"name": name, "deleted": False}
    with pytest.raises(ValueError, match="resource group"):
        hook.delete_account(name, "ends.")


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
    """A deleted account is gone, and deleting it again is an error only if it may not be missing."""
    hook.create_account(name, "eastus2")
    assert hook.delete_account(f"{name}.azuredatalakestore.net") == {"name": name, "deleted": True}
    assert hook.delete_account(name) == {"name": name, "deleted": False}
    with pytest.raises(AccountNotFoundError, match="the account does not exist in resource group rg"):
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
    """At the emulator its own group is meant; where a connection leaves it empty, the field is named."""
    connect()
    assert ADLSGen1Hook().get_account(account).name == account
    connect(resource_group="")
    with pytest.raises(ConnectionFieldError) as caught:
        ADLSGen1Hook().get_account(account)
    assert caught.value.field == "resource_group"


def test_a_name_that_cannot_be(hook):
    """A wrong name is refused before a request."""
    with pytest.raises(PathError):
        hook.create_account("No-Such", "eastus2")


def test_skip_of_a_creation_that_failed(hook, account):
    """An account that was there, and whose creation failed, is not taken for one that can be used."""
    found = hook.find_account(account) | {"provisioning_state": "Failed"}
    with pytest.raises(AccountStateError, match="the account is Failed; expected Succeeded"):
        hook._when_ready(found)


def test_an_earlier_try_s_account_is_taken(hook, name):
    """A retry finds the account that an earlier try created, whatever `if_exists` says."""
    before = dt.datetime.now(dt.UTC)
    hook.create_account(name, "eastus2", wait_for_completion=False)
    for _ in range(2):
        again = hook.create_account(name, "eastus2", own_since=before)
        assert (again["provisioning_state"], again["created"]) == ("Succeeded", True)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5)
    with pytest.raises(PathExistsError):
        hook.create_account(name, "eastus2", own_since=later)


def test_update_brings_rules_and_switches(hook, account):
    """An account that is there gets rules and switches too, and keeps rules that are not named."""
    hook.set_firewall_rules(account, {"old": "192.0.2.1"})
    hook.create_account(
        account,
        "eastus2",
        if_exists="update",
        firewall_rules={"new": "192.0.2.2"},
        virtual_network_rules={"workers": SUBNET},
        trusted_id_providers={"partner": PARTNER},
        firewall_enabled=True,
        allow_azure_ips=True,
        trusted_id_providers_enabled=True,
    )
    described = hook.describe(account)
    assert sorted(described["firewall_rules"]) == ["new", "old"]
    assert described["virtual_network_rules"] == {"workers": SUBNET}
    assert described["trusted_id_providers"] == {"partner": PARTNER}
    assert (
        described["firewall_enabled"],
        described["allow_azure_ips"],
        described["trusted_id_providers_enabled"],
    ) == (True, True, True)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"encryption": "Disabled"}, "encryption is ServiceManaged and cannot become Disabled"),
        ({"encryption": "UserManaged", **KEY}, "encryption is ServiceManaged and cannot become UserManaged"),
    ],
)
def test_update_cannot_change_encryption(hook, account, wanted, said):
    """An account is not updated to another encryption."""
    with pytest.raises(InvalidRequestError, match=said):
        hook.create_account(account, "eastus2", if_exists="update", **wanted)


def test_key_of_the_user(hook, name):
    """An account with a key of the user's has an identity, and its key's version can be changed."""
    made = hook.create_account(name, "eastus2", encryption="UserManaged", **KEY)
    assert made["provisioning_state"] == "Succeeded"
    described = hook.describe(name)
    assert described["identity"]
    assert described["encryption"] == {"kind": "UserManaged", "provisioning_state": "Creating", **KEY}
    enabled = hook.enable_key_vault(name)
    assert enabled == json.loads(json.dumps(enabled))
    assert enabled["encryption"]["provisioning_state"] == "Succeeded"
    hook.update_account(name, key_version="2")
    assert hook.describe(name)["encryption"]["key_version"] == "2"
    hook.create_account(
        name, "eastus2", if_exists="update", encryption="UserManaged", **{**KEY, "key_version": "3"}
    )
    assert hook.describe(name)["encryption"]["key_version"] == "3"
    with pytest.raises(InvalidRequestError, match="the account's key_name is key and cannot become other"):
        hook.create_account(
            name, "eastus2", if_exists="update", encryption="UserManaged", **{**KEY, "key_name": "other"}
        )


def test_key_without_encryption(hook, name):
    """What names a key only in part, or without use, is refused before a request."""
    with pytest.raises(ValueError, match="UserManaged needs key_vault_id, key_name too"):
        hook.create_account(name, "eastus2", encryption="UserManaged", key_version="1")
    with pytest.raises(ValueError, match="key_vault_id, key_name, key_version only go with"):
        hook.create_account(name, "eastus2", **KEY)


def test_key_vault_of_an_account_without_one(hook, account):
    """The service's refusal comes with account and operation."""
    with pytest.raises(RequestError) as caught:
        hook.enable_key_vault(account)
    assert (caught.value.operation, caught.value.account) == ("accounts.enable_key_vault", account)


def test_created_with_rules(hook, name):
    """A new account has the rules, switches and identity that it is made with."""
    hook.create_account(
        name,
        "eastus2",
        identity="SystemAssigned",
        default_group="5f6d1b9a-0000-4000-8000-000000000001",
        firewall_rules={"office": "203.0.113.0/24"},
        virtual_network_rules={"workers": SUBNET},
        trusted_id_providers={"partner": PARTNER},
        firewall_enabled=True,
        allow_azure_ips=False,
        trusted_id_providers_enabled=True,
    )
    described = hook.describe(name)
    assert described == json.loads(json.dumps(described))
    assert described["created_at"] <= described["modified_at"]
    expected = {
        "tier": "Consumption",
        "current_tier": "Consumption",
        "default_group": "5f6d1b9a-0000-4000-8000-000000000001",
        "encryption": {"kind": "ServiceManaged", "provisioning_state": None},
        "firewall_enabled": True,
        "allow_azure_ips": False,
        "firewall_rules": {"office": ["203.0.113.0", "203.0.113.255"]},
        "virtual_network_rules": {"workers": SUBNET},
        "trusted_id_providers_enabled": True,
        "trusted_id_providers": {"partner": PARTNER},
    }
    assert {key: described[key] for key in expected} == expected
    assert described["identity"]
    assert described["account_id"]


def test_list(hook, account, name, emulator):
    """Accounts of the subscription or of a group, those that a filter lets through, and so many at most."""
    emulator.create_resource_group("others")
    hook.create_account(name, "eastus2", "others", tags={"team": "sales"})
    both = {account, name}
    try:
        everywhere = hook.list_accounts()
        assert both <= {one["name"] for one in everywhere}
        assert everywhere == json.loads(json.dumps(everywhere))
        (other,) = hook.list_accounts("others")
        assert (other["name"], other["resource_group"], other["tags"]) == (name, "others", {"team": "sales"})
        assert [one["name"] for one in hook.list_accounts(filter_by=f"name eq '{account}'")] == [account]
        assert len(hook.list_accounts(top=1)) == 1
        with pytest.raises(RequestError, match="'nosuchgroup' could not be found"):
            hook.list_accounts("nosuchgroup")
    finally:
        hook.delete_account(name, "others")


def test_find(hook, account, name):
    """An account that may be there is described, or None."""
    assert hook.find_account(account)["name"] == account
    assert hook.find_account(name) is None


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
