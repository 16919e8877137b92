"""Handlers for resource providers: their resource types, and the operations of Microsoft.DataLakeStore.

Source of the operations: "Azure resource provider operations", Microsoft.DataLakeStore; of the names
of their resources and of their titles none, so they are assumed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from airflow_provider_adls.emulator.arm import errors
from airflow_provider_adls.emulator.arm.calls import Answer
from airflow_provider_adls.emulator.arm.errors import API_VERSIONS, PROVIDER
from airflow_provider_adls.emulator.arm.regions import LOCATIONS, REGIONS
from airflow_provider_adls.emulator.arm.storage.errors import PROVIDER as STORAGE_PROVIDER

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.arm.calls import Call

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

#: Rights of the provider, without its name, each with the operation that it allows.
OPERATIONS = {
    "register/action": "Register subscription to DataLakeStore.",
    "operations/read": "Get available operations of DataLakeStore.",
    "accounts/read": "Get information about an existing DataLakeStore account.",
    "accounts/write": "Create or update a DataLakeStore account.",
    "accounts/delete": "Delete a DataLakeStore account.",
    "accounts/enableKeyVault/action": "Enable KeyVault for a DataLakeStore account.",
    "accounts/Superuser/action": "Grant Superuser on Data Lake Store when granted with"
    " Microsoft.Authorization/roleAssignments/write.",
    "accounts/operationResults/read": "Get result of a DataLakeStore account operation.",
    "accounts/firewallRules/read": "Get information about a firewall rule.",
    "accounts/firewallRules/write": "Create or update a firewall rule.",
    "accounts/firewallRules/delete": "Delete a firewall rule.",
    "accounts/virtualNetworkRules/read": "Get information about a virtual network rule.",
    "accounts/virtualNetworkRules/write": "Create or update a virtual network rule.",
    "accounts/virtualNetworkRules/delete": "Delete a virtual network rule.",
    "accounts/trustedIdProviders/read": "Get information about a trusted identity provider.",
    "accounts/trustedIdProviders/write": "Create or update a trusted identity provider.",
    "accounts/trustedIdProviders/delete": "Delete a trusted identity provider.",
    "locations/checkNameAvailability/action": "Check availability of a DataLakeStore account name.",
    "locations/capability/read": "Get capability information of a subscription regarding using"
    " DataLakeStore.",
    "locations/operationResults/read": "Get result of a DataLakeStore account operation.",
    "locations/usages/read": "Get quota usages information of a subscription regarding using DataLakeStore.",
}


class _Provider(NamedTuple):
    """A resource provider.

    :param versions: its api-versions, the default first.
    :param located: its resource types that are in regions.
    :param types: the others.
    :param regions: display names of the regions.
    """

    versions: tuple[str, ...]
    located: tuple[str, ...]
    types: tuple[str, ...]
    regions: tuple[str, ...] = ()


_PROVIDERS = {
    PROVIDER: _Provider(
        API_VERSIONS,
        ("accounts", "accounts/firewallRules", "accounts/trustedIdProviders", "accounts/virtualNetworkRules"),
        (
            "locations",
            "locations/capability",
            "locations/checkNameAvailability",
            "locations/operationResults",
            "locations/usages",
            "operations",
        ),
        tuple(REGIONS[location][0] for location in LOCATIONS),
    ),
    STORAGE_PROVIDER: _Provider(
        _STORAGE_VERSIONS,
        ("storageAccounts", "storageAccounts/blobServices", "storageAccounts/blobServices/containers"),
        ("locations", "locations/asyncoperations", "checkNameAvailability"),
        tuple(display for _, (display, _) in sorted(REGIONS.items())),
    ),
    "Microsoft.Resources": _Provider(
        _RESOURCES_VERSIONS,
        (),
        (
            "providers",
            "resourceGroups",
            "resources",
            "subscriptions",
            "subscriptions/locations",
            "subscriptions/providers",
            "subscriptions/resourceGroups",
            "subscriptions/resources",
            "tenants",
        ),
    ),
}


def list_all(call: Call) -> Answer:
    """Serve GET of all providers."""
    return Answer(200, {"value": [_shown(name, call) for name in _PROVIDERS]})


def get(call: Call) -> Answer:
    """Serve GET of a provider; POST of its registration has the same answer, for it is always registered."""
    namespace = call.parameters["namespace"]
    known = next((name for name in _PROVIDERS if name.lower() == namespace.lower()), None)
    if known is None:
        raise errors.namespace_unknown(namespace=namespace)
    return Answer(200, _shown(known, call))


def _shown(name: str, call: Call) -> dict[str, Any]:
    """Return a provider as a subscription sees it, or as anyone does (azure-mgmt-resource, `Provider`)."""
    provider, subscription = _PROVIDERS[name], call.parameters.get("subscription")
    types = [
        {
            "resourceType": kind,
            "locations": list(provider.regions if kind in provider.located else ()),
            "apiVersions": list(provider.versions),
            "defaultApiVersion": provider.versions[0],
        }
        for kind in (*provider.located, *provider.types)
    ]
    shown: dict[str, Any] = {"namespace": name, "resourceTypes": types}
    if subscription is None:
        return shown
    registration = "RegistrationFree" if name == "Microsoft.Resources" else "RegistrationRequired"
    return {
        "id": f"/subscriptions/{subscription}/providers/{name}",
        **shown,
        "registrationState": "Registered",
        "registrationPolicy": registration,
    }


def operations(_call: Call) -> Answer:
    """Serve GET of Microsoft.DataLakeStore's operations (azure-mgmt-datalake-store, `Operation`)."""
    value = []
    for name, description in OPERATIONS.items():
        title, resource = description.removesuffix("."), name.rpartition("/")[0]
        display = {"provider": _TITLE, "resource": resource, "operation": title, "description": description}
        value.append({"name": f"{PROVIDER}/{name}", "display": display})
    return Answer(200, {"value": value})
