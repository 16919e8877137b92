"""Encryption of an account, over plain HTTP."""

from __future__ import annotations

import uuid

import pytest

ACCOUNTS = "/resourceGroups/rg/providers/Microsoft.DataLakeStore/accounts"
KEY = {
    "keyVaultResourceId": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/vault",
    "encryptionKeyName": "key",
    "encryptionKeyVersion": "1",
}
OWN = {"encryptionConfig": {"type": "UserManaged", "keyVaultMetaInfo": KEY}}
CHOSEN_ONCE = "docs, Encryption of data: chosen when the account is made; code and text are assumed"


@pytest.fixture
def path(browser):
    """Path of an account that does not exist yet, and is deleted after the test."""
    name = f"enc{uuid.uuid4().hex[:16]}"
    yield f"{ACCOUNTS}/{name}"
    browser.emulator.delete_account(name)


def put(browser, path, properties):
    body = {"location": "eastus2", "identity": {"type": "SystemAssigned"}, "properties": properties}
    return browser.arm("PUT", path, json=body)


def shown(browser, path):
    properties = browser.arm("GET", path).json()["properties"]
    return {name: value for name, value in properties.items() if name.startswith("encryption")}


@pytest.mark.fidelity("documented", "azure-mgmt-datalake-store 0.5.0, EncryptionProvisioningState")
def test_key_of_ones_own(browser, path):
    """With a key in a vault the account is ready once enableKeyVault was called; the version rotates."""
    assert put(browser, path, OWN).status_code == 201
    expected = {"encryptionState": "Enabled", "encryptionProvisioningState": "Creating", **OWN}
    assert shown(browser, path) == expected
    enabled = browser.arm("POST", f"{path}/enableKeyVault")
    assert (enabled.status_code, enabled.content) == (200, b"")
    rotation = {"encryptionConfig": {"keyVaultMetaInfo": {"encryptionKeyVersion": "2"}}}
    assert browser.arm("PATCH", path, json={"properties": rotation}).status_code == 200
    rotated = {"type": "UserManaged", "keyVaultMetaInfo": {**KEY, "encryptionKeyVersion": "2"}}
    ready = {"encryptionProvisioningState": "Succeeded", "encryptionConfig": rotated}
    assert shown(browser, path) == {**expected, **ready}
    assert put(browser, path, {}).status_code == 200
    assert shown(browser, path) == {**expected, **ready}


@pytest.mark.fidelity("assumed", "without encryption there is nothing to configure")
def test_no_encryption(browser, path):
    """An account without encryption shows an empty configuration."""
    put(browser, path, {"encryptionState": "Disabled"})
    assert shown(browser, path) == {"encryptionState": "Disabled", "encryptionConfig": {}}


@pytest.mark.parametrize(
    "properties",
    [
        {"encryptionState": "Disabled"},
        OWN,
        {"encryptionConfig": {"keyVaultMetaInfo": {"encryptionKeyVersion": "2"}}},
    ],
)
@pytest.mark.fidelity("documented", CHOSEN_ONCE)
def test_encryption_is_chosen_once(browser, account, properties):
    """Neither PUT nor PATCH changes whether, and by whose keys, an account is encrypted."""
    path = f"{ACCOUNTS}/{account}"
    before = shown(browser, path)
    for answer in (
        put(browser, path, properties),
        browser.arm("PATCH", path, json={"properties": properties}),
    ):
        assert answer.status_code == 400
    assert shown(browser, path) == before


@pytest.mark.fidelity("assumed", "the operation is for a key in a vault alone; code and text are ours")
def test_no_vault_to_enable(browser, account):
    """EnableKeyVault of an account whose key is the service's is refused."""
    answer = browser.arm("POST", f"{ACCOUNTS}/{account}/enableKeyVault")
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "KeyVaultNotConfigured")
    missing = browser.arm("POST", f"{ACCOUNTS}/nosuchaccount/enableKeyVault")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "ResourceNotFound")


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ([], "encryptionConfig"),
        ({"type": "Own"}, "type"),
        ({"type": "UserManaged"}, "keyVaultResourceId"),
        ({"type": "UserManaged", "keyVaultMetaInfo": []}, "keyVaultMetaInfo"),
        ({"type": "UserManaged", "keyVaultMetaInfo": {**KEY, "x": "1"}}, "'x'"),
        ({"type": "UserManaged", "keyVaultMetaInfo": {**KEY, "encryptionKeyName": 1}}, "encryptionKeyName"),
        ({"type": "UserManaged", "keyVaultMetaInfo": {"encryptionKeyName": "k"}}, "keyVaultResourceId"),
        ({"type": "ServiceManaged", "keyVaultMetaInfo": KEY}, "UserManaged"),
        ({"kind": "UserManaged"}, "'kind'"),
    ],
)
@pytest.mark.fidelity("documented", "azure-mgmt-datalake-store 0.5.0, EncryptionConfig and KeyVaultMetaInfo")
def test_configuration_is_checked(browser, path, config, said):
    """A configuration that lacks something, or has too much, is refused by name, and no account is made."""
    answer = put(browser, path, {"encryptionConfig": config})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "InvalidRequestContent")
    assert said in answer.json()["error"]["message"]
    assert browser.arm("GET", path).status_code == 404
