"""Readers of WebHDFS's JSON: from the service's objects to the values of `client.results` and `model.status`.

Each raises `KeyError`, `TypeError` or `ValueError` for what the operation does not give.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.client.results import AclStatus, ContentSummary, DeletedItem, DeletedPage, Page
from airflow_provider_adls.model.acl import parse_entry
from airflow_provider_adls.model.checks import whole_number
from airflow_provider_adls.model.status import FileStatus

if TYPE_CHECKING:
    from typing import Literal

#: Milliseconds since 1970 of the last moment that Python and the service have a date for.
LAST_TIME = 253_402_300_799_999
_LARGEST = 2**63 - 1


def read_status(body: Mapping[str, Any]) -> FileStatus:
    """Return the status of a file or directory, `FileStatus` in the service's JSON."""
    return FileStatus(
        name=_text(body.get("pathSuffix", "")),
        type=_type(body["type"]),
        length=_number(body["length"]),
        modification_time=_time(body["modificationTime"]),
        access_time=_time(body["accessTime"]),
        permission=str(body["permission"]),
        owner=_text(body["owner"]),
        group=_text(body["group"]),
        expiration_time=_time(body.get("msExpirationTime", 0)),
        acl_bit=bool(body.get("aclBit", False)),
    )


def read_page(body: Mapping[str, Any]) -> Page:
    """Return a page of a directory's listing, `FileStatuses`.

    The listing of a file has one entry, itself, without a name.

    :raises ValueError: for an entry whose name no file can have: it leads out of the directory.
    """
    statuses = body["FileStatuses"]
    entries = [read_status(entry) for entry in statuses["FileStatus"]]
    if not (len(entries) == 1 and entries[0].name == "" and not entries[0].is_directory):
        for entry in entries:
            if entry.name in ("", ".", "..") or "/" in entry.name or "\0" in entry.name:
                raise ValueError(f"an entry is called {entry.name!r}")
    return Page(entries, _text(statuses.get("continuationToken") or ""))


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
