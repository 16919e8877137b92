"""`Copying`: files copied to and from a lake, as fsspec's `put` and `get` do."""

from __future__ import annotations

import asyncio
import logging
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fsspec.callbacks import DEFAULT_CALLBACK, NoOpCallback
from fsspec.utils import stringify_path

from airflow_provider_adls.client.retry import patient
from airflow_provider_adls.filesystem.base import Base, explained
from airflow_provider_adls.filesystem.content import check_mode
from airflow_provider_adls.filesystem.pairs import (
    LocalSide,
    Paths,
    copy_pairs,
    copy_root,
    is_folder,
    local_paths,
    pair_paths,
    refuse_outside,
)
from airflow_provider_adls.filesystem.trees import Found, LakeTree, LocalTree
from airflow_provider_adls.lake.blocks import blocks
from airflow_provider_adls.lake.disk import DISK
from airflow_provider_adls.lake.downloads import download
from airflow_provider_adls.lake.hidden import must_be_swept, sweep_folders
from airflow_provider_adls.lake.reliability import PLAIN, Reliability
from airflow_provider_adls.lake.sources import LakeSource, LocalSource
from airflow_provider_adls.lake.streams import work_off
from airflow_provider_adls.lake.uploads import committed, upload
from airflow_provider_adls.model.paths import parse_possible
from airflow_provider_adls.transfer.options import paths_above

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from fsspec.callbacks import Callback

    from airflow_provider_adls.client.interface import DataLakeClient
    from airflow_provider_adls.filesystem.listing import Entry
    from airflow_provider_adls.lake.places import Place
    from airflow_provider_adls.model.status import FileStatus


logger = logging.getLogger(__name__)


