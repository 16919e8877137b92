"""Resource Manager's operations on accounts: verb, path, the action that rights are checked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow_provider_adls.emulator.arm import definition, errors
from airflow_provider_adls.emulator.arm.account import Account, brief, full
from airflow_provider_adls.emulator.arm.errors import ACCOUNT_TYPE, API_VERSION, PROVIDER
from airflow_provider_adls.gen1.paths import ACCOUNT_NAME

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.arm.accounts import Accounts
    from airflow_provider_adls.emulator.principal import Principal

_CREATABLE = frozenset({"location", "tags", "identity", "properties"})
_UPDATABLE = frozenset({"tags", "properties"})
#: Accounts that a subscription may have in a region (recorded). The emulator tells it and does not
#: hold to it: a suite with an account per test would run into it at once.
MAX_ACCOUNTS = 10
#: Clients of 0.5.0 wait 30 s between looks where they are not told; nothing here takes time.
_WAIT = {"Retry-After": "0"}


@dataclass(frozen=True)
class Call:
    """One call of an operation, parsed.

    :param parameters: the path's variable parts.
    :param body: JSON of the request, or None.
    :param principal: who calls.
    :param tenant: tenant of the directory.
    :param base: URL that the answer's own URLs begin with, in the style that was asked.
    """

    accounts: Accounts
    parameters: dict[str, str]
    body: Any
    principal: Principal
    tenant: str
    base: str

    def account(self) -> Account:
        """The account that the path names."""
        return self.accounts.get(*self.place())

    def place(self) -> tuple[str, str, str]:
        """Subscription, resource group and name of the path's account."""
        return self.parameters["subscription"], self.parameters["group"], self.parameters["name"]


class Answer(NamedTuple):
    """Status, JSON (None for an empty body) and headers of its own."""

    status: int
    body: dict[str, Any] | None = None
    headers: dict[str, str] = {}  # noqa: RUF012 - a NamedTuple's default, never changed


def create_account(call: Call) -> Answer:
    """PUT an account: make it, or replace what is set of it."""
    wanted = definition.parse(call.body, _CREATABLE)
    known = call.accounts.find(*call.place())
    if known is not None:
        return Answer(200, full(call.accounts.replace(known, wanted), call.tenant))
    account = call.accounts.create(*call.place(), wanted, call.principal.object_id)
    subscription = f"{call.base}/subscriptions/{account.subscription}"
    headers = {
        "azure-asyncoperation": f"{subscription}/providers/{PROVIDER}/locations/{account.location}"
        f"/operationResults/{account.operation_id}?api-version={API_VERSION}",
        "location": f"{subscription}/resourcegroups/{account.group}/providers/{ACCOUNT_TYPE}/{account.name}"
        f"/operationresults/0?api-version={API_VERSION}",
        **_WAIT,
    }
    return Answer(201, full(account, call.tenant), headers)


def get_account(call: Call) -> Answer:
    """GET an account."""
    return Answer(200, full(call.account(), call.tenant))


def update_account(call: Call) -> Answer:
    """PATCH an account: at once, no long-running operation (recorded)."""
    account = call.account()
    wanted = definition.parse(call.body, _UPDATABLE)
    return Answer(200, full(call.accounts.update(account, wanted), call.tenant))


def delete_account(call: Call) -> Answer:
    """DELETE an account: at once (recorded)."""
    return Answer(200 if call.accounts.delete(*call.place()) else 204)


def list_accounts(call: Call) -> Answer:
    """GET a subscription's accounts, or a resource group's: all in one page."""
    accounts = call.accounts.under(call.parameters["subscription"], call.parameters.get("group"))
    return Answer(200, {"value": [brief(account) for account in accounts]})


def operation_status(call: Call) -> Answer:
    """GET the state of the operation that makes an account, where azure-asyncoperation points."""
    if call.accounts.operation(call.parameters["operation"]):
        return Answer(200, {"status": "Succeeded"})
    return Answer(200, {"status": "InProgress"}, _WAIT)


def operation_result(call: Call) -> Answer:
    """GET the result of that operation, where `location` points; assumed: 202 until it is there."""
    account = call.account()
    if account.creating:
        return Answer(202, None, _WAIT)
    return Answer(200, full(account, call.tenant))


def check_name(call: Call) -> Answer:
    """POST a name: whether it is free."""
    definition.location(call.parameters["location"])
    if not isinstance(call.body, dict) or not isinstance(name := call.body.get("name"), str):
        raise errors.content_invalid("Required property 'name' not found in JSON")
    if call.body.get("type") != ACCOUNT_TYPE:
        raise errors.content_invalid(f"The property 'type' must be '{ACCOUNT_TYPE}'")
    if not ACCOUNT_NAME.fullmatch(name):
        return _unavailable("AccountNameInvalid", errors.name_rule(name))
    if call.accounts.exists(name):
        return _unavailable("AlreadyExists", errors.name_taken(name))
    return Answer(200, {"nameAvailable": True})


def capability(call: Call) -> Answer:
    """GET what a subscription may have in a region."""
    place = definition.location(call.parameters["location"])
    subscription = call.parameters["subscription"]
    count = sum(account.location == place for account in call.accounts.under(subscription))
    return Answer(
        200,
        {
            "subscriptionId": subscription,
            "state": "Registered",
            "maxAccountCount": MAX_ACCOUNTS,
            "accountCount": count,
            "migrationState": False,
        },
    )


def _unavailable(reason: str, message: str) -> Answer:
    return Answer(200, {"nameAvailable": False, "reason": reason, "message": message})


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

ROUTES = (
    Route("accounts.create", "PUT", _ACCOUNT, f"{ACCOUNT_TYPE}/write", create_account),
    Route("accounts.get", "GET", _ACCOUNT, f"{ACCOUNT_TYPE}/read", get_account),
    Route("accounts.update", "PATCH", _ACCOUNT, f"{ACCOUNT_TYPE}/write", update_account),
    Route("accounts.delete", "DELETE", _ACCOUNT, f"{ACCOUNT_TYPE}/delete", delete_account),
    Route("accounts.list_by_resource_group", "GET", _GROUP, f"{ACCOUNT_TYPE}/read", list_accounts),
    Route(
        "accounts.list",
        "GET",
        f"{_SUBSCRIPTION}/providers/{ACCOUNT_TYPE}",
        f"{ACCOUNT_TYPE}/read",
        list_accounts,
    ),
    Route(
        "accounts.operation_result",
        "GET",
        f"{_ACCOUNT}/operationResults/{{operation}}",
        f"{ACCOUNT_TYPE}/read",
        operation_result,
    ),
    Route(
        "locations.operation_status",
        "GET",
        f"{_LOCATION}/operationResults/{{operation}}",
        f"{PROVIDER}/locations/operationResults/read",
        operation_status,
    ),
    Route(
        "accounts.check_name",
        "POST",
        f"{_LOCATION}/checkNameAvailability",
        f"{PROVIDER}/locations/checkNameAvailability/action",
        check_name,
    ),
    Route(
        "locations.capability",
        "GET",
        f"{_LOCATION}/capability",
        f"{PROVIDER}/locations/capability/read",
        capability,
    ),
)
