"""Handlers for the resources inside an account, the same for every kind.

The account is looked up first: without it the error names the parent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator.arm import errors
from airflow_provider_adls.emulator.arm.calls import Answer, Call

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.arm.account import Account
    from airflow_provider_adls.emulator.arm.nested import Kind


def list_all(kind: Kind, call: Call) -> Answer:
    """Serve GET of all of an account, in the order of their creation."""
    account = _parent(call)
    return Answer(200, {"value": [kind.full(account, one, seen=True) for one in kind.under(account)]})


def get(kind: Kind, call: Call) -> Answer:
    """Serve GET of one."""
    account = _parent(call)
    return Answer(200, kind.full(account, kind.of(account, call.parameters["nested"]), seen=True))


def put(kind: Kind, call: Call) -> Answer:
    """Serve PUT of one: make it, or replace it as a whole; 200 either way, as the SDK expects."""
    account = _parent(call)
    one = kind.given(call.parameters["nested"], call.body)
    return _changed(kind, call, account, kind.put(kind.under(account), one))


def update(kind: Kind, call: Call) -> Answer:
    """Serve PATCH of one: members that the body does not name stay; a body may be missing."""
    account = _parent(call)
    there = kind.of(account, call.parameters["nested"])
    one = kind.given(there["name"], {} if call.body is None else call.body)
    return _changed(kind, call, account, kind.merge(kind.under(account), one))


def delete(kind: Kind, call: Call) -> Answer:
    """Serve DELETE of one."""
    account = _parent(call)
    before = kind.under(account)
    after = kind.without(before, call.parameters["nested"])
    if len(after) == len(before):
        return Answer(204)
    call.accounts.set_nested(account, kind, after)
    return Answer(200)


def _changed(kind: Kind, call: Call, account: Account, resources: list[dict[str, Any]]) -> Answer:
    changed = call.accounts.set_nested(account, kind, resources)
    return Answer(200, kind.full(changed, kind.of(changed, call.parameters["nested"]), seen=False))


def _parent(call: Call) -> Account:
    account = call.accounts.find(*call.place())
    if account is None:
        raise errors.parent_missing(name=call.parameters["name"])
    return account
