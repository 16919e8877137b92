"""`AccountSettings` and `AccountDefinition`: from an operator's arguments to the SDK's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

from airflow_provider_adls.model.account_rules import address_range, id_provider, rule_name, subnet

if TYPE_CHECKING:
    from azure.mgmt.datalake.store import models

#: Tiers of azure-mgmt-datalake-store 0.5.0, `TierType`.
TIERS = (
    "Consumption",
    "Commitment_1TB",
    "Commitment_10TB",
    "Commitment_100TB",
    "Commitment_500TB",
    "Commitment_1PB",
    "Commitment_5PB",
)
#: Whether files are encrypted, and then by whose keys (azure-mgmt-datalake-store 0.5.0).
ENCRYPTIONS = ("Disabled", "ServiceManaged", "UserManaged")
#: The one kind of identity that an account can have (the same, `EncryptionIdentity`).
IDENTITIES = ("SystemAssigned",)
#: Redundancies of a storage account with a hierarchical namespace (azure-mgmt-storage 25.3, `SkuName`).
SKUS = (
    "Standard_LRS",
    "Standard_GRS",
    "Standard_RAGRS",
    "Standard_ZRS",
    "Standard_GZRS",
    "Standard_RAGZRS",
    "Premium_LRS",
    "Premium_ZRS",
)
KEY_FIELDS = ("key_vault_id", "key_name", "key_version")


class AccountSettings(TypedDict, total=False):
    """Settings of an account that can be changed; those that are None or left out stay as they are.

    :param tags: the resource's tags, as a whole.
    :param tier: commitment tier from next month on, one of `TIERS`.
    :param default_group: object id of the group that owns new files and directories.
    :param firewall_enabled: whether only addresses and subnets of its rules are let in.
    :param allow_azure_ips: whether an enabled firewall lets addresses within Azure in.
    :param trusted_id_providers_enabled: whether identities of its trusted id providers count.
    :param key_version: version of the key that encrypts, if it is the user's own.
    """

    tags: Mapping[str, str] | None
    tier: str | None
    default_group: str | None
    firewall_enabled: bool | None
    allow_azure_ips: bool | None
    trusted_id_providers_enabled: bool | None
    key_version: str | None


class AccountDefinition(AccountSettings, total=False):
    """Settings of a new account.

    :param encryption: one of `ENCRYPTIONS`; None leaves it to the service, which encrypts by keys of its own.
    :param key_vault_id: resource id of the key vault that holds the user's own key.
    :param key_name: name of that key.
    :param identity: one of `IDENTITIES`; an account that is encrypted by the user's key has one anyway.
    :param sku: SKU of a storage account (Gen2), one of `SKUS`; None for `Standard_LRS`.
    :param firewall_rules: addresses by the rules' names, as `model.account_rules.address_range` takes them.
    :param virtual_network_rules: resource ids of subnets by the rules' names.
    :param trusted_id_providers: URLs of id providers by their names.
    """

    encryption: str | None
    key_vault_id: str | None
    key_name: str | None
    identity: Literal["SystemAssigned"] | None
    sku: str | None
    firewall_rules: Mapping[str, Any] | None
    virtual_network_rules: Mapping[str, str] | None
    trusted_id_providers: Mapping[str, str] | None


def check_encryption(values: Mapping[str, Any]) -> None:
    """Raise unless encryption and the fields of a key go together.

    :param values: encryption, key_vault_id, key_name and key_version.
    :raises ValueError: naming what is missing or too much.
    """
    given = [name for name in KEY_FIELDS if values.get(name) is not None]
    if values.get("encryption") == "UserManaged":
        if missing := [name for name in KEY_FIELDS if name not in given]:
            raise ValueError(f"UserManaged needs {', '.join(missing)} too")
    elif given:
        raise ValueError(f"{', '.join(given)} only go with the encryption UserManaged")


def creation(
    location: str, **definition: Unpack[AccountDefinition]
) -> models.CreateDataLakeStoreAccountParameters:
    """Return the SDK's parameters for an account that is to be made.

    :raises ValueError: if a rule or the encryption cannot be.
    """
    from azure.mgmt.datalake.store import models

    check_encryption(definition)
    identity = definition.get("identity") or definition.get("encryption") == "UserManaged"
    return models.CreateDataLakeStoreAccountParameters(
        location=location,
        tags=dict(definition.get("tags") or {}) or None,
        identity=models.EncryptionIdentity() if identity else None,
        firewall_rules=[
            models.CreateFirewallRuleWithAccountParameters(
                name=rule_name(name), start_ip_address=addresses.start, end_ip_address=addresses.end
            )
            for name, value in (definition.get("firewall_rules") or {}).items()
            for addresses in [address_range(value)]
        ],
        virtual_network_rules=[
            models.CreateVirtualNetworkRuleWithAccountParameters(
                name=rule_name(name), subnet_id=subnet(value)
            )
            for name, value in (definition.get("virtual_network_rules") or {}).items()
        ],
        trusted_id_providers=[
            models.CreateTrustedIdProviderWithAccountParameters(
                name=rule_name(name), id_provider=id_provider(value)
            )
            for name, value in (definition.get("trusted_id_providers") or {}).items()
        ],
        **_encryption(definition),
        **_switches(definition),
    )


def change(**settings: Unpack[AccountSettings]) -> models.UpdateDataLakeStoreAccountParameters:
    """Return the SDK's parameters for an account that is to be changed."""
    from azure.mgmt.datalake.store import models

    tags, version = settings.get("tags"), settings.get("key_version")
    return models.UpdateDataLakeStoreAccountParameters(
        tags=None if tags is None else dict(tags),
        encryption_config=models.UpdateEncryptionConfig(
            key_vault_meta_info=models.UpdateKeyVaultMetaInfo(encryption_key_version=version)
        )
        if version
        else None,
        **_switches(settings),
    )


def switch(value: bool | None) -> str | None:  # noqa: FBT001 - the one thing that it takes
    """Return a switch as the service writes it."""
    return None if value is None else "Enabled" if value else "Disabled"


def _switches(settings: AccountSettings) -> dict[str, Any]:
    """Return the parameters that creation and change share."""
    return {
        "new_tier": settings.get("tier"),
        "default_group": settings.get("default_group"),
        "firewall_state": switch(settings.get("firewall_enabled")),
        "firewall_allow_azure_ips": switch(settings.get("allow_azure_ips")),
        "trusted_id_provider_state": switch(settings.get("trusted_id_providers_enabled")),
    }


def _encryption(definition: AccountDefinition) -> dict[str, Any]:
    """Return the creation's parameters for a kind of encryption."""
    from azure.mgmt.datalake.store import models

    kind = definition.get("encryption")
    if kind is None:
        return {}
    if kind == "Disabled":
        return {"encryption_state": kind}
    key = None
    if kind == "UserManaged":
        key = models.KeyVaultMetaInfo(
            key_vault_resource_id=definition["key_vault_id"],
            encryption_key_name=definition["key_name"],
            encryption_key_version=definition["key_version"],
        )
    config = models.EncryptionConfig(type=kind, key_vault_meta_info=key)
    return {"encryption_state": "Enabled", "encryption_config": config}
