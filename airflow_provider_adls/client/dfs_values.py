"""Readers of Gen2's headers, JSON and XML: to the values of `client.results` and `model.status`.

Each raises `KeyError`, `TypeError` or `ValueError` for what the operation does not give.
"""

from __future__ import annotations

import functools
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote
from xml.etree import ElementTree as ET

from airflow_provider_adls.client.results import AclStatus, DeletedItem, DeletedPage
from airflow_provider_adls.model.acl import parse_spec
from airflow_provider_adls.model.status import FileStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow_provider_adls.model.acl import AclEntry

#: Milliseconds from 1601, where FILETIME begins, to 1970.
_EPOCH = 11_644_473_600_000
_LARGEST = 2**63 - 1


def read_headers(headers: Mapping[str, str]) -> FileStatus:
    """Return the status that the answer to a HEAD gives, on either face."""
    is_directory = headers["x-ms-resource-type"] == "directory"
    permissions = headers["x-ms-permissions"]
    created, expires = headers.get("x-ms-creation-time"), headers.get("x-ms-expiry-time")
    modified = _http_time(headers["Last-Modified"])
    return FileStatus(
        name="",
        type="DIRECTORY" if is_directory else "FILE",
        length=0 if is_directory else _number(headers["Content-Length"]),
        modification_time=modified,
        # The service keeps no time of access.
        access_time=modified,
        permission=octal(permissions),
        owner=headers["x-ms-owner"],
        group=headers["x-ms-group"],
        expiration_time=_http_time(expires) if expires else 0,
        acl_bit=permissions.endswith("+"),
        etag=headers["ETag"].strip('"'),
        created=_http_time(created) if created else None,
    )


def read_entry(body: Mapping[str, str]) -> tuple[str, FileStatus]:
    """Return the path and the status of one entry of a listing; a page has thousands.

    :raises ValueError: for a name that leads out of its directory.
    """
    path = f"/{body['name']}"
    if "/." in path or "//" in path or "\0" in path or path == "/":
        _check_entry(path)
    is_directory = body.get("isDirectory") == "true"
    permissions, created, expires = body["permissions"], body.get("creationTime"), body.get("expiryTime")
    modified = _http_time(body["lastModified"])
    return path, FileStatus(
        path[path.rindex("/") + 1 :],
        "DIRECTORY" if is_directory else "FILE",
        0 if is_directory else _number(body["contentLength"]),
        modified,
        modified,
        octal(permissions),
        body["owner"],
        body["group"],
        _filetime(expires) or 0 if expires and expires != "0" else 0,
        permissions[-1] == "+",
        body["etag"].strip('"'),
        _filetime(created) if created else None,
    )


def _check_entry(path: str) -> None:
    if path == "/" or "\0" in path or not {"", ".", ".."}.isdisjoint(path[1:].split("/")):
        raise ValueError(f"an entry is called {path[1:]!r:.100}")


def read_acl(headers: Mapping[str, str]) -> AclStatus:
    """Return owner, permission and entries."""
    permissions = headers["x-ms-permissions"]
    return AclStatus(
        owner=headers["x-ms-owner"],
        group=headers["x-ms-group"],
        permission=octal(permissions),
        entries=tuple(read_entries(headers)),
        sticky_bit=permissions[8] in "tT",
    )


def read_entries(headers: Mapping[str, str]) -> list[AclEntry]:
    """Return all entries of an access control list."""
    return parse_spec(headers["x-ms-acl"])


@functools.lru_cache(maxsize=4096)
def octal(permissions: str) -> str:
    """Return octal digits, ``750`` or ``1750``, for nine letters and perhaps a plus."""
    if len(permissions.rstrip("+")) != 9:
        raise ValueError(f"{permissions!r:.100} is not a permission")
    bits = 0
    for letter in permissions[:9]:
        bits = bits << 1 | (letter not in "-T")
    return format(bits | (0o1000 if permissions[8] in "tT" else 0), "o")


#: Milliseconds that the id of a deletion may be from the time that is said.
_NEAR = 2_000


def read_deleted_page(content: bytes) -> DeletedPage:
    """Return a page of deleted items, an `EnumerationResults` of the Blob face."""
    root = ET.fromstring(content)  # noqa: S314 - of at most 64 MiB, and expat bounds its entities
    items = []
    blobs = root.findall("Blobs/Blob")
    for blob in blobs:
        name, deletion = blob.find("Name"), blob.findtext("DeletionId")
        if name is None or not name.text or not deletion:
            raise ValueError("a deleted item has no name or no id")
        path = unquote(name.text) if name.get("Encoded") == "true" else name.text
        kind = blob.findtext("Properties/ResourceType") or "file"
        deleted = blob.findtext("Properties/DeletedTime") or ""
        token = f"{quote(path)}?deletionid={deletion}"
        items.append(DeletedItem(f"/{path}", token, kind.upper(), _deleted(deletion, _http_time(deleted))))
    return DeletedPage(items, root.findtext("NextMarker") or "", len(blobs))


def _deleted(deletion: str, second: int) -> int:
    """Return when an item was deleted, in milliseconds since 1970.

    The service says the second; the id of the deletion is a time too, and orders the items of one second.

    :param second: its beginning, in milliseconds.
    """
    precise = int(deletion) // 10_000 - _EPOCH if deletion.isdigit() else second
    return precise if abs(precise - second) < _NEAR else second


def _number(text: str) -> int:
    number = int(text)
    if not 0 <= number <= _LARGEST:
        raise ValueError(f"{text!r:.100} is not a number of bytes or a time")
    return number


@functools.lru_cache(maxsize=4096)
def _http_time(text: str) -> int:
    """Return milliseconds since 1970; many files of a tree are written in one second."""
    return int(parsedate_to_datetime(text).timestamp() * 1000)


def _filetime(text: str) -> int | None:
    """Return milliseconds since 1970, in the whole seconds of the other answers; None for never."""
    return (_number(text) // 10_000 - _EPOCH) // 1000 * 1000 if text != "0" else None
