"""Storage accounts (Gen2) through the hook of a connection with a container."""

import datetime as dt
import json
import uuid

import pytest

from airflow_provider_adls.accounts.states import states
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.model.errors import (
    AccountNotFoundError,
    ConnectionFieldError,
    InvalidRequestError,
    PathExistsError,
    RequestError,
)

PROVIDERS = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers"
SUBNETS = f"{PROVIDERS}/Microsoft.Network/virtualNetworks/v/subnets"
KEY = {
    "key_vault_id": f"{PROVIDERS}/Microsoft.KeyVault/vaults/keys",
    "key_name": "key",
    "key_version": "1",
}


@pytest.fixture
def hook(connect):
    """A hook whose connection has a container."""
    return ADLSGen1Hook(connect(account_name=None, container="raw-2026"))


@pytest.fixture
def name(hook):
    """Name of a storage account that does not exist; it is deleted after the test."""
    name = f"new{uuid.uuid4().hex[:16]}"
    yield name
    hook.delete_account(name)


def containers(hook, name):
    return [one.name for one in hook.get_storage_client().blob_containers.list("rg", name)]


def test_create(hook, name):
    """A new account has a hierarchical namespace and the container, and is described as on Gen1."""
    made = hook.create_account(name, "eastus2", tags={"team": "sales"}, encryption="ServiceManaged")
    assert made == {
        "id": hook.get_account(name).id,
        "name": name,
        "resource_group": "rg",
        "location": "eastus2",
        "provisioning_state": "Succeeded",
        "state": "Active",
        "endpoint": f"{name}.dfs.core.windows.net",
        "tags": {"team": "sales"},
        "created": True,
    }
    assert made == json.loads(json.dumps(made))
    settings = hook.describe(name)
    assert (settings["hierarchical_namespace"], settings["sku"]) == (True, "Standard_LRS")
    assert settings["encryption"]["kind"] == "ServiceManaged"
    assert containers(hook, name) == ["raw-2026"]
    assert states(hook.find_account(name)) == {"Succeeded", "Active"}


def test_create_is_closed(hook, name):
    """Anonymous readers, plain http and old TLS are not let in to a new account."""
    hook.create_account(name, "eastus2", sku="Standard_ZRS")
    properties = hook.get_account(name).as_dict()["properties"]
    assert properties["allowBlobPublicAccess"] is False
    assert (properties["supportsHttpsTrafficOnly"], properties["minimumTlsVersion"]) == (True, "TLS1_2")


def test_create_with_rules(hook, name):
    """An account is made with its rules; a range that is not a network is made of several."""
    hook.create_account(
        name,
        "eastus2",
        firewall_rules={"office": "203.0.113.0/24", "build": "198.51.100.7-198.51.100.9"},
        virtual_network_rules={"workers": f"{SUBNETS}/one"},
        firewall_enabled=True,
        allow_azure_ips=False,
    )
    settings = hook.describe(name)
    assert settings["firewall_rules"] == {
        "203.0.113.0/24": ["203.0.113.0", "203.0.113.255"],
        "198.51.100.7": ["198.51.100.7", "198.51.100.7"],
        "198.51.100.8": ["198.51.100.8", "198.51.100.8"],
        "198.51.100.9": ["198.51.100.9", "198.51.100.9"],
    }
    assert list(settings["virtual_network_rules"].values()) == [f"{SUBNETS}/one"]
    assert (settings["firewall_enabled"], settings["allow_azure_ips"]) == (True, False)


def test_an_account_that_exists(hook, name):
    """An account that exists is refused, skipped or updated, and has its container in the end."""
    hook.create_account(name, "eastus2")
    hook.get_storage_client().blob_containers.delete("rg", name, "raw-2026")
    with pytest.raises(PathExistsError, match="if_exists may be skip or update"):
        hook.create_account(name, "eastus2")
    assert hook.create_account(name, "eastus2", if_exists="skip", tags={"a": "b"})["tags"] == {}
    assert containers(hook, name) == ["raw-2026"]
    updated = hook.create_account(
        name, "East US 2", if_exists="update", tags={"a": "b"}, firewall_rules={"one": "192.0.2.1"}
    )
    assert (updated["created"], updated["tags"]) == (False, {"a": "b"})
    assert list(hook.describe(name)["firewall_rules"]) == ["192.0.2.1"]
    for changed in ({"location": "westus"}, {"sku": "Standard_ZRS"}):
        with pytest.raises(InvalidRequestError):
            hook.create_account(name, **{"location": "eastus2", **changed}, if_exists="update")


