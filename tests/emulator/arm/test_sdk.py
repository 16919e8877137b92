"""Accounts, driven by Microsoft's own client."""

from __future__ import annotations

import uuid

import adal
import pytest
from azure.mgmt.datalake.store import DataLakeStoreAccountManagementClient
from azure.mgmt.datalake.store.models import (
    CreateDataLakeStoreAccountParameters,
    CreateFirewallRuleWithAccountParameters,
    EncryptionConfig,
    EncryptionIdentity,
    UpdateDataLakeStoreAccountParameters,
    UpdateFirewallRuleWithAccountParameters,
)
from msrestazure.azure_active_directory import AADTokenCredentials
from msrestazure.azure_exceptions import CloudError


@pytest.fixture
def client(emulator):
    """The client as users make it: adal's token in AADTokenCredentials."""
    context = adal.AuthenticationContext(
        f"{emulator.url}/{emulator.tenant_id}",
        validate_authority=False,
        api_version=None,
        verify_ssl=emulator.ca_file,
    )
    token = context.acquire_token_with_client_credentials(
        "https://management.core.windows.net/", emulator.client_id, emulator.client_secret
    )
    credentials = AADTokenCredentials(token, emulator.client_id)
    client = DataLakeStoreAccountManagementClient(credentials, emulator.subscription_id, emulator.url)
    client.config.connection.verify = emulator.ca_file
    with client:
        yield client


@pytest.fixture
def name(emulator):
    """A free account name; an account of this name is gone after the test."""
    name = f"sdk{uuid.uuid4().hex[:16]}"
    yield name
    emulator.delete_account(name)


def created(client, name, **options):
    parameters = CreateDataLakeStoreAccountParameters(location="East US 2", **options)
    return client.accounts.create("rg", name, parameters).result()


def test_account_is_made_and_waited_for(client, name):
    """Creation is a long-running operation, at whose end the account has all its properties."""
    account = created(
        client,
        name,
        tags={"team": "data"},
        identity=EncryptionIdentity(),
        encryption_state="Enabled",
        encryption_config=EncryptionConfig(type="ServiceManaged"),
        new_tier="Commitment_1TB",
        default_group="11111111-2222-3333-4444-555555555555",
    )
    assert account.name == name
    assert account.location == "eastus2"
    assert account.tags == {"team": "data"}
    assert account.provisioning_state == "Succeeded"
    assert account.state == "Active"
    assert account.endpoint == f"{name}.azuredatalakestore.net"
    assert account.new_tier == "Commitment_1TB"
    assert account.default_group == "11111111-2222-3333-4444-555555555555"
    assert account.identity.principal_id != "00000000-0000-0000-0000-000000000000"
    assert client.accounts.get("RG", name).id == account.id


def test_an_account_in_a_group_with_a_name_of_its_language(client, emulator, name):
    """Letters beyond ASCII in a resource group's name lead to the operation and back."""
    emulator.create_resource_group("größe(1)")
    parameters = CreateDataLakeStoreAccountParameters(location="East US 2")
    account = client.accounts.create("größe(1)", name, parameters).result()
    assert (account.provisioning_state, account.id.split("/")[4]) == ("Succeeded", "größe(1)")
    client.accounts.delete("Größe(1)", name).wait()
    assert client.accounts.check_name_availability("eastus2", name).name_available


def test_account_is_listed_in_its_places(client, name):
    """A new account is among its subscription's and its resource group's, and no other group's."""
    created(client, name)
    assert name in [account.name for account in client.accounts.list()]
    assert name in [account.name for account in client.accounts.list_by_resource_group("rg")]
    with pytest.raises(CloudError) as caught:
        list(client.accounts.list_by_resource_group("nosuchgroup"))
    assert caught.value.error.error == "ResourceGroupNotFound"


def test_update_replaces_tags_and_keeps_the_rest(client, name):
    """PATCH changes the members that it names: tags as a whole."""
    created(client, name, tags={"one": "1"}, new_tier="Commitment_1TB")
    changed = client.accounts.update(
        "rg", name, UpdateDataLakeStoreAccountParameters(tags={"two": "2"})
    ).result()
    assert changed.tags == {"two": "2"}
    assert changed.new_tier == "Commitment_1TB"
    kept = client.accounts.update(
        "rg", name, UpdateDataLakeStoreAccountParameters(new_tier="Consumption")
    ).result()
    assert kept.tags == {"two": "2"}
    assert kept.new_tier == "Consumption"


