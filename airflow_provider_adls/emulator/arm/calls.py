"""`Call` and `Answer`: what a handler of Resource Manager takes and returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.arm.account import Account
    from airflow_provider_adls.emulator.arm.accounts import Accounts
    from airflow_provider_adls.emulator.arm.groups import Groups
    from airflow_provider_adls.emulator.gen2.accounts import StorageAccounts
    from airflow_provider_adls.emulator.principal import Principal

#: Clients of 0.5.0 wait 30 s between polls without this header; nothing here takes time.
WAIT = {"Retry-After": "0"}


@dataclass(frozen=True)
class Call:
    """One call of an operation, parsed.

    :param parameters: the path's variable parts.
    :param query: the query's parameters, by their names in small letters, but for the version.
    :param body: JSON of the request, or None.
    :param base: start of the answer's own URLs, in the style of the request's.
    :param path: path of the request, percent-encoded.
    """

    accounts: Accounts
    groups: Groups
    storage: StorageAccounts
    parameters: dict[str, str]
    query: dict[str, str]
    version: str
    body: Any
    principal: Principal
    tenant: str
    base: str
    path: str

    def account(self) -> Account:
        """Return the account that the path names."""
        return self.accounts.get(*self.place())

    def place(self) -> tuple[str, str]:
        """Return resource group and name of the path's account."""
        return self.parameters["group"], self.parameters["name"]


class Answer(NamedTuple):
    """Status, JSON (None for an empty body) and headers of its own."""

    status: int
    body: dict[str, Any] | None = None
    headers: dict[str, str] = {}  # noqa: RUF012 - a NamedTuple's default, never changed
