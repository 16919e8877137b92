"""Settings of an account's Blob service, of which soft delete alone has an effect here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.gen2.errors import refused
from airflow_provider_adls.emulator.rules.gen2 import properties

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall

#: Days that deleted paths are kept, at least and at most (docs).
SHORTEST, LONGEST = 1, 365
SECTIONS = "sections"


def settings(call: FileCall) -> Mapping[str, str]:
    """Return the sections that were set, as they were sent, by name."""
    found: Mapping[str, str] = (
        properties.of(call.account_node()).get(properties.SERVICE, {}).get(SECTIONS, {})
    )
    return found


def change(call: FileCall, sections: Mapping[str, str], days: int | None) -> None:
    """Set sections; the others stay.

    :param days: days for which deleted paths are kept; 0 for not at all, None leaves it as it is.
    """
    if call.role not in ("owner", "contributor"):
        raise refused("AuthorizationPermissionMismatch")
    if days and not SHORTEST <= days <= LONGEST:
        raise refused("InvalidXmlNodeValue")
    node = call.account_node()
    call.store.save(properties.changed(node, service={SECTIONS: {**settings(call), **sections}}))
    if days is not None:
        # The account keeps it, since Resource Manager shows and sets it too.
        call.keep_retention(days or None)
