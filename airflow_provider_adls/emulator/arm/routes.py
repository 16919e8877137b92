"""Resource Manager's operations: verb, path, the action that rights are checked for, and what answers."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.arm.errors import ACCOUNT_TYPE, PROVIDER
from airflow_provider_adls.emulator.arm.handlers import accounts, locations, nested
from airflow_provider_adls.emulator.arm.nested import KINDS, Kind

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.arm.calls import Answer, Call


@dataclass(frozen=True)
class Route:
    """An operation: how its request looks and what answers it.

    :param operation: name for the request record.
    :param method: HTTP method.
    :param template: path with `{parameters}`; compared without case, as Resource Manager does.
    :param action: right that the caller needs.
    :param handler: what answers.
    """

    operation: str
    method: str
    template: str
    action: str
    handler: Callable[[Call], Answer]
    pattern: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(self.template))
        object.__setattr__(self, "pattern", re.compile(pattern + "/?", re.IGNORECASE))


_SUBSCRIPTION = "/subscriptions/{subscription}"
_LOCATION = f"{_SUBSCRIPTION}/providers/{PROVIDER}/locations/{{location}}"
_GROUP = f"{_SUBSCRIPTION}/resourceGroups/{{group}}/providers/{ACCOUNT_TYPE}"
_ACCOUNT = f"{_GROUP}/{{name}}"


def _nested(kind: Kind) -> Iterator[Route]:
    """The operations on a kind of nested resources, by the names that the SDK's groups of them have."""
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
    Route("accounts.update", "PATCH", _ACCOUNT, f"{ACCOUNT_TYPE}/write", accounts.update),
    Route("accounts.delete", "DELETE", _ACCOUNT, f"{ACCOUNT_TYPE}/delete", accounts.delete),
    Route("accounts.list_by_resource_group", "GET", _GROUP, f"{ACCOUNT_TYPE}/read", accounts.list_all),
    Route(
        "accounts.list",
        "GET",
        f"{_SUBSCRIPTION}/providers/{ACCOUNT_TYPE}",
        f"{ACCOUNT_TYPE}/read",
        accounts.list_all,
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
    *(route for kind in KINDS.values() for route in _nested(kind)),
)
