"""Readers of WebHDFS's JSON: from the service's objects to the values of `client.results` and `model.status`.

Each raises `KeyError`, `TypeError` or `ValueError` for what the operation does not give.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.client.results import AclStatus, ContentSummary, DeletedItem, DeletedPage
from airflow_provider_adls.model.acl import parse_entry
from airflow_provider_adls.model.checks import whole_number
from airflow_provider_adls.model.status import FileStatus

if TYPE_CHECKING:
    from typing import Literal

#: Milliseconds since 1970 of the last moment that Python and the service have a date for.
LAST_TIME = 253_402_300_799_999
_LARGEST = 2**63 - 1
#: Names that no entry has.
_IMPOSSIBLE = frozenset({"", ".", ".."})
_TYPES = frozenset({"FILE", "DIRECTORY"})


def read_status(body: Mapping[str, Any]) -> FileStatus:
    """Return the status of a file or directory, `FileStatus` in the service's JSON."""
    name, kind, length = body.get("pathSuffix", ""), body["type"], body["length"]
    modified, accessed = body["modificationTime"], body["accessTime"]
    owner, group, expires = body["owner"], body["group"], body.get("msExpirationTime", 0)
    # One look at all of them, for a listing has thousands; what is wrong is found by the checks after it.
    if not (
        type(name) is type(owner) is type(group) is str
        and kind in _TYPES
        and type(length) is type(modified) is type(accessed) is type(expires) is int
        and 0 <= length <= _LARGEST
        and 0 <= modified <= LAST_TIME
        and 0 <= accessed <= LAST_TIME
        and 0 <= expires <= LAST_TIME
    ):
        for text in (name, owner, group):
            _text(text)
        _type(kind)
        _number(length)
        for time in (modified, accessed, expires):
            _time(time)
    permission, has_acl = str(body["permission"]), bool(body.get("aclBit", False))
    return FileStatus(name, kind, length, modified, accessed, permission, owner, group, expires, has_acl)


def read_listing(body: Mapping[str, Any]) -> tuple[list[dict[str, Any]], str]:
    """Return the entries of a page, `FileStatuses`, still to be read, and the token of the next page."""
    statuses = body["FileStatuses"]
    return statuses["FileStatus"], _text(statuses.get("continuationToken") or "")


def read_entries(found: list[dict[str, Any]]) -> list[FileStatus]:
    """Return the statuses of a page's entries.

    The listing of a file has one entry, itself, without a name.

    :raises ValueError: for an entry whose name no file can have: it leads out of the directory.
    """
    entries = [read_status(entry) for entry in found]
    names = [entry.name for entry in entries]
    together = "".join(names)
    if ("/" in together or "\0" in together or not _IMPOSSIBLE.isdisjoint(names)) and not _is_file(entries):
        name = next(name for name in names if name in _IMPOSSIBLE or "/" in name or "\0" in name)
        raise ValueError(f"an entry is called {name!r}")
    return entries


def _is_file(entries: list[FileStatus]) -> bool:
    return len(entries) == 1 and entries[0].name == "" and not entries[0].is_directory


def read_acl(body: Mapping[str, Any]) -> AclStatus:
    """Return owner, permission and access control list, `AclStatus`."""
    return AclStatus(
        owner=_text(body["owner"]),
        group=_text(body["group"]),
        permission=str(body["permission"]),
        entries=tuple(parse_entry(entry) for entry in body["entries"]),
        sticky_bit=bool(body.get("stickyBit", False)),
    )


def read_summary(body: Mapping[str, Any]) -> ContentSummary:
    """Return what is below a path, `ContentSummary`."""
    return ContentSummary(
        _number(body["directoryCount"]), _number(body["fileCount"]), _number(body["length"])
    )


def read_deleted_page(body: Mapping[str, Any]) -> DeletedPage:
    """Return a page of deleted items, `trashDir` (.NET SDK, `TrashEntry`)."""
    found = body["trashDir"]
    items = [
        DeletedItem(
            _text(item["originalPath"]),
            _text(item["trashDirPath"]),
            _text(item["type"]).upper(),
            _time(item["creationTime"]),
        )
        for item in found["trashDirEntry"]
    ]
    return DeletedPage(items, _text(found.get("nextListAfter") or ""), int(found["numSearched"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.100} is not text")
    return value


def _number(value: object) -> int:
    return whole_number(value, most=_LARGEST)


def _time(value: object) -> int:
    return whole_number(value, most=LAST_TIME)


def _type(value: object) -> Literal["FILE", "DIRECTORY"]:
    if value == "FILE":
        return "FILE"
    if value == "DIRECTORY":
        return "DIRECTORY"
    raise ValueError(f"{value!r:.100} is neither FILE nor DIRECTORY")