class Copying(Base):
    """Copies files and trees."""

    @explained
    async def _put(
        self,
        lpath: Paths,
        rpath: Paths,
        recursive: bool = False,  # noqa: FBT001, FBT002 - fsspec's
        callback: Callback = DEFAULT_CALLBACK,
        maxdepth: int | None = None,
        batch_size: int | None = None,
        mode: str = "overwrite",
        *,
        verify: str = "length",
        resume: bool = False,
        **_: Any,
    ) -> None:
        """Upload files, and with ``recursive`` directories; a path that exists is not a glob.

        :param batch_size: how many files at the same time; None for what the file system was made with.
        :param mode: ``overwrite``, ``create`` (no file may exist), or ``append``.
        :param verify: ``length``, or ``content`` to read each copy back before it gets its name.
        :param resume: whether big files go on where a killed upload of the same ended.
        """
        reliability = Reliability.of(verify, resume)
        put = partial(self._upload_file, mode=mode, reliability=reliability)
        source = local_paths(lpath)
        if recursive and isinstance(source, str) and isinstance(rpath, str) and is_folder(source):
            root = await copy_root(source, rpath, self)
            tree = LocalTree(source, maxdepth)
            await self._put_tree(tree, self._place(root), mode, callback, batch_size, reliability)
            return
        pairs, _found = await pair_paths(
            source, rpath, LocalSide(), self, recursive=recursive, maxdepth=maxdepth
        )
        self._refuse_impossible([remote for _, remote in pairs])
        directories = await asyncio.to_thread(lambda: {local for local, _ in pairs if Path(local).is_dir()})
        files = [pair for pair in pairs if pair[0] not in directories]
        # Those above a file are made with it.
        made = {above for _, remote in pairs for above in paths_above(remote)}
        await self._each(
            partial(self._makedirs, exist_ok=True),
            [remote for local, remote in pairs if local in directories and remote.rstrip("/") not in made],
        )
        with patient(logger.warning):
            await copy_pairs(put, files, callback, batch_size or self.batch_size)

    async def _put_tree(
        self,
        tree: LocalTree,
        target: Place,
        mode: str,
        callback: Callback,
        batch_size: int | None,
        reliability: Reliability,
    ) -> None:
        callback.set_size(await tree.check(target))
        check_mode(mode)
        client, root, base = target.client, target.path.rstrip("/"), target.named("/").rstrip("/")
        # A branch of no callback is none.
        is_plain = isinstance(callback, NoOpCallback) and mode != "append"
        put = partial(self._upload_file, mode=mode, reliability=reliability)
        branch = put if is_plain else callback.branch_coro(put)

        async def copy(found: Found) -> None:
            local, remote = f"{tree.root}{found.place}", f"{root}{found.place}"
            if found.is_directory:
                await client.make_directories(remote or "/")
                return
            try:
                if is_plain and not found.is_link:
                    source = await LocalSource.read_if_small(local)
                    exclusive = mode == "create"
                    await upload(client, remote, source, exclusive=exclusive, reliability=reliability)
                else:
                    await branch(local, f"{base}{remote}")
            finally:
                callback.relative_update(1)

        with patient(logger.warning):
            await work_off(copy, tree.batches(), self._width(client, batch_size))

    def _width(self, client: DataLakeClient, batch_size: int | None) -> Callable[[], int]:
        """Return what says how many files are copied at once: what helps, and no more than was asked for."""
        most = batch_size or self.batch_size
        return lambda: min(most, client.lanes.number)

    def _refuse_impossible(self, destinations: list[str]) -> None:
        """Raise for a name that no lake can hold, before anything is copied.

        :raises PathError: naming the path.
        """
        for name in destinations:
            place = self._place(name)
            parse_possible(place.path, lake=place.account)

    @explained
    async def _get(
        self,
        rpath: Paths,
        lpath: Paths,
        recursive: bool = False,  # noqa: FBT001, FBT002 - fsspec's
        callback: Callback = DEFAULT_CALLBACK,
        maxdepth: int | None = None,
        batch_size: int | None = None,
        *,
        verify: str = "length",
        resume: bool = False,
        **_: Any,
    ) -> None:
        """Download files, and with ``recursive`` directories; a path that exists is not a glob.

        :param batch_size: how many files at the same time; None for what the file system was made with.
        :param verify: ``length``, or ``content`` to read each copy back before it gets its name.
        :param resume: whether big files go on where a killed download of the same ended.
        """
        reliability = Reliability.of(verify, resume)
        lpath = local_paths(lpath)
        if recursive and isinstance(rpath, (str, os.PathLike)) and isinstance(lpath, str):
            name = stringify_path(rpath)
            if not await self._is_pattern(name) and await self._isdir(name):
                root = await copy_root(name, lpath, LocalSide())
                tree = LakeTree(self._place(name), maxdepth)
                await self._get_tree(tree, root, callback, batch_size, reliability)
                return
        pairs, found = await pair_paths(
            rpath, lpath, self, LocalSide(), recursive=recursive, maxdepth=maxdepth
        )
        if isinstance(lpath, str):
            refuse_outside(lpath, [local for _, local in pairs])

        async def get(remote: str, local: str, callback: Callback = DEFAULT_CALLBACK) -> None:
            await self._download_file(remote, local, callback, found.get(remote), reliability)

        with patient(logger.warning):
            await copy_pairs(get, pairs, callback, batch_size or self.batch_size)

    async def _get_tree(
        self,
        tree: LakeTree,
        root: str,
        callback: Callback,
        batch_size: int | None,
        reliability: Reliability,
    ) -> None:
        place = tree.place
        base, root = place.path.rstrip("/"), root.rstrip("/")

        async def copy(found: Found) -> None:
            local = f"{root}{found.place}" or "/"
            try:
                if found.is_directory or found.status is None:
                    await DISK.call(local, make_folder, local)
                else:
                    await fetch(f"{base}{found.place}", local, found.status)
            finally:
                callback.relative_update(1)

        async def fetch(path: str, local: str, status: FileStatus) -> None:
            name = place.named(path)
            source = LakeSource(
                place.client, path, status.length, status.modification_time, name, etag=status.etag
            )

            async def get(_: str, local: str, callback: Callback) -> None:
                await self._fetch(source, local, callback, reliability)

            if isinstance(callback, NoOpCallback):
                await self._fetch(source, local, callback, reliability)
            else:
                await callback.branch_coro(get)(name, local)

        batches = tree.batches()
        if not isinstance(callback, NoOpCallback):
            # A callback is given the number of files before the first is copied.
            known = [batch async for batch in batches]
            callback.set_size(sum(map(len, known)))
            batches = _again(known)
        with patient(logger.warning):
            await work_off(copy, batches, self._width(place.client, batch_size))

    @explained
    async def _put_file(
        self,
        lpath: str | os.PathLike[str],
        rpath: str,
        mode: str = "overwrite",
        callback: Callback = DEFAULT_CALLBACK,
        *,
        verify: str = "length",
        resume: bool = False,
        **_: Any,
    ) -> None:
        """Upload a file, which appears when it is whole; a directory is made, empty.

        :param mode: ``overwrite``, ``create`` (the file must not exist), or ``append``.
        :raises SourceChangedError: if the file becomes another meanwhile. Part of an append may be there.
        """
        await self._upload_file(lpath, rpath, mode, callback, Reliability.of(verify, resume))

    async def _upload_file(
        self,
        lpath: str | os.PathLike[str],
        rpath: str,
        mode: str = "overwrite",
        callback: Callback = DEFAULT_CALLBACK,
        reliability: Reliability = PLAIN,
    ) -> None:
        try:
            source = await LocalSource.read_if_small(lpath)
        except IsADirectoryError:
            await self._makedirs(rpath, exist_ok=True)
            return
        callback.set_size(source.size)
        if mode == "append":
            async with committed(self._upload(rpath, mode)) as addition:
                for offset, length in blocks(0, source.size):
                    await addition.write(b"".join(await source.read(offset, length)))
                    callback.relative_update(length)
            return
        check_mode(mode)
        where = self._place(rpath)
        await upload(
            where.client,
            where.path,
            source,
            exclusive=mode == "create",
            reliability=reliability,
            moved=callback.relative_update,
        )

    @explained
    async def _get_file(
        self,
        rpath: str,
        lpath: str | os.PathLike[str],
        callback: Callback = DEFAULT_CALLBACK,
        *,
        verify: str = "length",
        resume: bool = False,
        **_: Any,
    ) -> None:
        """Download a file; the local one appears when it is whole. A directory is made, empty.

        A file that is there keeps its permission, and a link leads to the new file.

        :raises IsADirectoryError: if a directory is there.
        :raises ValueError: if a device or a pipe is there.
        :raises SourceChangedError: if the file becomes another meanwhile.
        """
        await self._download_file(rpath, lpath, callback, None, Reliability.of(verify, resume))

    async def _download_file(
        self,
        rpath: str,
        lpath: str | os.PathLike[str],
        callback: Callback = DEFAULT_CALLBACK,
        entry: Entry | None = None,
        reliability: Reliability = PLAIN,
    ) -> None:
        source = await self._source(rpath, entry)
        local = os.fspath(lpath)
        if source is None:
            await asyncio.to_thread(os.makedirs, local, exist_ok=True)
            return
        await self._fetch(source, local, callback, reliability)

    async def _fetch(
        self, source: LakeSource, local: str, callback: Callback, reliability: Reliability
    ) -> None:
        callback.set_size(source.size)
        # The next file in a folder removes what a killed download left there.
        if must_be_swept(folder := local.rpartition("/")[0] or "."):
            await DISK.call(local, sweep_folders, [Path(folder)])
        await download(source, local, reliability=reliability, moved=callback.relative_update)


def make_folder(path: str) -> None:
    """Make a folder of this machine, unless it exists."""
    os.makedirs(path, exist_ok=True)  # noqa: PTH103 - text, which is three times as quick as a Path


async def _again(batches: list[list[Found]]) -> AsyncIterator[list[Found]]:
    for batch in batches:
        yield batch