def test_a_flat_account(hook, name):
    """An account without hierarchical namespace does not stand for one that has it, nor is it listed."""
    body = {"sku": {"name": "Standard_LRS"}, "kind": "StorageV2", "location": "eastus2"}
    hook.get_storage_client().storage_accounts.begin_create("rg", name, body).result()
    with pytest.raises(InvalidRequestError, match="has no hierarchical namespace"):
        hook.create_account(name, "eastus2", if_exists="skip")
    assert name not in [account["name"] for account in hook.list_accounts()]


def test_an_earlier_try_s_account_is_taken(hook, name):
    """A retry finds the account that it made before, and makes the container that is missing."""
    before = dt.datetime.now(dt.UTC)
    hook.create_account(name, "eastus2", wait_for_completion=False)
    assert containers(hook, name) == []
    again = hook.create_account(name, "eastus2", own_since=before)
    assert (again["created"], containers(hook, name)) == (True, ["raw-2026"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"tier": "Consumption"}, "'tier' is for Gen1"),
        ({"default_group": "5d6e"}, "'default_group' is for Gen1"),
        ({"trusted_id_providers": {"a": "https://sts.example"}}, "'trusted_id_providers' is for Gen1"),
        ({"trusted_id_providers_enabled": True}, "'trusted_id_providers_enabled' is for Gen1"),
        ({"encryption": "Disabled"}, "a storage account is always encrypted"),
        ({"encryption": "UserManaged", **KEY}, "once the account's identity has the right"),
        ({"firewall_rules": {"v6": "2001:db8::1"}}, "are of IPv4"),
    ],
)
def test_what_gen2_has_not(hook, name, emulator, arguments, said):
    """What only Gen1 had is refused by its name, and nothing is made."""
    with pytest.raises(InvalidRequestError, match=said):
        hook.create_account(name, "eastus2", **arguments)
    assert hook.find_account(name) is None


def test_other_calls_that_gen2_has_not(hook, name):
    """Filters, capabilities and the switch to a key vault are refused by name."""
    for call in (
        lambda: hook.list_accounts(filter_by="name eq 'x'"),
        lambda: hook.location_capability("eastus2"),
        lambda: hook.enable_key_vault(name),
        lambda: hook.update_account(name, tier="Consumption"),
        lambda: hook.set_trusted_id_providers(name, {"a": "https://sts.example"}),
    ):
        with pytest.raises(InvalidRequestError, match=r"'\w+'"):
            call()


def test_gen1_has_no_sku(connect, account):
    """What only Gen2 has is refused by its name where the connection has no container."""
    with pytest.raises(InvalidRequestError, match="'sku' is for storage accounts"):
        ADLSGen1Hook(connect()).create_account("anything", "eastus2", sku="Standard_LRS")


def test_firewall_rules(hook, name, emulator):
    """Rules are declared by value in one request: added, kept by their value, removed, and right already."""
    hook.create_account(name, "eastus2")
    first = hook.set_firewall_rules(name, {"office": "203.0.113.0/24", "old": "192.0.2.1"}, enabled=True)
    assert (first["added"], first["switched"]) == (["office", "old"], {"firewall_enabled": True})
    again = hook.set_firewall_rules(name, {"hq": "203.0.113.0/24"}, enabled=True, allow_azure_ips=True)
    assert (again["unchanged"], again["kept"], again["switched"]) == (["hq"], ["192.0.2.1"], {})
    preview = hook.set_firewall_rules(name, {"hq": "203.0.113.0/25"}, purge=True, preview=True)
    assert (preview["added"], preview["removed"]) == (["hq"], ["192.0.2.1", "203.0.113.0/24"])
    assert sorted(hook.describe(name)["firewall_rules"]) == ["192.0.2.1", "203.0.113.0/24"]
    hook.set_firewall_rules(name, {"hq": "203.0.113.0/25"}, purge=True, allow_azure_ips=False)
    settings = hook.describe(name)
    assert list(settings["firewall_rules"]) == ["203.0.113.0/25"]
    assert (settings["firewall_enabled"], settings["allow_azure_ips"]) == (True, False)


