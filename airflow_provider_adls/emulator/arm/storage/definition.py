"""Bodies of requests that make or change a storage account, checked member by member."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Any

from airflow_provider_adls.emulator.arm import fields
from airflow_provider_adls.emulator.arm.errors import location_missing
from airflow_provider_adls.emulator.arm.storage import errors, regions

KINDS = ("StorageV2", "Storage", "BlobStorage", "BlockBlobStorage", "FileStorage")
_REDUNDANCIES = ("LRS", "GRS", "RAGRS", "ZRS", "GZRS", "RAGZRS")
SKUS = (
    *(f"Standard{generation}_{name}" for generation in ("", "V2") for name in _REDUNDANCIES),
    *(f"Premium{generation}_{name}" for generation in ("", "V2") for name in ("LRS", "ZRS")),
)
#: Kinds that can have a hierarchical namespace.
_HIERARCHICAL = ("StorageV2", "BlockBlobStorage")
_MEMBERS = frozenset(
    {"extendedLocation", "identity", "kind", "location", "placement", "properties", "sku", "tags", "zones"}
)
#: Properties that are switches, and those with values of their own (azure-mgmt-storage 25.3).
_SWITCHES = frozenset(
    {
        "allowBlobPublicAccess",
        "allowCrossTenantDelegationSas",
        "allowCrossTenantReplication",
        "allowSharedKeyAccess",
        "defaultToOAuthAuthentication",
        "enableExtendedGroups",
        "isHnsEnabled",
        "isLocalUserEnabled",
        "isNfsV3Enabled",
        "isSftpEnabled",
        "supportsHttpsTrafficOnly",
    }
)
_VALUES = frozenset(
    {
        "accessTier",
        "allowSharedKeyAccessForServices",
        "allowedCopyScope",
        "azureFilesIdentityBasedAuthentication",
        "customDomain",
        "dataCollaborationPolicyProperties",
        "dnsEndpointType",
        "dualStackEndpointPreference",
        "encryption",
        "geoPriorityReplicationStatus",
        "immutableStorageWithVersioning",
        "keyPolicy",
        "largeFileSharesState",
        "minimumTlsVersion",
        "networkAcls",
        "publicNetworkAccess",
        "routingPreference",
        "sasPolicy",
        "turboTier",
    }
)
#: Properties that the service alone sets: a caller may send back what it was shown.
_READ_ONLY = frozenset(
    {
        "creationTime",
        "keyCreationTime",
        "primaryEndpoints",
        "primaryLocation",
        "privateEndpointConnections",
        "provisioningState",
        "secondaryEndpoints",
        "secondaryLocation",
        "statusOfPrimary",
        "statusOfSecondary",
    }
)
_PROPERTIES = _SWITCHES | _VALUES | _READ_ONLY


@dataclass(frozen=True)
class Definition:
    """A checked body; None for what it does not have.

    :param settings: properties by their names on the wire, without `isHnsEnabled`.
    """

    location: str | None = None
    sku: str | None = None
    kind: str | None = None
    tags: dict[str, str] | None = None
    hns: bool | None = None
    settings: dict[str, Any] = field(default_factory=dict)


def parse(body: object) -> Definition:
    """Return what the body of a PUT or PATCH says.

    :raises ArmError: 400 for what the service refuses.
    """
    given = fields.resource(body, _MEMBERS)
    settings = _settings(fields.members("properties", given.get("properties"), _PROPERTIES))
    hns = settings.pop("isHnsEnabled", None)
    kind = _choice("kind", given.get("kind"), KINDS)
    if hns and kind is not None and kind not in _HIERARCHICAL:
        raise errors.value_invalid(name="isHnsEnabled")
    place = given.get("location")
    return Definition(
        location=regions.location(str(place)) if place not in (None, "") else None,
        sku=_choice("sku", fields.members("sku", given.get("sku")).get("name"), SKUS),
        kind=kind,
        tags=fields.texts("tags", given.get("tags")),
        hns=hns,
        settings=settings,
    )


def complete(wanted: Definition) -> tuple[str, str, str]:
    """Return location, SKU and kind of a new account.

    :raises ArmError: 400 if one is missing.
    """
    if wanted.location is None:
        raise location_missing()
    if wanted.sku is None:
        raise errors.value_invalid(name="sku")
    if wanted.kind is None:
        raise errors.value_invalid(name="kind")
    return wanted.location, wanted.sku, wanted.kind


def _choice(name: str, value: object, choices: tuple[str, ...]) -> str | None:
    found = fields.choice(value, choices)
    if found is None and value is not None:
        raise errors.value_invalid(name=name)
    return found


def _settings(properties: dict[str, Any]) -> dict[str, Any]:
    settings = {
        name: value for name, value in properties.items() if value is not None and name not in _READ_ONLY
    }
    for name in _SWITCHES & settings.keys():
        if not isinstance(settings[name], bool):
            raise errors.value_invalid(name=name)
    if (rules := settings.get("networkAcls")) is not None:
        settings["networkAcls"] = _network_rules(rules)
    if "encryption" in settings:
        _check_encryption(settings["encryption"])
    return settings


def _check_encryption(encryption: object) -> None:
    services = encryption.get("services") or {} if isinstance(encryption, dict) else None
    if not isinstance(services, dict) or not all(
        isinstance(service, dict | None) for service in services.values()
    ):
        raise errors.value_invalid(name="encryption")


def _network_rules(rules: object) -> dict[str, Any]:
    if not isinstance(rules, dict) or rules.get("defaultAction", "Allow") not in ("Allow", "Deny"):
        raise errors.value_invalid(name="networkAcls")
    subnets = rules.get("virtualNetworkRules") or []
    if not isinstance(subnets, list) or not all(
        isinstance(rule, dict) and rule.get("id") for rule in subnets
    ):
        raise errors.value_invalid(name="networkAcls.virtualNetworkRules")
    return {
        "bypass": rules.get("bypass") or "AzureServices",
        "virtualNetworkRules": subnets,
        "ipRules": _ip_rules(rules.get("ipRules") or []),
        "defaultAction": rules.get("defaultAction", "Allow"),
    }


def _ip_rules(rules: object) -> list[dict[str, Any]]:
    if not isinstance(rules, list):
        raise errors.value_invalid(name="networkAcls.ipRules")
    for rule in rules:
        value = rule.get("value") if isinstance(rule, dict) else None
        try:
            ipaddress.ip_network(value if isinstance(value, str) else "", strict=False)
        except ValueError:
            raise errors.value_invalid(name="networkAcls[*].value") from None
    return [{"action": "Allow", **rule} for rule in rules]
