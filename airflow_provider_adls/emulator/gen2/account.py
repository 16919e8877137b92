"""A storage account: its name, its keys, its settings."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import secrets
from dataclasses import dataclass, field
from typing import Any

#: Names of an account's two keys, as Resource Manager lists them.
KEY_NAMES = ("key1", "key2")
#: Owner and group of what a key or a shared access signature makes (recorded).
SUPER_USER = "$superuser"


def new_key() -> str:
    """Return a new account key."""
    return base64.b64encode(secrets.token_bytes(64)).decode()


@dataclass(frozen=True)
class StorageAccount:
    """One storage account.

    :param name: unique in the world: 3 to 24 lower-case letters and digits.
    :param subscription: id of the subscription.
    :param group: resource group, spelt as when the account was made.
    :param location: region.
    :param created: when it was made, in seconds since 1970.
    :param keys: the two keys, base64 of 64 bytes each.
    :param key_times: when each key was made, in seconds since 1970.
    :param hns: whether it has a hierarchical namespace.
    :param retention_days: days that deleted files can be restored; None if soft delete is off.
    :param container_retention_days: the same for containers.
    :param delegation_key: key that user delegation keys follow from; a new one revokes them.
    :param owner: object id of the account's creator.
    :param sku: name of its price and redundancy class.
    :param kind: `StorageV2`, for instance.
    :param tags: None if none were ever given.
    :param settings: other properties that callers set, by their names on the wire.
    """

    name: str
    subscription: str
    group: str
    location: str
    created: float
    keys: tuple[str, str] = field(repr=False)
    key_times: tuple[float, float] = (0.0, 0.0)
    hns: bool = True
    retention_days: int | None = None
    container_retention_days: int | None = None
    delegation_key: str = field(default_factory=new_key, repr=False)
    owner: str = SUPER_USER
    sku: str = "Standard_LRS"
    kind: str = "StorageV2"
    tags: dict[str, str] | None = None
    settings: dict[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """Return the account as it is stored."""
        return dataclasses.asdict(self)

    @classmethod
    def of(cls, document: dict[str, Any]) -> StorageAccount:
        """Return the account of a stored document."""
        pairs = {name: tuple(document[name]) for name in ("keys", "key_times")}
        return cls(**{**document, **pairs})


def public_keys(name: str) -> tuple[str, str]:
    """Return the keys of an account that the emulator makes at its start.

    They follow from the name, so that a connection can be written down once. They are no secret, as the
    emulator's client secret is none.
    """
    first, second = (
        base64.b64encode(hashlib.sha512(f"adls-gen1 emulator: {key} of {name}".encode()).digest()).decode()
        for key in KEY_NAMES
    )
    return first, second
