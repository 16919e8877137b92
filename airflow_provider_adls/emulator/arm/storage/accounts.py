"""Operations on storage accounts, their keys and their names."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.arm.calls import WAIT, Answer, Call
from airflow_provider_adls.emulator.arm.errors import account_missing, location_differs, operation_missing
from airflow_provider_adls.emulator.arm.handlers.locations import availability
from airflow_provider_adls.emulator.arm.pages import page
from airflow_provider_adls.emulator.arm.storage import definition, errors, regions
from airflow_provider_adls.emulator.arm.storage.shown import keys, shown
from airflow_provider_adls.emulator.gen2.account import KEY_NAMES, new_key
from airflow_provider_adls.model.paths import ACCOUNT_NAME

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.arm.storage.definition import Definition
    from airflow_provider_adls.emulator.gen2.account import StorageAccount

#: Accounts that a subscription may have in a region (recorded): said, and not held to.
_MAX_ACCOUNTS = 250
#: The type of an answer without content (recorded).
TEXT = {"Content-Type": "text/plain; charset=utf-8"}


def create(call: Call) -> Answer:
    """PUT an account: make it, or change what the body names of it."""
    wanted = definition.parse(call.body)
    known = find(call)
    if known is not None:
        return Answer(200, shown(_change(call, known, wanted), call.version))
    name = call.parameters["name"]
    if not ACCOUNT_NAME.fullmatch(name):
        raise errors.account_name_invalid(name=name)
    location, sku, kind = definition.complete(wanted)
    if call.storage.find(name) is not None:
        raise errors.account_taken(name=name)
    stated = {} if wanted.hns is None else {"isHnsEnabled": wanted.hns}
    account = call.storage.create(
        name,
        call.parameters["subscription"],
        call.parameters["group"],
        location,
        owner=call.principal.object_id,
        sku=sku,
        kind=kind,
        hns=bool(wanted.hns),
        tags=wanted.tags,
        settings={**stated, **wanted.settings},
    )
    where = (
        f"{call.base}/subscriptions/{account.subscription}/providers/{errors.PROVIDER}/locations"
        f"/{location}/asyncoperations/{_operation(account)}?monitor=true&api-version={call.version}"
    )
    return Answer(202, None, {"Location": where, **TEXT, **WAIT})


def operation(call: Call) -> Answer:
    """GET the result of the operation that makes an account, where `Location` points: it has ended."""
    wanted = call.parameters["operation"].lower()
    for account in call.storage.all():
        if _operation(account) == wanted:
            return Answer(200, shown(account, call.version))
    raise operation_missing()


def get(call: Call) -> Answer:
    """GET an account."""
    return Answer(200, shown(account_of(call), call.version))


def head(call: Call) -> Answer:
    """HEAD an account, as any resource: 204 if it exists, 404 if not."""
    return Answer(404 if find(call) is None else 204)


def update(call: Call) -> Answer:
    """PATCH an account: at once, no long-running operation (recorded)."""
    account = account_of(call)
    return Answer(200, shown(_change(call, account, definition.parse(call.body)), call.version))


def delete(call: Call) -> Answer:
    """DELETE an account with its files: at once (recorded)."""
    account = find(call)
    if account is None:
        return Answer(204)
    call.storage.delete(account)
    return Answer(200, None, TEXT)


def list_all(call: Call) -> Answer:
    """GET the accounts of the subscription, or of a resource group."""
    return page(call, [shown(account, call.version) for account in under(call)])


def check_name(call: Call) -> Answer:
    """POST a name: whether it is free."""
    return availability(
        call,
        errors.ACCOUNT_TYPE,
        errors.account_name_invalid,
        errors.account_taken,
        lambda name: call.storage.find(name) is not None,
    )


def usages(call: Call) -> Answer:
    """GET how many accounts the subscription has in a region, and how many it may have."""
    place = regions.location(call.parameters["location"])
    usage = {
        "unit": "Count",
        "currentValue": sum(account.location == place for account in under(call)),
        "limit": _MAX_ACCOUNTS,
        "name": {"value": "StorageAccounts", "localizedValue": "Storage Accounts"},
    }
    return Answer(200, {"value": [usage]})


def list_keys(call: Call) -> Answer:
    """POST for the keys of an account."""
    return Answer(200, keys(account_of(call), call.version))


def regenerate_key(call: Call) -> Answer:
    """POST that one of the keys is to be another; what the old one signed is refused from now on."""
    account = account_of(call)
    name = call.body.get("keyName") if isinstance(call.body, dict) else None
    if name not in KEY_NAMES:
        raise errors.value_invalid(name="keyName")
    values, times = list(account.keys), list(account.key_times)
    place = KEY_NAMES.index(name)
    values[place], times[place] = new_key(), call.storage.now()
    changed = call.storage.change(account, keys=tuple(values), key_times=tuple(times))
    return Answer(200, keys(changed, call.version))


def revoke_delegation_keys(call: Call) -> Answer:
    """POST that user delegation keys end, with all that they signed."""
    call.storage.change(account_of(call), delegation_key=new_key())
    return Answer(200, None, TEXT)


def under(call: Call) -> list[StorageAccount]:
    """Return all accounts, or those of the path's resource group, by name."""
    group = call.parameters.get("group")
    return [
        account for account in call.storage.all() if group is None or account.group.lower() == group.lower()
    ]


def find(call: Call) -> StorageAccount | None:
    """Return the account that the path names, or None."""
    account = call.storage.find(call.parameters["name"])
    is_here = account is not None and account.group.lower() == call.parameters["group"].lower()
    return account if is_here else None


def account_of(call: Call) -> StorageAccount:
    """Return the account that the path names.

    :raises ArmError: 404 if the resource group has none of this name.
    """
    account = find(call)
    if account is None:
        raise account_missing(
            type=errors.ACCOUNT_TYPE, name=call.parameters["name"], group=call.parameters["group"]
        )
    return account


def _change(call: Call, account: StorageAccount, wanted: Definition) -> StorageAccount:
    """Give an account what a body names; tags are replaced as a whole (recorded).

    :raises ArmError: 409 for what cannot be changed.
    """
    _check_fixed(account, wanted)
    return call.storage.change(
        account,
        sku=wanted.sku or account.sku,
        tags=account.tags if wanted.tags is None else wanted.tags,
        settings={**account.settings, **wanted.settings},
    )


def _check_fixed(account: StorageAccount, wanted: Definition) -> None:
    if wanted.location not in (None, account.location):
        raise location_differs(
            name=account.name, group=account.group, there=account.location, asked=wanted.location
        )
    if wanted.hns not in (None, account.hns):
        raise errors.property_fixed(name="isHnsEnabled")
    # The one change of kind that there is.
    if wanted.kind not in (None, account.kind) and (account.kind, wanted.kind) != ("Storage", "StorageV2"):
        raise errors.property_fixed(name="kind")


def _operation(account: StorageAccount) -> str:
    # It follows from the account, so that it is known after a restart.
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{account.name} {account.created}"))
