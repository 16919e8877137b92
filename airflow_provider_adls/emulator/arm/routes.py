"""`ROUTES`: Resource Manager's operations by method, path, required action and handler."""

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
_RESOURCES = "Microsoft.Resources/subscriptions"
_EXPAND = frozenset({"$expand"})


def _nested(kind: Kind) -> Iterator[Route]:
    """Return the routes of a kind of nested resources, by the names of the SDK's operation groups."""
    group = re.sub("[A-Z]", lambda capital: f"_{capital[0].lower()}", kind.segment)
    every = f"{_ACCOUNT}/{kind.segment}"
    one = f"{every}/{{nested}}"
    for name, method, template, right, handler in (
        ("list_by_account", "GET", every, "read", nested.list_all),
        ("get", "GET", one, "read", nested.get),
        ("create_or_update", "PUT", one, "write", nested.put),
        ("update", "PATCH", one, "write", nested.update),
        ("delete", "DELETE", one, "delete", nested.delete),
    ):
        yield Route(
            f"{group}.{name}", method, template, f"{kind.type}/{right}", functools.partial(handler, kind)
        )


ROUTES = (
    Route("accounts.create", "PUT", _ACCOUNT, f"{ACCOUNT_TYPE}/write", accounts.create),
    Route("accounts.get", "GET", _ACCOUNT, f"{ACCOUNT_TYPE}/read", accounts.get),
    Route("accounts.check_existence", "HEAD", _ACCOUNT, f"{ACCOUNT_TYPE}/read", accounts.head),
    Route("accounts.update", "PATCH", _ACCOUNT, f"{ACCOUNT_TYPE}/write", accounts.update),
    Route("accounts.delete", "DELETE", _ACCOUNT, f"{ACCOUNT_TYPE}/delete", accounts.delete),
    Route(
        "accounts.list_by_resource_group",
        "GET",
        _ACCOUNTS,
        f"{ACCOUNT_TYPE}/read",
        accounts.list_all,
        pages.PARAMETERS,
    ),
    Route(
        "accounts.list",
        "GET",
        f"{SUBSCRIPTION}/providers/{ACCOUNT_TYPE}",
        f"{ACCOUNT_TYPE}/read",
        accounts.list_all,
        pages.PARAMETERS,
    ),
    Route(
        "accounts.operation_result",
        "GET",
        f"{_ACCOUNT}/operationResults/{{operation}}",
        f"{ACCOUNT_TYPE}/read",
        accounts.operation_result,
    ),
    Route(
        "locations.operation_status",
        "GET",
        f"{_LOCATION}/operationResults/{{operation}}",
        f"{PROVIDER}/locations/operationResults/read",
        accounts.operation_status,
    ),
    Route(
        "accounts.check_name",
        "POST",
        f"{_LOCATION}/checkNameAvailability",
        f"{PROVIDER}/locations/checkNameAvailability/action",
        locations.check_name,
    ),
    Route(
        "locations.capability",
        "GET",
        f"{_LOCATION}/capability",
        f"{PROVIDER}/locations/capability/read",
        locations.capability,
    ),
    Route(
        "accounts.enable_key_vault",
        "POST",
        f"{_ACCOUNT}/enableKeyVault",
        f"{ACCOUNT_TYPE}/enableKeyVault/action",
        accounts.enable_key_vault,
    ),
    Route(
        "locations.usages",
        "GET",
        f"{_LOCATION}/usages",
        f"{PROVIDER}/locations/usages/read",
        locations.usages,
    ),
    *(route for kind in KINDS.values() for route in _nested(kind)),
    Route("operations.list", "GET", f"/providers/{PROVIDER}/operations", None, providers.operations),
    Route(
        "resource_groups.list",
        "GET",
        GROUPS,
        f"{_RESOURCES}/resourceGroups/read",
        groups.list_all,
        pages.PARAMETERS,
    ),
    Route("resource_groups.get", "GET", GROUP, f"{_RESOURCES}/resourceGroups/read", groups.get),
    Route("resource_groups.check_existence", "HEAD", GROUP, f"{_RESOURCES}/resourceGroups/read", groups.head),
    Route("resource_groups.create_or_update", "PUT", GROUP, f"{_RESOURCES}/resourceGroups/write", groups.put),
    Route("resource_groups.update", "PATCH", GROUP, f"{_RESOURCES}/resourceGroups/write", groups.update),
    Route(
        "resource_groups.delete",
        "DELETE",
        GROUP,
        f"{_RESOURCES}/resourceGroups/delete",
        groups.delete,
        # The types that it may name are of resources that are not here.
        frozenset({"forcedeletiontypes"}),
    ),
    Route(
        "resource_groups.deletion",
        "GET",
        f"{SUBSCRIPTION}/operationResults/{{operation}}",
        f"{_RESOURCES}/operationresults/read",
        groups.deletion,
    ),
    Route(
        "resources.list_by_resource_group",
        "GET",
        f"{GROUP}/resources",
        f"{_RESOURCES}/resourceGroups/resources/read",
        resources.list_all,
        pages.PARAMETERS | _EXPAND,
    ),
    Route(
        "resources.list",
        "GET",
        f"{SUBSCRIPTION}/resources",
        f"{_RESOURCES}/resources/read",
        resources.list_all,
        pages.PARAMETERS | _EXPAND,
    ),
    Route("tenants.list", "GET", "/tenants", None, subscriptions.tenants),
    Route("subscriptions.list", "GET", "/subscriptions", None, subscriptions.list_all),
    Route("subscriptions.get", "GET", SUBSCRIPTION, f"{_RESOURCES}/read", subscriptions.get),
    Route(
        "subscriptions.list_locations",
        "GET",
        f"{SUBSCRIPTION}/locations",
        f"{_RESOURCES}/locations/read",
        subscriptions.locations,
        frozenset({"includeextendedlocations"}),
    ),
    Route("providers.list_at_tenant_scope", "GET", "/providers", None, providers.list_all, _EXPAND),
    Route("providers.get_at_tenant_scope", "GET", "/providers/{namespace}", None, providers.get, _EXPAND),
    Route(
        "providers.list",
        "GET",
        f"{SUBSCRIPTION}/providers",
        f"{_RESOURCES}/providers/read",
        providers.list_all,
        _EXPAND,
    ),
    Route(
        "providers.get",
        "GET",
        f"{SUBSCRIPTION}/providers/{{namespace}}",
        f"{_RESOURCES}/providers/read",
        providers.get,
        _EXPAND,
    ),
    Route(
        "providers.register",
        "POST",
        f"{SUBSCRIPTION}/providers/{{namespace}}/register",
        f"{PROVIDER}/register/action",
        providers.get,
    ),
    *STORAGE_ROUTES,
)
