"""`entry`: a file or directory as fsspec's `info` describes it."""

from __future__ import annotations

import functools
import stat
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow_provider_adls.model.status import FileStatus


def entry(name: str, status: FileStatus) -> dict[str, Any]:
    """Return the `info` of a file or directory.

    Gen1 keeps no time of creation. Its access time comes nearest: it is set at creation, and in none of the
    recordings of the real service did reading move it.

    :param name: in the form that was asked.
    :returns: `name`, `size` in bytes and `type`, as fsspec asks; `modified` and `created`, times in UTC;
        `mtime`, seconds since 1970; `mode` as in `os.stat`; `owner` and `group`, object ids; `permission`,
        octal digits; `expires`, a time in UTC or None; `has_acl`; on Gen2 `etag`.
    """
    is_directory = status.type == "DIRECTORY"
    found = {
        "name": name,
        "size": status.length,
        "type": "directory" if is_directory else "file",
        "modified": moment(status.modification_time),
        "created": moment(status.access_time if status.created is None else status.created),
        "mtime": status.modification_time / 1000,
        "mode": _mode(status.permission, is_directory),
        "owner": status.owner,
        "group": status.group,
        "permission": status.permission,
        "expires": moment(status.expiration_time) if status.expiration_time else None,
        "has_acl": status.acl_bit,
    }
    return found if status.etag is None else {**found, "etag": status.etag}


@functools.lru_cache(maxsize=1024)
def _mode(permission: str, is_directory: bool) -> int:  # noqa: FBT001 - what the cache looks it up by
    return (stat.S_IFDIR if is_directory else stat.S_IFREG) | int(permission, 8)


def moment(milliseconds: int) -> datetime:
    """Return a time of the service, milliseconds since 1970."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
