"""Resource Manager's operations on storage accounts."""

from __future__ import annotations

from airflow_provider_adls.emulator.arm import pages
from airflow_provider_adls.emulator.arm.route import GROUP, SUBSCRIPTION, Route
from airflow_provider_adls.emulator.arm.storage import accounts, blob_services, containers
from airflow_provider_adls.emulator.arm.storage.errors import ACCOUNT_TYPE, PROVIDER

_ACCOUNTS = f"{GROUP}/providers/{ACCOUNT_TYPE}"
_ACCOUNT = f"{_ACCOUNTS}/{{name}}"
_SERVICES = f"{_ACCOUNT}/blobServices"
_SERVICE = f"{_SERVICES}/default"
_CONTAINERS = f"{_SERVICE}/containers"
_CONTAINER = f"{_CONTAINERS}/{{container}}"
_LOCATION = f"{SUBSCRIPTION}/providers/{PROVIDER}/locations/{{location}}"
_EXPAND = frozenset({"$expand"})

ROUTES = (
    Route("storage_accounts.create", "PUT", _ACCOUNT, accounts.create),
    Route("storage_accounts.get_properties", "GET", _ACCOUNT, accounts.get, _EXPAND),
    Route("storage_accounts.check_existence", "HEAD", _ACCOUNT, accounts.head),
    Route("storage_accounts.update", "PATCH", _ACCOUNT, accounts.update),
    Route("storage_accounts.delete", "DELETE", _ACCOUNT, accounts.delete),
    Route("storage_accounts.list_by_resource_group", "GET", _ACCOUNTS, accounts.list_all, pages.PARAMETERS),
    Route(
        "storage_accounts.list",
        "GET",
        f"{SUBSCRIPTION}/providers/{ACCOUNT_TYPE}",
        accounts.list_all,
        pages.PARAMETERS,
    ),
    Route(
        "storage_accounts.check_name_availability",
        "POST",
        f"{SUBSCRIPTION}/providers/{PROVIDER}/checkNameAvailability",
        accounts.check_name,
        right=f"{PROVIDER}/checknameavailability/read",
    ),
    Route(
        "storage_accounts.operation",
        "GET",
        f"{_LOCATION}/asyncoperations/{{operation}}",
        accounts.operation,
        frozenset({"monitor"}),
    ),
    Route("usages.list_by_location", "GET", f"{_LOCATION}/usages", accounts.usages),
    Route(
        "storage_accounts.list_keys",
        "POST",
        f"{_ACCOUNT}/listKeys",
        accounts.list_keys,
        _EXPAND,
        right=f"{ACCOUNT_TYPE}/listkeys/action",
    ),
    Route(
        "storage_accounts.regenerate_key",
        "POST",
        f"{_ACCOUNT}/regenerateKey",
        accounts.regenerate_key,
        right=f"{ACCOUNT_TYPE}/regeneratekey/action",
    ),
    Route(
        "storage_accounts.revoke_user_delegation_keys",
        "POST",
        f"{_ACCOUNT}/revokeUserDelegationKeys",
        accounts.revoke_delegation_keys,
    ),
    Route("blob_services.list", "GET", _SERVICES, blob_services.list_all),
    Route("blob_services.get_service_properties", "GET", _SERVICE, blob_services.get),
    Route("blob_services.set_service_properties", "PUT", _SERVICE, blob_services.put),
    Route("blob_containers.create", "PUT", _CONTAINER, containers.create),
    Route("blob_containers.get", "GET", _CONTAINER, containers.get),
    Route("blob_containers.update", "PATCH", _CONTAINER, containers.update),
    Route("blob_containers.delete", "DELETE", _CONTAINER, containers.delete),
    Route(
        "blob_containers.list",
        "GET",
        _CONTAINERS,
        containers.list_all,
        pages.PARAMETERS | {"$maxpagesize", "$include"},
    ),
)
