"""What a path or a glob of the lake stands for: one entry, those that match, and what is in them.

A path that exists is that file or directory, even if its name looks like a glob. Files that are not whole
yet are not there: uploads and downloads write them under hidden names, and a killed one leaves them behind.

A wildcard matches names that begin with a dot too, as in fsspec.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.model import paths

if TYPE_CHECKING:
    from airflow_provider_adls.filesystem.file_system import ADLSGen1FileSystem

_MAGIC = re.compile(r"[*?\[]")


def is_glob(path: str) -> bool:
    """Whether a path has wildcards."""
    return bool(_MAGIC.search(path))


def glob_root(path: str) -> str:
    """The directory before the first wildcard, without a slash at its end."""
    return path[: _MAGIC.search(path).start()].rpartition("/")[0]  # type: ignore[union-attr] # is_glob said so


async def inside(
    filesystem: ADLSGen1FileSystem, entries: Mapping[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """The entries, and all that is in those of them that are directories.

    :param filesystem: one whose event loop is the running one.
    """
    found: dict[str, dict[str, Any]] = {}
    for name, info in sorted(entries.items()):
        # One that is there already is in a directory that was gone into.
        if name not in found:
            found[name] = info
            if info["type"] == "directory":
                below = await filesystem._find(name, withdirs=True, detail=True)  # noqa: SLF001 - fsspec's name for what is awaited
                found.update(whole(below))
    return found


def whole(entries: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The entries without the files that are not whole yet."""
    return {path: info for path, info in entries.items() if not paths.is_unfinished(path)}


async def find_matches(filesystem: ADLSGen1FileSystem, path: str) -> dict[str, dict[str, Any]]:
    """What is at a path, or at those that a glob matches, by path.

    :param filesystem: one whose event loop is the running one.
    :raises PathNotFoundError: if nothing is at a path that is no glob.
    """
    try:
        return {path: await filesystem._info(path)}  # noqa: SLF001 - fsspec's name for what is awaited
    except FileNotFoundError:
        if not is_glob(path):
            raise
    matches: dict[str, dict[str, Any]] = await filesystem._glob(path, detail=True)  # noqa: SLF001 - as above
    # Who asks for hidden names by their dot means them, to clean up for instance.
    return matches if paths.name(path).startswith(".") else whole(matches)


def lake_matches(filesystem: ADLSGen1FileSystem, path: str) -> dict[str, dict[str, Any]]:
    """The same for who has no event loop."""
    from fsspec.asyn import sync

    matches: dict[str, dict[str, Any]] = sync(filesystem.loop, find_matches, filesystem, path)
    return matches
