"""Resource groups and resources, driven by Microsoft's own client for them."""

from __future__ import annotations

import uuid

import pytest
from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import ClientSecretCredential
from azure.mgmt.resource.resources import ResourceManagementClient

ACCOUNTS = "Microsoft.DataLakeStore/accounts"


@pytest.fixture
def client(emulator, adls_gen1_proxy):
    """The client as users make it, behind the proxy."""
    with (
        ClientSecretCredential(emulator.tenant_id, emulator.client_id, emulator.client_secret) as credential,
        ResourceManagementClient(credential, emulator.subscription_id, polling_interval=0) as client,
    ):
        yield client


@pytest.fixture
def group(client):
    """Name of a resource group that does not exist yet, and is deleted after the test."""
    name = f"group{uuid.uuid4().hex[:8]}"
    yield name
    if client.resource_groups.check_existence(name):
        client.resource_groups.begin_delete(name).wait()


def test_groups(client, group):
    """A group is made, changed, listed by its tag, and deleted, which is waited for."""
    groups = client.resource_groups
    assert not groups.check_existence(group)
    made = groups.create_or_update(group, {"location": "westus", "tags": {"job": group}})
    assert (made.name, made.location, made.properties.provisioning_state) == (group, "westus", "Succeeded")
    assert groups.update(group, {"tags": {"job": group, "more": "1"}}).tags["more"] == "1"
    filtered = groups.list(filter=f"tagName eq 'job' and tagValue eq '{group}'", top=1)
    assert [each.id for each in filtered] == [made.id]
    with pytest.raises(HttpResponseError) as caught:
        groups.create_or_update(group, {"location": "eastus2"})
    assert caught.value.error.code == "InvalidResourceGroupLocation"
    groups.begin_delete(group).result()
    with pytest.raises(ResourceNotFoundError) as missing:
        groups.get(group)
    assert missing.value.error.code == "ResourceGroupNotFound"


def test_an_account_as_a_resource(client, group):
    """The client that knows of no accounts makes, finds and deletes one as any resource."""
    name = f"gen{uuid.uuid4().hex[:16]}"
    created = client.resource_groups.create_or_update(group, {"location": "eastus2"})
    path, version = f"{created.id}/providers/{ACCOUNTS}/{name}", {"api_version": "2016-11-01"}
    made = client.resources.begin_create_or_update_by_id(
        path, {"location": "eastus2", "tags": {"a": "1"}}, **version
    ).result()
    assert (made.id, made.properties["state"]) == (path, "Active")
    where = (group, "Microsoft.DataLakeStore", "", "accounts", name)
    assert client.resources.check_existence(*where, **version)
    assert client.resources.get(*where, **version).tags == {"a": "1"}
    found = client.resources.list_by_resource_group(
        group, filter=f"resourceType eq '{ACCOUNTS}'", expand="createdTime,provisioningState", top=5
    )
    assert [(each.name, each.provisioning_state) for each in found] == [(name, "Succeeded")]
    assert path in [each.id for each in client.resources.list()]
    client.resources.begin_delete_by_id(path, **version).wait()
    assert not client.resources.check_existence_by_id(path, **version)


def test_providers(client):
    """The provider is registered, and its types have the versions that clients look for."""
    provider = client.providers.get("Microsoft.DataLakeStore")
    assert provider.registration_state == "Registered"
    versions = {each.resource_type: each.api_versions[0] for each in provider.resource_types}
    assert versions["accounts"] == "2016-11-01"
    assert client.providers.register("Microsoft.DataLakeStore").namespace == provider.namespace
    assert provider.namespace in [each.namespace for each in client.providers.list()]
