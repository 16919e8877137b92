"""`Node`: a file or directory as a row of the database."""

from __future__ import annotations

from typing import NamedTuple, Self

#: The parent of every account's root directory, whose name is the account's.
ACCOUNTS = 0


class Node(NamedTuple):
    """A file or directory; its fields are the columns of the table, in their order.

    :param id: number that never changes, and that no other node gets while the store is open.
    :param parent: the directory that holds it, `ACCOUNTS` for a root.
    :param name: last segment of its path; the account's name for a root.
    :param directory: 1 for a directory, 0 for a file.
    :param length: bytes that were written.
    :param synced: bytes that readers see (filesystem.json 2016-11-01, `syncFlag`).
    :param created: milliseconds since 1970, UTC, as all times here.
    :param modified: when content or, of a directory, its entries changed.
    :param accessed: when it was made; the recordings show that reads do not move it.
    :param expires: when the file vanishes; 0 for never.
    :param permission: bits of owner, owning group and other, and the sticky bit; the group's are
        its own, not the mask.
    :param owner: object id.
    :param group: object id.
    :param acl: entries beyond the permission, as an `aclSpec`: named ones, mask, defaults.
    :param lease: id of the writer that holds it open; empty for none.
    :param leased: when that writer last wrote.
    :param stream: how its content came to be, in the rules' words; empty for an empty file.
    :param etag: version of content and properties, as a number that only grows; 0 in Gen1, which has none.
    :param properties: further values of Gen2, as JSON in the rules' words; empty for defaults alone.
    """

    id: int
    parent: int
    name: str
    directory: int
    length: int
    synced: int
    created: int
    modified: int
    accessed: int
    expires: int
    permission: int
    owner: str
    group: str
    acl: str
    lease: str
    leased: int
    stream: str
    etag: int
    properties: str

    @classmethod
    def made(
        cls,
        parent: int,
        name: str,
        now: int,
        *,
        directory: bool,
        permission: int,
        owner: str,
        group: str,
        acl: str = "",
        etag: int = 0,
        properties: str = "",
    ) -> Self:
        """Return a new, empty node, without a number until the store gives it one."""
        return cls(
            id=0,
            parent=parent,
            name=name,
            directory=int(directory),
            length=0,
            synced=0,
            created=now,
            modified=now,
            accessed=now,
            expires=0,
            permission=permission,
            owner=owner,
            group=group,
            acl=acl,
            lease="",
            leased=0,
            stream="",
            etag=etag,
            properties=properties,
        )
