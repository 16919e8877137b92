"""`provider` and `operations`: the resource providers, their resource types and operations.

Source of the operations: "Azure resource provider operations", Microsoft.DataLakeStore; of their titles
none, so they are assumed.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from airflow_provider_adls.emulator.arm.errors import API_VERSIONS, PROVIDER
from airflow_provider_adls.emulator.arm.regions import LOCATIONS, REGIONS
from airflow_provider_adls.emulator.arm.storage.errors import PROVIDER as STORAGE_PROVIDER

_TITLE = "Microsoft Azure Data Lake Store"
#: The version that azure-mgmt-resource and the Azure CLI ask Resource Manager's own resources in, and others.
_RESOURCES_VERSIONS = ("2025-04-01", "2022-12-01", "2021-04-01", "2019-10-01", "2016-06-01")

#: Versions of Microsoft.Storage that clients of the last years ask for; every other is served as well.
_STORAGE_VERSIONS = (
    "2026-09-01",
    "2025-06-01",
    "2024-01-01",
    "2023-05-01",
    "2022-09-01",
    "2021-09-01",
    "2019-06-01",
)


class Operation(NamedTuple):
    """An operation that a role can allow.

    :param name: the right, without the provider.
    :param resource: display name of its resource.
    :param title: display name of the operation.
    :param description: the same as a sentence.
    """

    name: str
    resource: str
    title: str
    description: str


def _of(segment: str, resource: str, noun: str) -> tuple[Operation, ...]:
    return (
        Operation(f"{segment}/read", resource, f"Get {resource}", f"Get information about {noun}."),
        Operation(f"{segment}/write", resource, f"Create or Update {resource}", f"Create or update {noun}."),
        Operation(f"{segment}/delete", resource, f"Delete {resource}", f"Delete {noun}."),
    )


_ACCOUNT = "Data Lake Store Account"
_LOCATION = "Data Lake Store Location"
OPERATIONS = (
    Operation(
        "register/action", "Subscription", "Register Subscription", "Register subscription to DataLakeStore."
    ),
    Operation(
        "operations/read",
        "Available Operations",
        "List Operations",
        "Get available operations of DataLakeStore.",
    ),
    Operation(
        "accounts/read", _ACCOUNT, "Get Account", "Get information about an existing DataLakeStore account."
    ),
    Operation(
        "accounts/write",
        _ACCOUNT,
        "Create or Update Account",
        "Create or update a DataLakeStore account.",
    ),
    Operation("accounts/delete", _ACCOUNT, "Delete Account", "Delete a DataLakeStore account."),
    Operation(
        "accounts/enableKeyVault/action",
        _ACCOUNT,
        "Enable Key Vault",
        "Enable KeyVault for a DataLakeStore account.",
    ),
    Operation(
        "accounts/Superuser/action",
        _ACCOUNT,
        "Grant Superuser",
        "Grant Superuser on Data Lake Store when granted with Microsoft.Authorization/roleAssignments/write.",
    ),
    Operation(
        "accounts/operationResults/read",
        _ACCOUNT,
        "Get Operation Result",
        "Get result of a DataLakeStore account operation.",
    ),
    *_of("accounts/firewallRules", "Firewall Rule", "a firewall rule"),
    *_of("accounts/virtualNetworkRules", "Virtual Network Rule", "a virtual network rule"),
    *_of("accounts/trustedIdProviders", "Trusted Identity Provider", "a trusted identity provider"),
    Operation(
        "locations/checkNameAvailability/action",
        _LOCATION,
        "Check Name Availability",
        "Check availability of a DataLakeStore account name.",
    ),
    Operation(
        "locations/capability/read",
        _LOCATION,
        "Get Capability",
        "Get capability information of a subscription regarding using DataLakeStore.",
    ),
    Operation(
        "locations/operationResults/read",
        _LOCATION,
        "Get Operation Result",
        "Get result of a DataLakeStore account operation.",
    ),
    Operation(
        "locations/usages/read",
        _LOCATION,
        "Get Usages",
        "Get quota usages information of a subscription regarding using DataLakeStore.",
    ),
)


def operations() -> dict[str, Any]:
    """Return the list of operations (azure-mgmt-datalake-store, `OperationListResult`)."""
    value = [
        {
            "name": f"{PROVIDER}/{operation.name}",
            "display": {
                "provider": _TITLE,
                "resource": operation.resource,
                "operation": operation.title,
                "description": operation.description,
            },
        }
        for operation in OPERATIONS
    ]
    return {"value": value}


class _Type(NamedTuple):
    """A resource type: the regions that it is in, and its versions."""

    locations: tuple[str, ...]
    versions: tuple[str, ...]


_NESTED = ("firewallRules", "trustedIdProviders", "virtualNetworkRules")
_OF_LOCATIONS = ("capability", "checkNameAvailability", "operationResults", "usages")
_OF_SUBSCRIPTIONS = ("locations", "providers", "resourceGroups", "resources")
#: Resource types of each provider.
_TYPES: dict[str, dict[str, _Type]] = {
    PROVIDER: {
        **dict.fromkeys(
            ["accounts", *(f"accounts/{name}" for name in _NESTED)], _Type(LOCATIONS, API_VERSIONS)
        ),
        **dict.fromkeys(
            ["locations", *(f"locations/{name}" for name in _OF_LOCATIONS), "operations"],
            _Type((), API_VERSIONS),
        ),
    },
    STORAGE_PROVIDER: {
        **dict.fromkeys(
            [
                "storageAccounts",
                "storageAccounts/blobServices",
                "storageAccounts/blobServices/containers",
            ],
            _Type(tuple(sorted(REGIONS)), _STORAGE_VERSIONS),
        ),
        **dict.fromkeys(
            ["locations", "locations/asyncoperations", "checkNameAvailability"], _Type((), _STORAGE_VERSIONS)
        ),
    },
    "Microsoft.Resources": dict.fromkeys(
        [
            "providers",
            "resourceGroups",
            "resources",
            "subscriptions",
            *(f"subscriptions/{name}" for name in _OF_SUBSCRIPTIONS),
            "tenants",
        ],
        _Type((), _RESOURCES_VERSIONS),
    ),
}


def namespaces() -> list[str]:
    """Return the names of all providers."""
    return list(_TYPES)


def provider(namespace: str, subscription: str | None) -> dict[str, Any] | None:
    """Return a provider as a subscription sees it, or as anyone does (azure-mgmt-resource, `Provider`)."""
    known = next((name for name in _TYPES if name.lower() == namespace.lower()), None)
    if known is None:
        return None
    types = [
        {
            "resourceType": name,
            "locations": [REGIONS[location][0] for location in locations],
            "apiVersions": list(versions),
            "defaultApiVersion": versions[0],
        }
        for name, (locations, versions) in _TYPES[known].items()
    ]
    shown: dict[str, Any] = {"namespace": known, "resourceTypes": types}
    if subscription is None:
        return shown
    registration = "RegistrationFree" if known == "Microsoft.Resources" else "RegistrationRequired"
    return {
        "id": f"/subscriptions/{subscription}/providers/{known}",
        **shown,
        "registrationState": "Registered",
        "registrationPolicy": registration,
    }
