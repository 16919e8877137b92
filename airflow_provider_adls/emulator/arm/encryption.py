"""The encryption settings of an account: state, and keys of the service or of a vault.

It is chosen when the account is made ("Encryption of data in Azure Data Lake Storage Gen1"); later only the
version of a key of one's own can be changed (`UpdateEncryptionConfig` of azure-mgmt-datalake-store).
"""

from __future__ import annotations

from typing import Any

from airflow_provider_adls.emulator.arm import errors, fields

ENABLED, DISABLED = "Enabled", "Disabled"
SERVICE_MANAGED, USER_MANAGED = "ServiceManaged", "UserManaged"
#: Members that name a key in a vault.
_KEY = ("keyVaultResourceId", "encryptionKeyName", "encryptionKeyVersion")
_NAMES = ("encryptionState", "encryptionConfig", "encryptionProvisioningState")


def config(value: object) -> dict[str, Any]:
    """Return the key settings of a body: `type`, and the given members of a key in a vault.

    :raises ArmError: 400 for a malformed setting.
    """
    given = fields.members("encryptionConfig", value, ("type", "keyVaultMetaInfo"))
    kind = given.get("type")
    if kind not in (None, SERVICE_MANAGED, USER_MANAGED):
        raise errors.content_invalid(
            f"The type of 'encryptionConfig' must be '{SERVICE_MANAGED}' or '{USER_MANAGED}'"
        )
    settings: dict[str, Any] = {"type": kind} if kind else {}
    if given.get("keyVaultMetaInfo") is not None:
        key = fields.members("keyVaultMetaInfo", given["keyVaultMetaInfo"], _KEY)
        settings["keyVaultMetaInfo"] = {name: key[name] for name in _KEY if fields.text(name, key.get(name))}
    return settings


def begun(settings: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of a new account, with defaults for its encryption.

    :raises ArmError: 400 for a vault's key without its names, or names of an unused key.
    """
    state = settings.get("encryptionState", ENABLED)
    given = settings.get("encryptionConfig", {})
    kind, key = given.get("type", SERVICE_MANAGED), given.get("keyVaultMetaInfo", {})
    whole = {**settings, "encryptionState": state}
    if kind == SERVICE_MANAGED or state == DISABLED:
        if key or kind == USER_MANAGED:
            raise errors.content_invalid(
                f"'encryptionConfig' names a key vault, which is for the type '{USER_MANAGED}' alone"
            )
        return {**whole, "encryptionConfig": {"type": kind} if state == ENABLED else {}}
    for member in _KEY:
        if member not in key:
            raise errors.content_invalid(f"Required property '{member}' of 'encryptionConfig' not found")
    return {
        **whole,
        "encryptionConfig": {"type": kind, "keyVaultMetaInfo": {member: key[member] for member in _KEY}},
        # Until the account is let in to the vault, and enableKeyVault says so.
        "encryptionProvisioningState": "Creating",
    }


def kept(there: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of an existing account after a PUT, with its old encryption.

    :raises ArmError: 400 if another is wanted.
    """
    before = {name: there[name] for name in _NAMES if name in there}
    if not any(name in wanted for name in _NAMES):
        return {**wanted, **before}
    whole = begun(wanted)
    if _sort(whole) != _sort(there):
        raise errors.encryption_fixed()
    return {**whole, **before, "encryptionConfig": whole["encryptionConfig"]}


def rotated(there: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """Return the keys of an account after a PATCH.

    :raises ArmError: 400 for more than another version of a key in a vault.
    """
    config = there.get("encryptionConfig", {})
    key = given.get("keyVaultMetaInfo", {})
    if "type" in given or set(key) - {"encryptionKeyVersion"} or config.get("type") != USER_MANAGED:
        raise errors.encryption_fixed()
    return {**config, "keyVaultMetaInfo": {**config["keyVaultMetaInfo"], **key}}


def shown(settings: dict[str, Any]) -> dict[str, Any]:
    """Return the encryption properties of an account, as answers show them."""
    state = settings.get("encryptionState", ENABLED)
    provisioning = settings.get("encryptionProvisioningState")
    default = {"type": SERVICE_MANAGED} if state == ENABLED else {}
    return {
        "encryptionState": state,
        **({"encryptionProvisioningState": provisioning} if provisioning else {}),
        "encryptionConfig": settings.get("encryptionConfig", default) if state == ENABLED else {},
    }


def _sort(settings: dict[str, Any]) -> tuple[str, str | None]:
    properties = shown(settings)
    return properties["encryptionState"], properties["encryptionConfig"].get("type")
