"""`ROUTES`: Resource Manager's operations by method, path and handler."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from airflow_provider_adls.emulator.arm import pages
from airflow_provider_adls.emulator.arm.errors import ACCOUNT_TYPE, PROVIDER
from airflow_provider_adls.emulator.arm.handlers import (
    accounts,
    groups,
    locations,
    nested,
    providers,
    resources,
    subscriptions,
)
from airflow_provider_adls.emulator.arm.nested import KINDS, Kind
from airflow_provider_adls.emulator.arm.route import GROUP, GROUPS, SUBSCRIPTION, Route
from airflow_provider_adls.emulator.arm.storage.routes import ROUTES as STORAGE_ROUTES

_LOCATION = f"{SUBSCRIPTION}/providers/{PROVIDER}/locations/{{location}}"
_ACCOUNTS = f"{GROUP}/providers/{ACCOUNT_TYPE}"
_ACCOUNT = f"{_ACCOUNTS}/{{name}}"
_NAMESPACE = f"{SUBSCRIPTION}/providers/{{namespace}}"
_EXPAND = frozenset({"$expand"})
_RESOURCES = pages.PARAMETERS | _EXPAND


def _nested(kind: Kind) -> Iterator[Route]:
    """Return the routes of a kind of nested resources, by the names of the SDK's operation groups."""
    group = re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", kind.segment)
    every = f"{_ACCOUNT}/{kind.segment}"
    one = f"{every}/{{nested}}"
    for name, method, template, handler in (
        ("list_by_account", "GET", every, nested.list_all),
        ("get", "GET", one, nested.get),
        ("create_or_update", "PUT", one, nested.put),
        ("update", "PATCH", one, nested.update),
        ("delete", "DELETE", one, nested.delete),
    ):
        yield Route(f"{group}.{name}", method, template, functools.partial(handler, kind))


ROUTES = (
    Route("accounts.create", "PUT", _ACCOUNT, accounts.create),
    Route("accounts.get", "GET", _ACCOUNT, accounts.get),
    Route("accounts.check_existence", "HEAD", _ACCOUNT, accounts.head),
    Route("accounts.update", "PATCH", _ACCOUNT, accounts.update),
    Route("accounts.delete", "DELETE", _ACCOUNT, accounts.delete),
    Route("accounts.list_by_resource_group", "GET", _ACCOUNTS, accounts.list_all, pages.PARAMETERS),
    Route(
        "accounts.list",
        "GET",
        f"{SUBSCRIPTION}/providers/{ACCOUNT_TYPE}",
        accounts.list_all,
        pages.PARAMETERS,
    ),
    Route(
        "accounts.operation_result",
        "GET",
        f"{_ACCOUNT}/operationResults/{{operation}}",
        accounts.operation_result,
    ),
    Route(
        "locations.operation_status",
        "GET",
        f"{_LOCATION}/operationResults/{{operation}}",
        accounts.operation_status,
    ),
    Route("accounts.check_name", "POST", f"{_LOCATION}/checkNameAvailability", locations.check_name),
    Route("locations.capability", "GET", f"{_LOCATION}/capability", locations.capability),
    Route("accounts.enable_key_vault", "POST", f"{_ACCOUNT}/enableKeyVault", accounts.enable_key_vault),
    Route("locations.usages", "GET", f"{_LOCATION}/usages", locations.usages),
    *(route for kind in KINDS.values() for route in _nested(kind)),
    Route("operations.list", "GET", f"/providers/{PROVIDER}/operations", providers.operations),
    Route("resource_groups.list", "GET", GROUPS, groups.list_all, pages.PARAMETERS),
    Route("resource_groups.get", "GET", GROUP, groups.get),
    Route("resource_groups.check_existence", "HEAD", GROUP, groups.head),
    Route("resource_groups.create_or_update", "PUT", GROUP, groups.put),
    Route("resource_groups.update", "PATCH", GROUP, groups.update),
    # The types that it may name are of resources that are not here.
    Route("resource_groups.delete", "DELETE", GROUP, groups.delete, frozenset({"forcedeletiontypes"})),
    Route(
        "resource_groups.deletion", "GET", f"{SUBSCRIPTION}/operationResults/{{operation}}", groups.deletion
    ),
    Route("resources.list_by_resource_group", "GET", f"{GROUP}/resources", resources.list_all, _RESOURCES),
    Route("resources.list", "GET", f"{SUBSCRIPTION}/resources", resources.list_all, _RESOURCES),
    Route("tenants.list", "GET", "/tenants", subscriptions.tenants),
    Route("subscriptions.list", "GET", "/subscriptions", subscriptions.list_all),
    Route("subscriptions.get", "GET", SUBSCRIPTION, subscriptions.get),
    Route(
        "subscriptions.list_locations",
        "GET",
        f"{SUBSCRIPTION}/locations",
        subscriptions.locations,
        frozenset({"includeextendedlocations"}),
    ),
    Route("providers.list_at_tenant_scope", "GET", "/providers", providers.list_all, _EXPAND),
    Route("providers.get_at_tenant_scope", "GET", "/providers/{namespace}", providers.get, _EXPAND),
    Route("providers.list", "GET", f"{SUBSCRIPTION}/providers", providers.list_all, _EXPAND),
    Route("providers.get", "GET", _NAMESPACE, providers.get, _EXPAND),
    Route(
        "providers.register",
        "POST",
        f"{_NAMESPACE}/register",
        providers.get,
        right=f"{PROVIDER}/register/action",
    ),
    *STORAGE_ROUTES,
)
