"""`Account`: an account as Resource Manager keeps it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from airflow_provider_adls.emulator.arm.errors import ACCOUNT_TYPE


@dataclass(frozen=True)
class Account:
    """One account.

    :param name: short name, unique in the world.
    :param group: resource group, spelt as when the account was made.
    :param account_id: the account's own id.
    :param created: when it was made, as the service writes times.
    :param modified: when Resource Manager last changed it.
    :param tags: None if none were ever given.
    :param identity: object id of its system-assigned identity, if it has one.
    :param settings: the properties that callers set, by their names on the wire.
    :param creating: whether the operation that makes it has yet to be seen to end.
    """

    name: str
    subscription: str
    group: str
    location: str
    account_id: str
    created: str
    modified: str
    tags: dict[str, str] | None = None
    identity: str | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    creating: bool = False

    @property
    def id(self) -> str:
        """The resource's id."""
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.group}/providers/{ACCOUNT_TYPE}"
            f"/{self.name}"
        )

    @property
    def operation_id(self) -> str:
        """Id of the operation that makes the account (as recorded: account id, underscore, number)."""
        return f"{self.account_id}_0"

    def document(self) -> dict[str, Any]:
        """Return the account as it is stored."""
        return dataclasses.asdict(self)


def timestamp(seconds: float) -> str:
    """Return a time as the service writes it: UTC, seven digits after the second."""
    moment = dt.datetime.fromtimestamp(seconds, dt.UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}0Z"
