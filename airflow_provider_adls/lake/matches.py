"""The entries that a path or a glob of the lake stands for: those that match, and what is in them.

A path that exists is that file or directory, even if its name looks like a glob. Files that are not whole yet
are left out: uploads and downloads write them under hidden names, and a killed one leaves them behind.

A wildcard matches names that begin with a dot too, as in fsspec.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, TypeAlias

from fsspec.utils import glob_translate

from airflow_provider_adls.lake.glob import is_glob, visit_inside, visit_pattern
from airflow_provider_adls.lake.hints import with_hints
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import PathNotFoundError

if TYPE_CHECKING:
    from airflow_provider_adls.lake.view import View
    from airflow_provider_adls.model.status import FileStatus

#: Files and directories by path.
Entries: TypeAlias = "dict[str, FileStatus]"
#: Whether an entry is part of the result: its path, and what it is.
Wanted: TypeAlias = "Callable[[str, FileStatus], bool]"


async def find_matches(
    view: View, path: str, *, hidden: bool = False, wanted: Wanted = lambda _path, _status: True
) -> Entries:
    """Return what exists at a path, or at those that a glob matches.

    :param path: absolute path in the account, or a glob.
    :param hidden: whether a glob matches files that are not whole yet.
    :param wanted: whether an entry is part of the result.
    :raises PathNotFoundError: if nothing exists at a path that is not a glob.
    """
    try:
        status = await view.client.status(path)
    except PathNotFoundError:
        if not is_glob(path):
            raise
    else:
        return {path: status} if wanted(path, status) else {}
    found: Entries = {}

    def visit(name: str, status: FileStatus) -> None:
        if wanted(name, status):
            found[name] = status

    await visit_pattern(path, view, visit)
    # A pattern that asks for hidden names by their dot, to clean up for instance, gets them.
    return found if hidden or paths.name(path).startswith(".") else _whole(found)


async def _find_inside(view: View, matches: Entries) -> Entries:
    """Return the matches, and all that is in those of them that are directories."""
    found = dict(matches)
    above = ""
    for path in sorted(matches, key=lambda path: path.split("/")):
        if matches[path].is_directory and not (above and path.startswith(above)):
            above = f"{path.rstrip('/')}/"
            await visit_inside(path, view, found.__setitem__)
    return _whole(found) | matches


async def find_listed(
    view: View, path: str, wanted: Wanted, *, recursive: bool = False, limit: int | None = None
) -> Entries:
    """Return the entries of a directory, or those that a glob matches, sorted; a file is its own only entry.

    The service answers by name, page by page: of one directory no page is read behind the limit. A tree has
    to be known as a whole.

    :param recursive: whether to go into the directories, and those in them.
    :param limit: most entries; None for all.
    :raises PathNotFoundError: if nothing exists at a path that is not a glob, with a hint where it ends.
    """
    found = await with_hints(view.client, _listed(view, path, wanted, recursive=recursive, limit=limit))
    return {name: found[name] for name in sorted(found)[:limit]}


async def _listed(view: View, path: str, wanted: Wanted, *, recursive: bool, limit: int | None) -> Entries:
    directory, _, pattern = path.rpartition("/")
    if (
        limit is not None
        and not recursive
        and is_glob(pattern)
        and not (is_glob(directory) or "**" in pattern)
        # A path that exists is itself.
        and await view.status(path) is None
    ):
        match = re.compile(glob_translate(pattern)).match

        def matches(name: str, status: FileStatus) -> bool:
            # A file is listed as its own only entry, without a name.
            return bool(status.name) and match(status.name) is not None and wanted(name, status)

        try:
            found = await _first(view, directory or "/", matches, limit, hidden=pattern.startswith("."))
        except PathNotFoundError:
            return {}
        return found
    found = await find_matches(view, path)
    is_directory = path in found and found[path].is_directory
    if is_directory and not recursive:
        return await _first(view, path, wanted, limit)
    if recursive:
        found = await _find_inside(view, found)
    return {
        name: status
        for name, status in found.items()
        if wanted(name, status) and not (is_directory and name == path)
    }


async def _first(
    view: View, directory: str, wanted: Wanted, limit: int | None, *, hidden: bool = False
) -> Entries:
    """Return the first entries of one directory."""
    found: Entries = {}
    base = directory.rstrip("/")
    async with aclosing(view.client.pages(directory, ahead=limit is None)) as pages:
        async for page in pages:
            for status in page:
                name = f"{base}/{status.name}" if status.name else directory
                if (hidden or not paths.is_unfinished(name)) and wanted(name, status):
                    found[name] = status
            if limit is not None and len(found) >= limit:
                break
    return found


def _whole(entries: Entries) -> Entries:
    """Return the entries without the files that are not whole yet."""
    return {path: status for path, status in entries.items() if not paths.is_unfinished(path)}
