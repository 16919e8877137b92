"""Handlers for resources of any type: accounts of both generations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator.arm import errors
from airflow_provider_adls.emulator.arm.account import timestamp
from airflow_provider_adls.emulator.arm.errors import ACCOUNT_TYPE
from airflow_provider_adls.emulator.arm.pages import page
from airflow_provider_adls.emulator.arm.representation import identity
from airflow_provider_adls.emulator.arm.storage import errors as storage_errors
from airflow_provider_adls.emulator.arm.storage.accounts import under
from airflow_provider_adls.emulator.arm.storage.shown import resource_id, sku

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_adls.emulator.arm.account import Account
    from airflow_provider_adls.emulator.arm.calls import Answer, Call
    from airflow_provider_adls.emulator.gen2.account import StorageAccount

#: Properties that `$expand` may name, each with its value for an account.
_EXPANSIONS: dict[str, Callable[[Account], str]] = {
    "createdTime": lambda account: account.created,
    "changedTime": lambda account: account.modified,
    "provisioningState": lambda account: "Creating" if account.creating else "Succeeded",
}


def list_all(call: Call) -> Answer:
    """Serve GET of the resources of the subscription, or of one of its groups, in pages."""
    accounts = call.accounts.under(call.parameters.get("group"))
    text = call.query.get("$expand", "").strip()
    wanted = {name.strip().lower() for name in text.split(",")} if text else set()
    if wanted - {name.lower() for name in _EXPANSIONS}:
        raise errors.parameter_invalid(name="$expand", value=text, right=", ".join(_EXPANSIONS))
    expansions = [name for name in _EXPANSIONS if name.lower() in wanted]
    shown = [_shown(account, call.tenant, expansions) for account in accounts]
    shown += [_storage_account(account, expansions) for account in under(call)]
    return page(call, sorted(shown, key=lambda resource: str(resource["name"])))


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


def _storage_account(account: StorageAccount, expansions: list[str]) -> dict[str, Any]:
    """Return a storage account as any resource."""
    # When it was last changed is not kept.
    moment = timestamp(account.created)
    values = {"createdTime": moment, "changedTime": moment, "provisioningState": "Succeeded"}
    return {
        "id": resource_id(account),
        "name": account.name,
        "type": storage_errors.ACCOUNT_TYPE,
        "sku": sku(account),
        "kind": account.kind,
        "location": account.location,
        "tags": account.tags or {},
        **{name: values[name] for name in expansions},
    }
