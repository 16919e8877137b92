"""Facts of Gen2 alone: names, limits, and defaults of permissions."""

from __future__ import annotations

import re

from airflow_provider_adls.model.redaction import shown

#: Names of containers (DFS: file systems) that users make; `$web` and the like are the service's own.
CONTAINER_NAME = re.compile(r"(?=.{3,63}\Z)[a-z0-9]+(-[a-z0-9]+)*|\$(root|web|logs)")
#: Segments that a path has at most, and characters of the path as a whole.
MAX_DEPTH, MAX_PATH = 63, 1024
#: Entries of a page of a listing, and of one request that changes ACLs of a tree, at most and by default.
PAGE_SIZE, ACL_BATCH = 5_000, 2_000
#: Bytes of an append or a block, by version of the protocol: before 2019-12-12, and since.
OLD_MAX_BODY, MAX_BODY = 100 * 1024 * 1024, 4_000 * 1024 * 1024
#: Permission that files and directories are asked to have by default, and what is cleared in all that is
#: made, unless the request says otherwise (recorded).
FILE_PERMISSION, DIRECTORY_PERMISSION, UMASK = 0o666, 0o777, 0o027
#: Owner and group of what the holder of a key makes (recorded).
SUPER_USER = "$superuser"
#: Type of content whose type nobody said.
OCTETS = "application/octet-stream"
#: The newest version of the protocol that clients of the year 2026 ask for.
NEWEST = "2026-10-06"
_VERSION = re.compile(r"20\d\d-\d\d-\d\d")


def checked_container(text: str) -> str:
    """Return a container's name.

    :raises ValueError: if no container can be called so.
    """
    if not CONTAINER_NAME.fullmatch(text):
        raise ValueError(
            f"{shown(text)} is not a container's name: 3 to 63 lower-case letters, digits and single hyphens"
            " between them; or $web, $root or $logs"
        )
    return text


def is_version(text: str) -> bool:
    """Return whether a text looks like a version of the protocol."""
    return bool(_VERSION.fullmatch(text))
