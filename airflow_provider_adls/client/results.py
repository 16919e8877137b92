"""What the client's verbs answer with, beside `FileStatus`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.model.acl import AclEntry, parse_entry

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow_provider_adls.model.status import FileStatus


@dataclass(frozen=True)
class Page:
    """Part of a directory's listing.

    :param entries: files and directories, in the service's order.
    :param continuation: name after which the next page begins; empty where this is the last one.
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

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> AclStatus:
        """Read the JSON object.

        :raises KeyError: naming the key that is missing.
        :raises ValueError: for an entry that cannot be read.
        """
        return cls(
            owner=body["owner"],
            group=body["group"],
            permission=str(body["permission"]),
            entries=tuple(parse_entry(entry) for entry in body["entries"]),
            sticky_bit=body.get("stickyBit", False),
        )


@dataclass(frozen=True)
class ContentSummary:
    """What is below a path, the path itself counted.

    :param directories: number of directories.
    :param files: number of files.
    :param length: bytes in all the files.
    """

    directories: int
    files: int
    length: int

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> ContentSummary:
        """Read the JSON object.

        :raises KeyError: naming the key that is missing.
        """
        return cls(body["directoryCount"], body["fileCount"], body["length"])


@dataclass(frozen=True)
class DeletedItem:
    """A file or directory that was deleted and can be restored.

    :param path: where it was.
    :param token: what restoring names it by.
    :param type: ``FILE`` or ``DIRECTORY``.
    :param deleted: milliseconds since 1970, UTC.
    """

    path: str
    token: str
    type: str
    deleted: int

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> DeletedItem:
        """Read the JSON object (.NET SDK, `TrashEntry`).

        :raises KeyError: naming the key that is missing.
        """
        return cls(
            body["originalPath"], body["trashDirPath"], str(body["type"]).upper(), body["creationTime"]
        )


@dataclass(frozen=True)
class DeletedPage:
    """Part of the deleted items of an account.

    :param items: those that were found.
    :param continuation: token that the next page begins after; empty where this is the last one.
    :param searched: how many items were looked at.
    """

    items: list[DeletedItem]
    continuation: str
    searched: int
