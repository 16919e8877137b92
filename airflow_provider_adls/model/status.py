"""`FileStatus`: the status of a file or directory, as the service's JSON and as a value."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

#: `blockSize` of every file in the recordings; directories have 0.
BLOCK_SIZE = 268435456


class FileStatus(NamedTuple):
    """One file or directory; a tuple, for a tree has many and a frozen dataclass takes five times as long.

    :param name: leaf name in a listing; empty where the path itself was asked for.
    :param type: ``FILE`` or ``DIRECTORY``.
    :param length: bytes; 0 for a directory.
    :param modification_time: milliseconds since 1970, UTC.
    :param access_time: milliseconds since 1970, UTC.
    :param permission: octal digits without leading zeros, ``770``.
    :param owner: object id, or a principal's name where `tooId=false` was asked.
    :param group: owning group, in the owner's form.
    :param expiration_time: milliseconds since 1970, UTC; 0 for never. A directory has none.
    :param acl_bit: whether there are entries beyond those that the permission shows.
    :param etag: changes with the content and stays with a rename; None where there is none (Gen1).
    :param created: milliseconds since 1970, UTC; None where the service does not say it (Gen1).
    """

    name: str
    type: Literal["FILE", "DIRECTORY"]
    length: int
    modification_time: int
    access_time: int
    permission: str
    owner: str
    group: str
    expiration_time: int = 0
    acl_bit: bool = False
    etag: str | None = None
    created: int | None = None

    @property
    def is_directory(self) -> bool:
        """Whether it is a directory."""
        return self.type == "DIRECTORY"

    def to_json(self) -> dict[str, Any]:
        """Return the JSON object, its keys in the service's order (in 11,431 recorded entries)."""
        file = not self.is_directory
        body: dict[str, Any] = {
            "length": self.length,
            "pathSuffix": self.name,
            "type": self.type,
            "blockSize": BLOCK_SIZE if file else 0,
            "accessTime": self.access_time,
            "modificationTime": self.modification_time,
            "replication": 1 if file else 0,
            "permission": self.permission,
            "owner": self.owner,
            "group": self.group,
        }
        if file:
            body["msExpirationTime"] = self.expiration_time
        body["aclBit"] = self.acl_bit
        return body
