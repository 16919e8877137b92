"""Handlers for accounts, and for the long-running operation that makes one."""

from __future__ import annotations

from urllib.parse import quote

from airflow_provider_adls.emulator.arm import definition
from airflow_provider_adls.emulator.arm.calls import WAIT, Answer, Call
from airflow_provider_adls.emulator.arm.errors import ACCOUNT_TYPE, API_VERSION, PROVIDER
from airflow_provider_adls.emulator.arm.pages import page
from airflow_provider_adls.emulator.arm.representation import brief, full

_CREATABLE = frozenset({"location", "tags", "identity", "properties"})
_UPDATABLE = frozenset({"tags", "properties"})


def create(call: Call) -> Answer:
    """Serve PUT of an account: make it, or replace its settings."""
    wanted = definition.parse(call.body, _CREATABLE)
    known = call.accounts.find(*call.place())
    if known is not None:
        return Answer(200, full(call.accounts.replace(known, wanted), call.tenant))
    account = call.accounts.create(*call.place(), wanted, call.principal.object_id)
    subscription = f"{call.base}/subscriptions/{account.subscription}"
    headers = {
        "azure-asyncoperation": f"{subscription}/providers/{PROVIDER}/locations/{account.location}"
        f"/operationResults/{account.operation_id}?api-version={API_VERSION}",
        "location": f"{subscription}/resourcegroups/{quote(account.group)}/providers/{ACCOUNT_TYPE}"
        f"/{account.name}/operationresults/0?api-version={API_VERSION}",
        **WAIT,
    }
    return Answer(201, full(account, call.tenant), headers)


def get(call: Call) -> Answer:
    """Serve GET of an account."""
    return Answer(200, full(call.account(), call.tenant))


def update(call: Call) -> Answer:
    """Serve PATCH of an account, at once: no long-running operation (recorded)."""
    account = call.account()
    wanted = definition.parse(call.body, _UPDATABLE)
    return Answer(200, full(call.accounts.update(account, wanted), call.tenant))


def delete(call: Call) -> Answer:
    """Serve DELETE of an account, at once (recorded)."""
    return Answer(200 if call.accounts.delete(*call.place()) else 204)


def list_all(call: Call) -> Answer:
    """Serve GET of a subscription's or a resource group's accounts, in pages."""
    accounts = call.accounts.under(call.parameters.get("group"))
    return page(call, [brief(account) for account in accounts])


def head(call: Call) -> Answer:
    """Serve HEAD of an account, as of any resource: 204 if it exists, 404 if not."""
    return Answer(404 if call.accounts.find(*call.place()) is None else 204)


def operation_status(call: Call) -> Answer:
    """Serve GET of the operation that makes an account, where azure-asyncoperation points."""
    if call.accounts.operation(call.parameters["operation"]):
        return Answer(200, {"status": "Succeeded"})
    return Answer(200, {"status": "InProgress"}, WAIT)


def operation_result(call: Call) -> Answer:
    """Serve GET of that operation's result, where `location` points; assumed: 202 until it ends."""
    account = call.account()
    if account.creating:
        return Answer(202, None, WAIT)
    return Answer(200, full(account, call.tenant))


def enable_key_vault(call: Call) -> Answer:
    """Serve POST enableKeyVault."""
    call.accounts.enable_key_vault(call.account())
    return Answer(200)