def test_virtual_network_rules(hook, name):
    """Subnets are compared without regard to case, as resource ids are."""
    hook.create_account(name, "eastus2")
    assert hook.set_virtual_network_rules(name, {"a": f"{SUBNETS}/one"})["added"] == ["a"]
    result = hook.set_virtual_network_rules(
        name, {"b": f"{SUBNETS.upper()}/ONE", "c": f"{SUBNETS}/two"}, purge=True
    )
    assert (result["unchanged"], result["added"], result["removed"]) == (["b"], ["c"], [])


def test_update_and_delete(hook, name):
    """Tags are replaced as a whole, switches leave the rules as they are; a deleted account is gone."""
    hook.create_account(name, "eastus2", tags={"a": "b"}, firewall_rules={"one": "192.0.2.1"})
    assert hook.update_account(name, tags={"c": "d"})["tags"] == {"c": "d"}
    hook.update_account(name, firewall_enabled=True)
    settings = hook.describe(name)
    assert (settings["firewall_enabled"], list(settings["firewall_rules"])) == (True, ["192.0.2.1"])
    with pytest.raises(InvalidRequestError, match="'key_version'"):
        hook.update_account(name, key_version="2")
    assert hook.delete_account(name)["deleted"] is True
    assert hook.delete_account(name)["deleted"] is False
    with pytest.raises(AccountNotFoundError):
        hook.delete_account(name, ignore_if_missing=False)


def test_names_and_usages(hook, name):
    """A name that is taken is reported so, and the usages of a region count its accounts."""
    assert hook.check_name(name, "East US 2")["available"] is True
    hook.create_account(name, "eastus2")
    taken = hook.check_name(name, "eastus2")
    assert (taken["available"], taken["reason"]) == (False, "AlreadyExists")
    (usage,) = hook.location_usages("eastus2")
    assert usage["name"] == "StorageAccounts"
    assert usage["current_value"] >= 1


def test_errors(hook, name, emulator):
    """A missing account is named with where it is; what the Resource Manager refuses has its own class."""
    hook.create_account(name, "eastus2")
    emulator.create_resource_group("storagegroup")
    with pytest.raises(AccountNotFoundError, match=rf"{name}.*in resource group 'rg', not 'storagegroup'"):
        hook.get_account(name, "storagegroup")
    with (
        emulator.fault(operation="storage_accounts.get_properties", status=403),
        pytest.raises(RequestError),
    ):
        hook.get_account(name)


@pytest.mark.parametrize("fields", [{"auth_method": "account_key"}, {"auth_method": "sas"}])
def test_keys_and_signatures_manage_no_accounts(connect, fields, emulator):
    """A connection that signs in by a key or signature is refused, with the reason, and sends nothing."""
    sas = "sv=2024-11-04&sr=c&sp=r&se=2030-01-01&sig=abc%3D"
    hook = ADLSGen1Hook(connect(password="a2V5", container="raw", sas_token=sas, **fields))
    with pytest.raises(ConnectionFieldError, match="for files alone, and the Resource Manager") as caught:
        hook.create_account("whatever", "eastus2")
    assert caught.value.field == "auth_method"


def test_without_the_extra(hook, monkeypatch):
    """Where azure-mgmt-storage is not installed, the error names the extra."""
    monkeypatch.setattr("airflow_provider_adls.accounts.storage.is_installed", lambda _: False)
    with pytest.raises(ConnectionFieldError, match=r"airflow-provider-adls\[gen2\]"):
        hook.list_accounts()


def test_the_sdk_logs_no_requests(hook, name, caplog):
    """A task's log, which is at INFO, has no lines on each request of the SDK."""
    caplog.set_level("INFO")
    hook.list_accounts()
    assert [record.name for record in caplog.records if "request" in record.getMessage().lower()] == []
