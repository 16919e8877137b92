"""Changing the tree: directories, removal, moving."""

from __future__ import annotations

from typing import Any

from fsspec.asyn import sync_wrapper
from fsspec.utils import other_paths

from airflow_provider_adls.filesystem.base import explained
from airflow_provider_adls.filesystem.listing import Listing
from airflow_provider_adls.gen1 import paths
from airflow_provider_adls.gen1.errors import PathExistsError, PathNotFoundError


class Tree(Listing):
    """Makes, removes and moves files and directories."""

    @explained
    async def _mkdir(self, path: str, create_parents: bool = True, **kwargs: Any) -> None:  # noqa: FBT001, FBT002 - fsspec's
        """Make a directory.

        :param permission: octal digits.
        :raises FileExistsError: if something is there.
        :raises FileNotFoundError: if the parent is missing and is not to be made.
        """
        where = self._place(path)
        await self._refuse_existing(path)
        if not create_parents and not await self._exists(self._parent(path)):
            raise PathNotFoundError(
                "the parent directory does not exist",
                operation="MKDIRS",
                path=where.path,
                account=where.account,
            )
        await self._client(where).make_directories(where.path, **kwargs)

    @explained
    async def _makedirs(self, path: str, exist_ok: bool = False) -> None:  # noqa: FBT001, FBT002 - fsspec's
        where = self._place(path)
        if not exist_ok:
            await self._refuse_existing(path)
        await self._client(where).make_directories(where.path)

    async def _refuse_existing(self, path: str) -> None:
        where = self._place(path)
        if await self._exists(path):
            raise PathExistsError(
                "something is there already", operation="MKDIRS", path=where.path, account=where.account
            )

    @explained
    async def _rm_file(self, path: str, **_: Any) -> None:
        await self._remove(path, recursive=False)

    @explained
    async def _rm(
        self,
        path: str | list[str],
        recursive: bool = False,  # noqa: FBT001, FBT002 - fsspec's
        batch_size: int | None = None,
        maxdepth: int | None = None,
        **kwargs: Any,
    ) -> None:
        if not recursive or maxdepth is not None:
            await super()._rm(path, recursive=recursive, batch_size=batch_size, maxdepth=maxdepth, **kwargs)
            return
        # The service removes a tree by one request.
        for one in await self._expand_path(path):
            await self._remove(one, recursive=True)

    async def _remove(self, path: str, *, recursive: bool) -> None:
        where = self._place(path)
        if not await self._client(where).delete(where.path, recursive=recursive):
            raise PathNotFoundError(
                "nothing is there", operation="DELETE", path=where.path, account=where.account
            )

    @explained
    async def _rmdir(self, path: str) -> None:
        if not await self._isdir(path):
            # Also where nothing is there: says so.
            info = await self._info(path)
            raise NotADirectoryError(f"{info['name']} is a file")
        await self._remove(path, recursive=False)

    rmdir = sync_wrapper(_rmdir)

    @explained
    async def _mv(
        self,
        path1: str | list[str],
        path2: str | list[str],
        recursive: bool = False,  # noqa: FBT001, FBT002 - fsspec's
        maxdepth: int | None = None,
        **kwargs: Any,
    ) -> None:
        """Move files and directories: by renames, which are atomic, inside an account.

        As with `mv`, what is moved to an existing directory, or to a name with a trailing slash, goes
        into it, and a file replaces a file.

        :raises FileExistsError: if a directory would have to replace something.
        """
        if maxdepth is not None or (
            isinstance(path1, str)
            and isinstance(path2, str)
            and self._accounts(path1) != self._accounts(path2)
        ):
            await self._copy(path1, path2, recursive=recursive, maxdepth=maxdepth, on_error="raise", **kwargs)
            await self._rm(path1, recursive=recursive, maxdepth=maxdepth)
            return
        for source, destination in await self._moves(path1, path2):
            await self._mv_file(source, destination)

    mv = sync_wrapper(_mv)

    def _accounts(self, path: str) -> str:
        return self._place(path).account

    async def _moves(self, path1: str | list[str], path2: str | list[str]) -> list[tuple[str, str]]:
        if isinstance(path1, list) and isinstance(path2, list):
            return list(zip(path1, path2, strict=True))
        sources: list[str] = await self._expand_path(path1)
        assert isinstance(path2, str)
        into = len(sources) > 1 or path2.endswith("/") or await self._isdir(path2)
        if not into:
            return [(sources[0], path2)]
        target = self._strip_protocol(path2)
        # The service makes no directories for a rename.
        await self._makedirs(target, exist_ok=True)
        destinations = other_paths(sources, target, exists=True, flatten=True)
        return list(zip(sources, destinations, strict=True))

    @explained
    async def _mv_file(self, path1: str, path2: str, **_: Any) -> None:
        source, destination = self._place(path1), self._place(path2)
        if source.account != destination.account:
            await self._cp_file(path1, path2)
            await self._rm_file(path1)
            return
        client = self._client(source)
        known = await client.status(source.path)
        if source.path == destination.path:
            return
        try:
            there = await client.status(destination.path)
        except PathNotFoundError:
            await client.make_directories(paths.parent(destination.path))
        else:
            # The service would move the source into a directory, where nobody asked for it.
            if there.is_directory or known.is_directory:
                raise PathExistsError(
                    "something is there already and is not replaced",
                    operation="RENAME",
                    path=destination.path,
                    account=destination.account,
                )
        await client.rename(source.path, destination.path, overwrite=not known.is_directory, known=known)
