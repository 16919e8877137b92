"""`set_expiry` and `purge`: the rule of SETEXPIRY, and the deletion of expired files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.rules import access
from airflow_provider_adls.emulator.rules.refusals import Invalid

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.calls import Call

NEVER, FROM_NOW, FROM_CREATION, ABSOLUTE = (
    "NeverExpire",
    "RelativeToNow",
    "RelativeToCreationDate",
    "Absolute",
)
EXPIRY_OPTIONS = (NEVER, FROM_NOW, FROM_CREATION, ABSOLUTE)


def set_expiry(call: Call, path: str, option: str, time: int | None = None) -> None:
    """Set when a file expires.

    :param option: one of `EXPIRY_OPTIONS`.
    :param time: milliseconds since 1970, or relative to the option's time.
    :raises Invalid: for a directory (.NET SDK's tests), or if the time is missing or negative.
    """
    node = call.file(path)
    call.demand(node, access.WRITE)
    if option == NEVER:
        expires = 0
    elif time is None or time < 0:
        raise Invalid(f"expireTime must be given with {option}, in milliseconds")
    else:
        expires = time + {FROM_NOW: call.now, FROM_CREATION: node.created, ABSOLUTE: 0}[option]
    call.store.save(node._replace(expires=expires))


def purge(call: Call) -> None:
    """Remove expired files; called before every request, so that no rule sees one.

    It runs in a transaction of its own, so that a refused request does not bring the files back.
    """
    if expired := call.store.expired(call.now):
        with call.store.transaction():
            for node in expired:
                call.store.remove(node)
