"""The storage accounts of the emulator, and the file systems behind them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator.gen2.account import SUPER_USER, StorageAccount, new_key

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.rules.gen2.namespaces import Namespaces
    from airflow_provider_adls.emulator.store import Documents

_KIND = "storage.account"


class StorageAccounts:
    """All storage accounts of the emulator.

    :param documents: store that keeps them.
    :param file_systems: their containers and files.
    :param clock: the emulator's time.
    """

    def __init__(self, documents: Documents, file_systems: Namespaces, clock: Clock) -> None:
        self._documents = documents
        self.file_systems = file_systems
        self._clock = clock
        # Every request for files finds its account here.
        self._accounts = {name: StorageAccount.of(document) for name, document in documents.items(_KIND)}
        # A kill in the middle of a deletion may have left an account whose files are gone.
        for name in self._accounts:
            file_systems.create_account(name)

    def now(self) -> float:
        """Return the time, in seconds since 1970 by the emulator's clock."""
        return self._clock.now()

    def find(self, name: str) -> StorageAccount | None:
        """Return the account of this name, in whatever group, or None."""
        return self._accounts.get(name.lower())

    def all(self) -> list[StorageAccount]:
        """Return all accounts, by name."""
        return [self._accounts[name] for name in sorted(self._accounts)]

    def names(self) -> list[str]:
        """Return the names of all accounts, in order."""
        return sorted(self._accounts)

    def create(
        self,
        name: str,
        subscription: str,
        group: str,
        location: str,
        *,
        keys: tuple[str, str] | None = None,
        owner: str = SUPER_USER,
        **settings: Any,
    ) -> StorageAccount:
        """Make an account; the caller has checked that its name is free.

        :param keys: None makes two up.
        :param settings: more fields of :class:`StorageAccount`.
        """
        now = self._clock.now()
        account = StorageAccount(
            name=name,
            subscription=subscription,
            group=group,
            location=location,
            created=now,
            keys=keys or (new_key(), new_key()),
            key_times=(now, now),
            owner=owner,
            **settings,
        )
        # The file system first: an account whose document exists always has one.
        self.file_systems.create_account(name)
        self.keep(account)
        return account

    def change(self, account: StorageAccount, **changes: Any) -> StorageAccount:
        """Give an account other fields, durably, and return it."""
        changed = dataclasses.replace(account, **changes)
        self.keep(changed)
        return changed

    def keep(self, account: StorageAccount) -> None:
        """Store an account in place of the one of its name."""
        self._documents.put(_KIND, account.name, account.document())
        self._accounts[account.name] = account

    def delete(self, account: StorageAccount) -> None:
        """Delete an account and its files."""
        self.file_systems.delete_account(account.name)
        self._documents.delete(_KIND, account.name)
        self._accounts.pop(account.name, None)
