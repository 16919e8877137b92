"""Settings of an account's Blob service, of which soft delete alone has an effect here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator.rules.gen2 import properties
from airflow_provider_adls.emulator.storage.errors import refused

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall
    from airflow_provider_adls.emulator.store import Node

#: Days that deleted paths are kept, at least and at most (docs).
SHORTEST, LONGEST = 1, 365
DAYS, SECTIONS = "days", "sections"


def settings(call: FileCall) -> Mapping[str, str]:
    """Return the sections that were set, as they were sent, by name."""
    found: Mapping[str, str] = (
        properties.of(call.account_node()).get(properties.SERVICE, {}).get(SECTIONS, {})
    )
    return found


def change(call: FileCall, sections: Mapping[str, str], days: int | None) -> None:
    """Set sections; the others stay.

    :param days: that deleted paths are kept; 0 for not at all, None leaves it as it is.
    """
    if call.role not in ("owner", "contributor"):
        raise refused("AuthorizationPermissionMismatch")
    if days and not SHORTEST <= days <= LONGEST:
        raise refused("InvalidXmlNodeValue")
    node = call.account_node()
    stored: Mapping[str, Any] = properties.of(node).get(properties.SERVICE, {})
    changed = {
        SECTIONS: {**stored.get(SECTIONS, {}), **sections},
        DAYS: stored.get(DAYS, 0) if days is None else days,
    }
    call.store.save(properties.changed(node, service=changed))


def retention(account: Node) -> int | None:
    """Return the days that deleted paths are kept; None for not at all."""
    return properties.of(account).get(properties.SERVICE, {}).get(DAYS) or None
