"""`TreeChanges`: makes, removes and moves files and directories."""

from __future__ import annotations

import errno
import os
from functools import partial
from typing import TYPE_CHECKING, Any

from fsspec.asyn import sync_wrapper
from fsspec.utils import other_paths

from airflow_provider_adls.filesystem.base import Base, explained
from airflow_provider_adls.filesystem.paths import parent
from airflow_provider_adls.lake.blocks import PARALLEL, at_once
from airflow_provider_adls.lake.deletion import remove
from airflow_provider_adls.lake.keep import parse_keep
from airflow_provider_adls.model.errors import PathExistsError, PathNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterable


class TreeChanges(Base):
    """Makes, removes and moves files and directories."""

    @explained
    async def _mkdir(
        self,
        path: str,
        create_parents: bool = True,  # noqa: FBT001, FBT002 - fsspec's
        permission: str | None = None,
        mode: int | None = None,  # noqa: ARG002 - universal_pathlib's, always 0o777: it knows no umask
    ) -> None:
        """Make a directory.

        :param permission: octal digits; None leaves it to the service.
        :param mode: taken and not looked at.
        :raises FileExistsError: if something is there.
        :raises FileNotFoundError: if the parent is missing and is not to be made.
        """
        where = self._place(path)
        await self._refuse_existing(path)
        if not create_parents and not await self._exists(self._parent(path)):
            raise PathNotFoundError(
                "the parent directory does not exist",
                path=where.path,
                account=where.account,
            )
        await where.client.make_directories(where.path, permission=permission)

    @explained
    async def _makedirs(self, path: str, exist_ok: bool = False) -> None:  # noqa: FBT001, FBT002 - fsspec's
        where = self._place(path)
        if not exist_ok:
            await self._refuse_existing(path)
        await where.client.make_directories(where.path)

    async def _refuse_existing(self, path: str) -> None:
        where = self._place(path)
        if await self._exists(path):
            raise PathExistsError("it exists already", path=where.path, account=where.account)

    @explained
    async def _rm_file(self, path: str, **_: Any) -> None:
        await self._remove(path, recursive=False)

    @explained
    async def _rm(
        self,
        path: str | list[str],
        recursive: bool = False,  # noqa: FBT001, FBT002 - fsspec's
        batch_size: int | None = None,  # noqa: ARG002 - as the file system was made with
        maxdepth: int | None = None,
        **_: Any,
    ) -> None:
        # The paths of a list are taken as they stand: what a listing found is what is deleted, and one that
        # is gone already matches nothing else.
        literal = not isinstance(path, (str, os.PathLike))
        if maxdepth is not None:
            expanded = await self._expand_path(path, recursive, maxdepth, assume_literal=literal)
        else:
            expanded = await self._expand_path(path, assume_literal=literal)
        if recursive and maxdepth is None:
            # The service removes a tree by one request, and with it what else was named in the tree.
            named = set(expanded)
            expanded = [one for one in expanded if named.isdisjoint(_above(one))]
            await self._each(partial(self._remove, recursive=True), expanded)
            return
        await self._each(self._rm_file, expanded[::-1])

    async def _remove(self, path: str, *, recursive: bool) -> None:
        where = self._place(path)
        await remove(where.client, where.path, recursive=recursive)

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
        recursive: bool = False,  # noqa: ARG002, FBT001, FBT002 - fsspec's
        maxdepth: int | None = None,
        keep: str | Iterable[str] | None = None,
        **_: Any,
    ) -> None:
        """Move files and directories: by renames, which are atomic, inside an account.

        As with `mv`, what is moved to an existing directory, or to a name with a trailing slash, goes
        into it, a file replaces a file, and a directory moves with all it holds.

        :param keep: attributes that files get from their sources in another account; a rename keeps all. A
            file whose attributes could not be kept is copied, and not deleted.
        :raises FileExistsError: if a directory would have to replace something.
        """
        if maxdepth is not None:
            raise NotImplementedError("a directory moves with all it holds: maxdepth has no meaning")
        moves = await self._moves(path1, path2)
        # Where one goes to, or into, the place of another, their order counts.
        taken = {source for source, _ in moves}
        apart = not any(
            taken.intersection([new, *_above(new)]) or taken.intersection(_above(old)) for old, new in moves
        )

        async def move_one(pair: tuple[str, str]) -> None:
            await self._mv_file(*pair, keep=keep)

        await at_once(move_one, moves, PARALLEL if apart else 1)

    mv = sync_wrapper(_mv)

    async def _moves(self, path1: str | list[str], path2: str | list[str]) -> list[tuple[str, str]]:
        if isinstance(path1, list) and isinstance(path2, list):
            return list(zip(path1, path2, strict=True))
        # The paths of a list are taken as they stand, as in a removal.
        sources = await self._expand_path(path1, assume_literal=isinstance(path1, list))
        assert isinstance(path2, str)
        matched = isinstance(path1, str) and sources != [self._strip_protocol(path1)]
        if matched and "*" not in path1 and not path2.endswith("/") and not await self._isdir(path2):
            # A rename of `data[1].csv`, which is gone, must not move data1.csv; no file is named `*`.
            raise FileNotFoundError(
                errno.ENOENT,
                "nothing exists at this path; to move what it matches, name a directory as the destination "
                "(for a new one, end it with a slash)",
                path1,
            )
        only = len(sources) == 1 and not path2.endswith("/")
        if only and (not await self._isdir(path2) or await self._is_begun(sources[0], path2)):
            return [(sources[0], path2)]
        destinations = other_paths(sources, self._strip_protocol(path2), exists=True, flatten=True)
        return list(zip(sources, destinations, strict=True))

    @explained
    async def _mv_file(
        self,
        path1: str,
        path2: str,
        overwrite: bool = True,  # noqa: FBT001, FBT002 - as fsspec passes options on
        keep: str | Iterable[str] | None = None,
        **_: Any,
    ) -> None:
        """Move a file or directory to just this path.

        To another account each file is copied, and deleted when its copy is found whole. A move that was
        broken off goes on with the next try.

        :param overwrite: whether a file may replace a file; a directory replaces nothing.
        :param keep: that of :meth:`_mv`.
        """
        # Transfers are loaded with the first move: few processes of Airflow make one.
        from airflow_provider_adls.transfer.move import move

        names = parse_keep(keep)
        await move(self._place(path1), self._place(path2), overwrite=overwrite, keep=names)

    async def _is_begun(self, path1: str, path2: str) -> bool:
        from airflow_provider_adls.transfer.move import is_begun

        return await is_begun(self._place(path1), self._place(path2))


def _above(path: str) -> list[str]:
    """Return the directories above a path, in the form that the path has."""
    above = []
    while (directory := parent(path)) != path:
        above.append(directory)
        path = directory
    return above
