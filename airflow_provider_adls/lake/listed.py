"""What is listed of a directory, a tree or a glob, and no more of a big directory than was asked for."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, TypeAlias

from fsspec.asyn import sync
from fsspec.utils import glob_translate

from airflow_provider_adls.lake.matches import find_matches, inside, is_glob
from airflow_provider_adls.model import paths

if TYPE_CHECKING:
    from airflow_provider_adls.filesystem.file_system import ADLSGen1FileSystem

Entries: TypeAlias = "dict[str, dict[str, Any]]"
#: Whether an entry is to be listed.
Wanted: TypeAlias = "Callable[[dict[str, Any]], bool]"


def listed(
    filesystem: ADLSGen1FileSystem,
    path: str,
    wanted: Wanted,
    *,
    recursive: bool = False,
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """The entries of a directory, or those that a glob matches; a file is listed as itself.

    The service answers by name, page by page: of one directory no page is asked for behind the limit. A
    tree has to be known as a whole.

    :param recursive: whether to go into the directories, and those in them.
    :param limit: most entries; None for all.
    :returns: sorted by path.
    :raises PathNotFoundError: if nothing is at a path that is no glob; it says where the path ends.
    """

    async def found() -> Entries:
        return await filesystem.told(_found(filesystem, path, wanted, recursive=recursive, limit=limit))

    entries: Entries = sync(filesystem.loop, found)
    return [entries[name] for name in sorted(entries)][:limit]


async def _found(
    filesystem: ADLSGen1FileSystem, path: str, wanted: Wanted, *, recursive: bool, limit: int | None
) -> Entries:
    directory, _, pattern = path.rpartition("/")
    if (
        limit is not None
        and not recursive
        and is_glob(pattern)
        and not (is_glob(directory) or "**" in pattern)
        # A path that exists is itself.
        and not await filesystem._exists(path)  # noqa: SLF001 - fsspec's name for what is awaited
    ):
        return await _first_matches(filesystem, directory or "/", pattern, wanted, limit)
    found = await find_matches(filesystem, path)
    is_directory = list(found) == [path] and found[path]["type"] == "directory"
    if is_directory and not recursive:
        return await _first(filesystem, path, lambda info: _is_whole(info) and wanted(info), limit)
    if recursive:
        found = await inside(filesystem, found)
    return {
        name: info for name, info in found.items() if wanted(info) and not (is_directory and name == path)
    }


async def _first_matches(
    filesystem: ADLSGen1FileSystem, directory: str, pattern: str, wanted: Wanted, limit: int
) -> Entries:
    match = re.compile(glob_translate(pattern)).match

    def matches(info: dict[str, Any]) -> bool:
        # A file is its own only entry, and nothing is in it.
        return (
            info["name"] != directory
            and match(paths.name(info["name"])) is not None
            # Who asks for hidden names by their dot means them.
            and (pattern.startswith(".") or _is_whole(info))
            and wanted(info)
        )

    try:
        return await _first(filesystem, directory, matches, limit)
    except FileNotFoundError:
        return {}


async def _first(
    filesystem: ADLSGen1FileSystem, directory: str, wanted: Wanted, limit: int | None
) -> Entries:
    """The first entries of one directory."""
    found: Entries = {}
    async with aclosing(filesystem._ls_pages(directory)) as pages:  # noqa: SLF001 - our own, beside `_ls`
        async for page in pages:
            found.update({info["name"]: info for info in page if wanted(info)})
            if limit is not None and len(found) >= limit:
                break
    return found


def _is_whole(info: dict[str, Any]) -> bool:
    return not paths.is_unfinished(info["name"])
