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
_SERVICE_RIGHT = f"{ACCOUNT_TYPE}/blobServices"
_CONTAINER_RIGHT = f"{_SERVICE_RIGHT}/containers"
_EXPAND = frozenset({"$expand"})

ROUTES = (
    Route("storage_accounts.create", "PUT", _ACCOUNT, f"{ACCOUNT_TYPE}/write", accounts.create),
    Route("storage_accounts.get_properties", "GET", _ACCOUNT, f"{ACCOUNT_TYPE}/read", accounts.get, _EXPAND),
    Route("storage_accounts.check_existence", "HEAD", _ACCOUNT, f"{ACCOUNT_TYPE}/read", accounts.head),
    Route("storage_accounts.update", "PATCH", _ACCOUNT, f"{ACCOUNT_TYPE}/write", accounts.update),
    Route("storage_accounts.delete", "DELETE", _ACCOUNT, f"{ACCOUNT_TYPE}/delete", accounts.delete),
    Route(
        "storage_accounts.list_by_resource_group",
        "GET",
        _ACCOUNTS,
        f"{ACCOUNT_TYPE}/read",
        accounts.list_all,
        pages.PARAMETERS,
    ),
    Route(
        "storage_accounts.list",
        "GET",
        f"{SUBSCRIPTION}/providers/{ACCOUNT_TYPE}",
        f"{ACCOUNT_TYPE}/read",
        accounts.list_all,
        pages.PARAMETERS,
    ),
    Route(
        "storage_accounts.check_name_availability",
        "POST",
        f"{SUBSCRIPTION}/providers/{PROVIDER}/checkNameAvailability",
        f"{PROVIDER}/checknameavailability/read",
        accounts.check_name,
    ),
    Route(
        "storage_accounts.operation",
        "GET",
        f"{SUBSCRIPTION}/providers/{PROVIDER}/locations/{{location}}/asyncoperations/{{operation}}",
        f"{PROVIDER}/locations/asyncoperations/read",
        accounts.operation,
        frozenset({"monitor"}),
    ),
    Route(
        "usages.list_by_location",
        "GET",
        f"{SUBSCRIPTION}/providers/{PROVIDER}/locations/{{location}}/usages",
        f"{PROVIDER}/locations/usages/read",
        accounts.usages,
    ),
    Route(
        "storage_accounts.list_keys",
        "POST",
        f"{_ACCOUNT}/listKeys",
        f"{ACCOUNT_TYPE}/listkeys/action",
        accounts.list_keys,
        _EXPAND,
    ),
    Route(
        "storage_accounts.regenerate_key",
        "POST",
        f"{_ACCOUNT}/regenerateKey",
        f"{ACCOUNT_TYPE}/regeneratekey/action",
        accounts.regenerate_key,
    ),
    Route(
        "storage_accounts.revoke_user_delegation_keys",
        "POST",
        f"{_ACCOUNT}/revokeUserDelegationKeys",
        f"{ACCOUNT_TYPE}/revokeUserDelegationKeys/action",
        accounts.revoke_delegation_keys,
    ),
    Route("blob_services.list", "GET", _SERVICES, f"{_SERVICE_RIGHT}/read", blob_services.list_all),
    Route(
        "blob_services.get_service_properties", "GET", _SERVICE, f"{_SERVICE_RIGHT}/read", blob_services.get
    ),
    Route(
        "blob_services.set_service_properties", "PUT", _SERVICE, f"{_SERVICE_RIGHT}/write", blob_services.put
    ),
    Route("blob_containers.create", "PUT", _CONTAINER, f"{_CONTAINER_RIGHT}/write", containers.create),
    Route("blob_containers.get", "GET", _CONTAINER, f"{_CONTAINER_RIGHT}/read", containers.get),
    Route("blob_containers.update", "PATCH", _CONTAINER, f"{_CONTAINER_RIGHT}/write", containers.update),
    Route("blob_containers.delete", "DELETE", _CONTAINER, f"{_CONTAINER_RIGHT}/delete", containers.delete),
    Route(
        "blob_containers.list",
        "GET",
        _CONTAINERS,
        f"{_CONTAINER_RIGHT}/read",
        containers.list_all,
        pages.PARAMETERS | {"$maxpagesize", "$include"},
    ),
)
