"""Mistakes with a connection that has a container."""

from __future__ import annotations

import uuid

import pytest

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.hooks.service_check import ask_files
from airflow_provider_adls.model.errors import (
    AccessDeniedError,
    ContainerNotFoundError,
    InvalidRequestError,
    TokenRejectedError,
)

SECRET = "Str~anger.Secret-0123456789"


@pytest.fixture
def stored(connect, adls_gen2_account):
    """Stores a connection with a container, but for what is given."""
    fields = {"account_name": adls_gen2_account.name, "container": "test"}
    return lambda **changed: ADLSGen1Hook(connect(**{**fields, **changed}))


def test_no_such_container(stored, documented):
    """The message names the container and the field."""
    with pytest.raises(ContainerNotFoundError) as caught:
        stored(container="nothere").list_paths("/raw")
    documented("Container that does not exist", caught.value)


def test_flat(stored, emulator, documented):
    """The message says what the account lacks."""
    name = f"flat{uuid.uuid4().hex[:16]}"
    body = {"sku": {"name": "Standard_LRS"}, "kind": "StorageV2", "location": "eastus2"}
    stored().get_storage_client().storage_accounts.begin_create("rg", name, body).result()
    try:
        with pytest.raises(InvalidRequestError) as caught:
            ask_files(stored(account_name=name).filesystem.client, "test")
    finally:
        emulator.delete_storage_account(name)
    documented("Account without a hierarchical namespace", caught.value)


def test_another_key(stored, documented):
    """The message says that the key is not the account's."""
    with pytest.raises(TokenRejectedError) as caught:
        stored(auth_method="account_key", password="QW5vdGhlciBrZXk=").list_paths("/raw")
    documented("Account key that is not the account's", caught.value)


def test_no_role(stored, emulator, documented):
    """The message names the roles and the closed directory."""
    client_id = str(uuid.uuid4())
    emulator.add_principal(client_id, SECRET, storage_role="none")
    with pytest.raises(AccessDeniedError) as caught:
        stored(login=client_id, password=SECRET).list_paths("/raw")
    documented("Missing role on a container", caught.value)
