"""The storage accounts of the emulator, and the file systems behind them."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from airflow_provider_adls.emulator.storage.account import SUPER_USER, StorageAccount, new_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.store import Documents, Node

_KIND = "storage.account"


class Container(NamedTuple):
    """A container (DFS: file system) of an account, as lists show it.

    :param name: its name.
    :param etag: without quotes.
    :param modified: when it was changed, in seconds since 1970.
    :param metadata: what callers keep with it, by name.
    :param public: what may be read without sign-in: `container`, `blob`, or nothing if empty.
    """

    name: str
    etag: str
    modified: float
    metadata: Mapping[str, str]
    public: str = ""


class FileSystems(Protocol):
    """The containers and files of all storage accounts; accounts are named by their short names."""

    def create_account(self, account: str) -> None:
        """Make room for an account without containers; one that exists already keeps what it has."""
        ...

    def delete_account(self, account: str) -> None:
        """Delete all containers of an account; an account that does not exist is not an error."""
        ...

    def empty_account(self, account: str) -> None:
        """Delete all paths of an account, deleted ones too; its containers stay."""
        ...

    def browse(self, account: str, path: str, *, after: str, limit: int) -> list[Node]:
        """Return entries of a directory by name, as a super user sees them, without a request.

        :param path: `/` for the containers of the account, else `/container/dir`.
        :param after: name that they come after.
        :param limit: how many at most.
        :raises StorageError: if no directory is at the path.
        """
        ...

    def containers(self, account: str) -> list[Container]:
        """Return the containers of an account, by name."""
        ...

    def create_container(
        self, account: str, name: str, owner: str, metadata: Mapping[str, str]
    ) -> Container | None:
        """Make a container.

        :param owner: object id of its creator, who owns its root directory.
        :return: the container; None if one of this name exists.
        """
        ...

    def change_container(
        self, account: str, name: str, metadata: Mapping[str, str] | None, public: str | None
    ) -> Container | None:
        """Give a container other metadata or public access; None leaves as it is.

        :return: the container, with a new ETag; None if the account has none of this name.
        """
        ...

    def access_policy(self, account: str, container: str, name: str) -> Mapping[str, str] | None:
        """Return a stored access policy of a container, or None."""
        ...

    def delete_container(self, account: str, name: str) -> bool:
        """Delete a container with its files; return False if the account has none of this name."""
        ...


class StorageAccounts:
    """All storage accounts of the emulator.

    :param documents: where they are kept.
    :param file_systems: their containers and files.
    :param clock: the emulator's time.
    """

    def __init__(self, documents: Documents, file_systems: FileSystems, clock: Clock) -> None:
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
