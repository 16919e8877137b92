"""`Listing`: info, ls, find, glob, du, times."""

from __future__ import annotations

import errno
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from fsspec.asyn import sync_wrapper
from fsspec.utils import stringify_path

from airflow_provider_adls.filesystem.base import Base, explained
from airflow_provider_adls.filesystem.entries import entry
from airflow_provider_adls.lake.glob import is_glob, visit_inside
from airflow_provider_adls.lake.matches import find_matches
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import PathNotFoundError
from airflow_provider_adls.model.paths import is_possible

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from datetime import datetime

    from airflow_provider_adls.lake.matches import Entries
    from airflow_provider_adls.model.status import FileStatus

Entry = dict[str, Any]


class Listing(Base):
    """Reads what exists: files, directories, their attributes."""

    @explained
    async def _info(self, path: str, **_: Any) -> Entry:
        where = self._place(path)
        return entry(where.name, await where.client.status(where.path))

    @explained
    async def _ls(self, path: str, detail: bool = True, **_: Any) -> list[Any]:  # noqa: FBT001, FBT002 - fsspec's
        if detail:
            return [one async for page in self._ls_pages(path) for one in page]
        where = self._place(path)
        base = where.child("-")[:-1]
        return [
            f"{base}{status.name}" if status.name else where.name
            async for page in where.client.pages(where.path)
            for status in page
        ]

    async def _ls_pages(self, path: str) -> AsyncGenerator[list[Entry], None]:
        """Yield what a directory holds, page by page; a file is its own only entry."""
        where = self._place(path)
        async for page in where.client.pages(where.path):
            # Where a file is listed, its one entry has no name.
            yield [entry(where.child(status.name) if status.name else where.name, status) for status in page]

    async def _exists(self, path: str, **_: Any) -> bool:
        return await self._type(path) is not None

    async def _isdir(self, path: str) -> bool:
        # fsspec's takes any failure for "no", so that a service that cannot be reached would decide
        # where files are put.
        return await self._type(path) == "directory"

    async def _isfile(self, path: str) -> bool:
        return await self._type(path) == "file"

    async def _type(self, path: str) -> str | None:
        path = stringify_path(path)
        if not is_possible(path, lake="@"):
            return None
        await self._read_connection()
        where = self._place(path)
        if not is_possible(where.path, where.account):
            return None
        try:
            kind: str = (await self._info(path))["type"]
        except FileNotFoundError:
            return None
        return kind

    async def _is_pattern(self, path: str) -> bool:
        """Return whether a path has wildcards and nothing exists at it: what exists is itself."""
        return is_glob(path) and not await self._exists(path)

    @explained
    async def _glob(self, path: str, maxdepth: int | None = None, **kwargs: Any) -> Any:
        """Return what a glob matches; a path that exists is itself, whatever its name looks like."""
        stripped = self._strip_protocol(path)
        bounded = maxdepth is not None or path.endswith("/")
        # No account's name is a pattern, and none of the own account's paths begins without a slash.
        if is_glob(stripped.partition("/")[0]) or (bounded and await self._is_pattern(stripped)):
            return await super()._glob(path, maxdepth=maxdepth, **kwargs)
        where = self._place(stripped)
        matches: Entries = {}
        if is_possible(where.path, where.account):
            with suppress(PathNotFoundError):
                matches = await find_matches(where.view, where.path, hidden=True)
        entries = {where.named(name): entry(where.named(name), matches[name]) for name in sorted(matches)}
        if not kwargs.get("withdirs", True):
            entries = {name: one for name, one in entries.items() if one["type"] == "file"}
        return entries if kwargs.get("detail") else list(entries)

    async def _expand_path(
        self,
        path: Any,
        recursive: bool = False,  # noqa: FBT001, FBT002 - fsspec's
        maxdepth: int | None = None,
        assume_literal: bool = False,  # noqa: FBT001, FBT002 - fsspec's
    ) -> list[str]:
        """Return the paths that a path, a glob, or a list of both names.

        :param assume_literal: whether no path is a glob.
        :raises FileNotFoundError: if there is none.
        """
        found = await self._expand(
            path, recursive=recursive, maxdepth=maxdepth, assume_literal=assume_literal
        )
        return list(found)

    async def _expand(
        self, path: Any, *, recursive: bool, maxdepth: int | None, assume_literal: bool = False
    ) -> dict[str, Entry | None]:
        """Return the same with the entry of each path, where a listing said it."""
        if maxdepth is not None and maxdepth < 1:
            raise ValueError("maxdepth must be at least 1")
        found: dict[str, Entry | None] = {}
        for name in path if isinstance(path, (list, tuple, set)) else [path]:
            stripped = self._strip_protocol(name)
            matches: dict[str, Entry | None] = {stripped: None}
            depth = maxdepth
            if is_glob(stripped) and not assume_literal:
                matches = await self._glob(stripped, maxdepth=maxdepth, detail=True)
                found.update(matches)
                if list(matches) != [stripped]:
                    # The glob has gone one level down.
                    depth = maxdepth if maxdepth is None else maxdepth - 1
            if recursive and depth != 0:
                for match in matches:
                    below = await self._find(match, maxdepth=depth, withdirs=True, detail=True)
                    found.update(below)
                    if not below and await self._exists(match):
                        found[match] = None
            elif list(matches) == [stripped]:
                found.setdefault(stripped, None)
        if not found:
            raise FileNotFoundError(errno.ENOENT, "nothing matches", str(path))
        return {name: found[name] for name in sorted(found)}

    @explained
    async def _find(
        self,
        path: str,
        maxdepth: int | None = None,
        withdirs: bool = False,  # noqa: FBT001, FBT002 - fsspec's
        *,
        detail: bool = False,
        prefix: str = "",
        **_: Any,
    ) -> Any:
        """Return all files below a path; a failure is raised, for a tree that lacks a part is not an answer.

        :param prefix: beginning of the names directly below the path.
        """
        if maxdepth is not None and maxdepth < 1:
            raise ValueError("maxdepth must be at least 1")
        where = self._place(path)
        root = where.path.rstrip("/")
        found: dict[str, FileStatus] = {}

        def visit(name: str, status: FileStatus) -> None:
            if name.startswith(f"{root}/{prefix}"):
                found[name] = status

        def enters(name: str, _: FileStatus) -> bool:
            depth = name.count("/") - root.count("/")
            return name.startswith(f"{root}/{prefix}") and (maxdepth is None or depth < maxdepth)

        await visit_inside(where.path, where.view, visit, enters=enters)
        if (withdirs or not found) and (status := await where.view.status(where.path)):
            if not status.is_directory and not paths.name(where.path).startswith(prefix):
                return {} if detail else []
            found[where.path] = status
        entries = {
            where.named(name): entry(where.named(name), status)
            for name, status in sorted(found.items())
            if withdirs or not status.is_directory
        }
        return entries if detail else list(entries)

    async def _du(self, path: str, total: bool = True, maxdepth: int | None = None, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - fsspec's
        found = await self._find(path, maxdepth=maxdepth, detail=True, **kwargs)
        sizes = {name: one["size"] for name, one in found.items()}
        return sum(sizes.values()) if total else sizes

    async def _modified(self, path: str) -> datetime:
        when: datetime = (await self._info(path))["modified"]
        return when

    async def _created(self, path: str) -> datetime:
        when: datetime = (await self._info(path))["created"]
        return when

    @explained
    async def _explained_info(self, path: str, **kwargs: Any) -> Entry:
        """Return what is at a path: type, size, times, owner."""
        return await self._info(path, **kwargs)

    @explained
    async def _explained_ls(self, path: str, detail: bool = True, **kwargs: Any) -> list[Any]:  # noqa: FBT001, FBT002 - fsspec's
        """Return what a directory holds."""
        return await self._ls(path, detail, **kwargs)

    info = sync_wrapper(_explained_info)
    ls = sync_wrapper(_explained_ls)
    modified = sync_wrapper(_modified)
    created = sync_wrapper(_created)
