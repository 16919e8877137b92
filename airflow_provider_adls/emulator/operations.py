"""`known`: the recorded names of all services' operations."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.arm.service import OPERATIONS as ARM
from airflow_provider_adls.emulator.errors import ArgumentError
from airflow_provider_adls.emulator.gen2.operations import OPERATIONS as STORAGE
from airflow_provider_adls.emulator.identity.authority import OPERATIONS as LOGIN
from airflow_provider_adls.emulator.webhdfs.requests import KNOWN
from airflow_provider_adls.model.operations import OPERATIONS as LAKE

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.hosts import Service

SERVICES: dict[Service, frozenset[str]] = {
    "login": frozenset(LOGIN),
    "arm": frozenset(ARM),
    "lake": frozenset(LAKE) | KNOWN,
    "dfs": STORAGE["dfs"],
    "blob": STORAGE["blob"],
}
_ALL = {name.lower(): (name, service) for service, names in SERVICES.items() for name in names}
#: Resource Manager's operations whose path names an account; each of the file system's is one's.
NAMING_ACCOUNTS = frozenset(name for name, names_account in ARM.items() if names_account)


def known(operation: str) -> tuple[str, Service]:
    """Return an operation's recorded name, and its service, for a name in any case.

    :raises ArgumentError: for one that no service has.
    """
    found = _ALL.get(operation.lower()) if isinstance(operation, str) else None
    if found is None:
        near = difflib.get_close_matches(str(operation).lower(), _ALL, n=1)
        hint = f"; {_ALL[near[0]][0]} is one" if near else ""
        raise ArgumentError("operation", f"operation {operation!r} is unknown{hint}")
    return found
