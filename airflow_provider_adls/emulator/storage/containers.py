"""Containers as documents, without files: for accounts that no file service is mounted for."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator.storage.accounts import Container

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.store import Documents

_KIND = "storage.container"


class Containers:
    """Containers by account and name.

    :param documents: where they are kept.
    :param clock: the emulator's time.
    """

    def __init__(self, documents: Documents, clock: Clock) -> None:
        self._documents = documents
        self._clock = clock

    def create_account(self, account: str) -> None:
        """Make room for an account: nothing to do."""

    def delete_account(self, account: str) -> None:
        """Delete all containers of an account."""
        for container in self.containers(account):
            self.delete_container(account, container.name)

    def empty_account(self, account: str) -> None:
        """Delete all paths of an account: it has none."""

    def containers(self, account: str) -> list[Container]:
        """Return the containers of an account, by name."""
        return [
            _container(document)
            for key, document in self._documents.items(_KIND)
            if key.startswith(f"{account}/")
        ]

    def create_container(
        self, account: str, name: str, owner: str, metadata: Mapping[str, str]
    ) -> Container | None:
        """Make a container; return None if one of this name exists."""
        if self._documents.get(_KIND, f"{account}/{name}") is not None:
            return None
        etag = f"0x8D{uuid.uuid4().hex[:13].upper()}"
        container = Container(name, etag, self._clock.now(), dict(metadata))
        self._documents.put(_KIND, f"{account}/{name}", {**container._asdict(), "owner": owner})
        return container

    def delete_container(self, account: str, name: str) -> bool:
        """Delete a container; return False if the account has none of this name."""
        known = self._documents.get(_KIND, f"{account}/{name}") is not None
        self._documents.delete(_KIND, f"{account}/{name}")
        return known


def _container(document: dict[str, Any]) -> Container:
    return Container(**{name: document[name] for name in Container._fields})
