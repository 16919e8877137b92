"""Files that vanish when their time comes: the words of Gen2 for what both generations do."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.gen2.errors import refused
from airflow_provider_adls.emulator.rules import access
from airflow_provider_adls.emulator.rules.gen2 import leases

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall
    from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions
    from airflow_provider_adls.emulator.store import Node

NEVER, FROM_NOW, FROM_CREATION, ABSOLUTE = (
    "NeverExpire",
    "RelativeToNow",
    "RelativeToCreation",
    "Absolute",
)
_BY_LOWER = {option.lower(): option for option in (NEVER, FROM_NOW, FROM_CREATION, ABSOLUTE)}


def instant(option: str, time: str, node: Node, now: int) -> int:
    """Return when a file vanishes, in milliseconds since 1970; 0 for never.

    :param option: one of the four, as the request writes it.
    :param time: milliseconds of the relative options, a date of the absolute one.
    :raises StorageError: for a directory, or if option or time is missing or malformed (recorded).
    """
    known = _BY_LOWER.get(option.lower())
    if known is None:
        raise refused("InvalidHeaderValue" if option else "MissingRequiredHeader")
    if node.directory:
        raise refused("ExpiryNotSupportedForDirectory")
    if known == NEVER:
        return 0
    if not time:
        raise refused("MissingRequiredHeader")
    if known == ABSOLUTE:
        try:
            return int(parsedate_to_datetime(time).timestamp() * 1000)
        except ValueError:
            raise refused("InvalidHeaderValue") from None
    if not (time.isascii() and time.isdigit() and len(time) < 16):
        raise refused("InvalidHeaderValue")
    return int(time) + (now if known == FROM_NOW else node.created)


def set_expiry(
    call: FileCall, path: str, conditions: Conditions, option: str, time: str, lease: str = ""
) -> Node:
    """Set when a file vanishes; its version stays (recorded)."""
    node = call.get(path)
    conditions.check(node)
    call.demand(node, access.WRITE)
    leases.demand_read(node, lease, call.now)
    node = node._replace(expires=instant(option, time, node, call.now))
    call.store.save(node)
    return node
