"""Handlers for resources of any type, all of them accounts here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator.arm import errors
from airflow_provider_adls.emulator.arm.errors import ACCOUNT_TYPE
from airflow_provider_adls.emulator.arm.pages import page
from airflow_provider_adls.emulator.arm.representation import identity

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_adls.emulator.arm.account import Account
    from airflow_provider_adls.emulator.arm.calls import Answer, Call

#: What `$expand` may name, each with how an account shows it.
_EXPANSIONS: dict[str, Callable[[Account], str]] = {
    "createdTime": lambda account: account.created,
    "changedTime": lambda account: account.modified,
    "provisioningState": lambda account: "Creating" if account.creating else "Succeeded",
}


def list_all(call: Call) -> Answer:
    """Serve GET of the resources of the subscription, or of one of its groups, in pages."""
    accounts = call.accounts.under(call.parameters["subscription"], call.parameters.get("group"))
    text = call.query.get("$expand", "").strip()
    wanted = {name.strip().lower() for name in text.split(",")} if text else set()
    if wanted - {name.lower() for name in _EXPANSIONS}:
        raise errors.parameter_invalid("$expand", text, ", ".join(_EXPANSIONS))
    expansions = [name for name in _EXPANSIONS if name.lower() in wanted]
    return page(call, [_shown(account, call.tenant, expansions) for account in accounts])


def _shown(account: Account, tenant: str, expansions: list[str]) -> dict[str, Any]:
    """Return an account as a generic resource (azure-mgmt-resource, `GenericResourceExpanded`)."""
    assigned = identity(account, tenant)
    return {
        "id": account.id,
        "name": account.name,
        "type": ACCOUNT_TYPE,
        "location": account.location,
        **({"identity": assigned} if assigned else {}),
        **({"tags": account.tags} if account.tags is not None else {}),
        **{name: _EXPANSIONS[name](account) for name in expansions},
    }
