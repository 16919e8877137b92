"""`Page`, `AclStatus` and the other values that a client's verbs return, beside `FileStatus`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from airflow_provider_adls.model.errors import ServiceFailureError

if TYPE_CHECKING:
    from airflow_provider_adls.model.acl import AclEntry
    from airflow_provider_adls.model.status import FileStatus


@dataclass(frozen=True)
class Page:
    """Part of a directory's listing.

    :param entries: files and directories, in the service's order.
    :param continuation: token of the next page, opaque; empty where this is the last one.
    """

    entries: list[FileStatus]
    continuation: str


@dataclass(frozen=True)
class AclStatus:
    """Owner, permission and access control list of a file or directory.

    :param owner: object id.
    :param group: object id.
    :param permission: octal digits without leading zeros, ``770``.
    :param entries: access entries first, default entries after them.
    :param sticky_bit: whether only an item's owner may delete it from the directory.
    """

    owner: str
    group: str
    permission: str
    entries: tuple[AclEntry, ...]
    sticky_bit: bool = False


@dataclass(frozen=True)
class ContentSummary:
    """Numbers of entries and bytes below a path, the path itself counted.

    :param directories: number of directories.
    :param files: number of files.
    :param length: bytes in all the files.
    """

    directories: int
    files: int
    length: int


class AclChanges(NamedTuple):
    """Numbers of what a change of a tree's access control lists changed.

    :param directories: number of directories, the tree's root counted.
    :param files: number of files.
    """

    directories: int
    files: int


@dataclass(frozen=True)
class DeletedItem:
    """A file or directory that was deleted and can be restored.

    :param path: its former path.
    :param token: its name in a request that restores it.
    :param type: ``FILE`` or ``DIRECTORY``.
    :param deleted: milliseconds since 1970, UTC.
    """

    path: str
    token: str
    type: str
    deleted: int


@dataclass(frozen=True)
class DeletedPage:
    """Part of the deleted items of an account.

    :param items: those that were found.
    :param continuation: token of the next page, opaque; empty where this is the last one.
    :param searched: number of items that were looked at.
    """

    items: list[DeletedItem]
    continuation: str
    searched: int


class Advance:
    """Refuses a listing that comes back to a page, for it has no end.

    :param operation: operation that lists.
    :param path: the listed path.
    :param account: short name.
    """

    def __init__(self, operation: str, path: str, account: str) -> None:
        self._operation, self._path, self._account = operation, path, account
        self._tokens: set[str] = set()

    def to(self, token: str) -> str:
        """Return the token of the next page.

        :raises ServiceFailureError: if it was that of an earlier one.
        """
        if token in self._tokens:
            raise ServiceFailureError(
                f"the listing does not advance: the page after {token!r:.100} came before",
                operation=self._operation,
                path=self._path,
                account=self._account,
            )
        self._tokens.add(token)
        return token


class Part(NamedTuple):
    """Some bytes of a file that a killed writer left under a hidden name.

    :param offset: of the first one in the file.
    :param length: bytes that it was to hold; it may hold less.
    :param status: of the hidden file, by the name that its directory lists.
    """

    offset: int
    length: int
    status: FileStatus