def test_second_creation_replaces_settings(client, name):
    """PUT of an existing account answers at once with its new properties."""
    first = created(client, name, tags={"one": "1"}, new_tier="Commitment_1TB")
    second = created(client, name)
    assert second.account_id == first.account_id
    assert second.tags is None
    assert second.new_tier == "Consumption"


def test_deletion_frees_the_name(client, name):
    """A deleted account is not found, can be deleted again, and its name is free."""
    created(client, name)
    taken = client.accounts.check_name_availability("eastus2", name)
    client.accounts.delete("rg", name).result()
    client.accounts.delete("rg", name).result()
    free = client.accounts.check_name_availability("eastus2", name)
    assert (taken.name_available, taken.reason) == (False, "AlreadyExists")
    assert free.name_available
    with pytest.raises(CloudError) as caught:
        client.accounts.get("rg", name)
    assert caught.value.status_code == 404
    assert caught.value.error.error == "ResourceNotFound"


def test_impossible_name_is_refused(client):
    """The name check explains an invalid name."""
    answer = client.accounts.check_name_availability("eastus2", "No_Name")
    assert (answer.name_available, answer.reason) == (False, "AccountNameInvalid")


def test_capability_counts_accounts(client, name):
    """A region's capability counts the subscription's accounts there."""
    before = client.locations.get_capability("eastus2").account_count
    created(client, name)
    after = client.locations.get_capability("East US 2")
    assert after.account_count == before + 1
    assert after.max_account_count == 10


def test_nested_resources(client, account):
    """Each kind of resource inside an account is made, listed, changed and deleted."""
    subnet = "/subscriptions/{}/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/n/subnets/{}"
    subnets = [subnet.format(uuid.uuid4(), name) for name in "ab"]
    for group, member, first, second in (
        (client.virtual_network_rules, "subnet_id", *subnets),
        (client.trusted_id_providers, "id_provider", "https://one.example.com", "https://two.example.com"),
    ):
        made = group.create_or_update("rg", account, "one", first)
        assert (made.name, getattr(made, member)) == ("one", first)
        assert getattr(group.update("rg", account, "one", second), member) == second
        assert [one.id for one in group.list_by_account("rg", account)] == [made.id]
        group.delete("rg", account, "one")
        group.delete("rg", account, "one")
        with pytest.raises(CloudError) as caught:
            group.get("rg", account, "one")
        assert caught.value.error.error == "NestedResourceNotFound"


def test_firewall_rules(client, name):
    """Firewall rules are made and changed with the account or alone."""
    rule = CreateFirewallRuleWithAccountParameters(
        name="office", start_ip_address="10.0.0.1", end_ip_address="10.0.0.9"
    )
    account = created(client, name, firewall_state="Enabled", firewall_rules=[rule])
    assert account.firewall_state == "Enabled"
    assert [(each.name, each.end_ip_address) for each in account.firewall_rules] == [("office", "10.0.0.9")]
    rules = client.firewall_rules
    rules.create_or_update("rg", name, "home", "2001:db8::1", "2001:db8::2")
    assert rules.update("rg", name, "home", end_ip_address="2001:db8::3").start_ip_address == "2001:db8::1"
    assert [each.name for each in rules.list_by_account("rg", name)] == ["office", "home"]
    shorter = UpdateFirewallRuleWithAccountParameters(name="office", end_ip_address="10.0.0.2")
    changed = client.accounts.update(
        "rg", name, UpdateDataLakeStoreAccountParameters(firewall_rules=[shorter], firewall_state="Disabled")
    ).result()
    assert changed.firewall_state == "Disabled"
    assert rules.get("rg", name, "office").end_ip_address == "10.0.0.2"
    rules.delete("rg", name, "office")
    assert [each.name for each in client.accounts.get("rg", name).firewall_rules] == ["home"]
