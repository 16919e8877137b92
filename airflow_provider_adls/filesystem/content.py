"""What is in files: reading, writing, copying, to and from this machine."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import IO, Any

from fsspec.asyn import sync_wrapper
from fsspec.callbacks import DEFAULT_CALLBACK, Callback

from airflow_provider_adls.filesystem.base import explained
from airflow_provider_adls.filesystem.local_files import opened, replaceable
from airflow_provider_adls.filesystem.tree import Tree
from airflow_provider_adls.filesystem.uploads import Addition, Replacement, Upload, committed, save
from airflow_provider_adls.gen1.errors import PathNotFoundError, ServiceError, ServiceUnreachableError
from airflow_provider_adls.gen1.operations import MAX_BODY
from airflow_provider_adls.gen1.paths import unfinished_name

MODES = ("overwrite", "create", "append")


class Content(Tree):
    """Reads and writes files."""

    @explained
    async def _cat_file(self, path: str, start: int | None = None, end: int | None = None, **_: Any) -> bytes:
        where = self._place(path)
        start = start or 0
        if start < 0 or (end is not None and end < 0):
            size = (await self._info(path))["size"]
            start = max(0, size + start) if start < 0 else start
            end = size + end if end is not None and end < 0 else end
        if end is not None and end <= start:
            return b""
        length = None if end is None else end - start
        try:
            return await self._client(where).read(where.path, offset=start, length=length)
        except PathNotFoundError:
            raise
        except ServiceError as error:
            if await self._isdir(path):
                raise IsADirectoryError(f"{where.name} is a directory") from error
            if await self._is_past_end(path, start):
                return b""
            raise

    async def _is_past_end(self, path: str, start: int) -> bool:
        # What the service answers past the end is known from a client only: the Java SDK takes 403 and
        # 416 for it. Reading there is an empty read, as in any file.
        size: int = (await self._info(path))["size"]
        return start > 0 and start >= size

    @explained
    async def _pipe_file(self, path: str, value: bytes, mode: str = "overwrite", **_: Any) -> None:
        """Write bytes.

        :param mode: ``overwrite``, ``create`` (the file must not exist), or ``append``.
        """
        await save(self._upload(path, mode), value)

    def _upload(self, path: str, mode: str, *, hold: bool = False) -> Upload:
        """A file to be written.

        :param hold: whether an append sends nothing before it is committed.
        """
        if mode not in MODES:
            raise ValueError(f"mode must be one of {', '.join(MODES)}, not {mode!r}")
        where = self._place(path)
        client = self._client(where)
        if mode == "append":
            return Addition(client, where.path, hold=hold)
        return Replacement(client, where.path, exclusive=mode == "create")

    @explained
    async def _cp_file(self, path1: str, path2: str, **_: Any) -> None:
        """Copy a file by way of this machine, for the service has no copy; a directory is made, empty."""
        source = await self._info(path1)
        if source["type"] == "directory":
            await self._makedirs(path2, exist_ok=True)
            return
        async with committed(self._upload(path2, "overwrite")) as upload:
            await self._blocks(source, upload.write, DEFAULT_CALLBACK)

    @explained
    async def _put_file(
        self,
        lpath: str | os.PathLike[str],
        rpath: str,
        mode: str = "overwrite",
        callback: Callback = DEFAULT_CALLBACK,
        **_: Any,
    ) -> None:
        local = Path(lpath)
        if await asyncio.to_thread(local.is_dir):
            await self._makedirs(rpath, exist_ok=True)
            return
        async with opened(local, "rb") as file:
            callback.set_size(os.fstat(file.fileno()).st_size)
            async with committed(self._upload(rpath, mode)) as upload:
                while block := await asyncio.to_thread(file.read, MAX_BODY):
                    await upload.write(block)
                    callback.relative_update(len(block))

    @explained
    async def _get_file(
        self,
        rpath: str,
        lpath: str | os.PathLike[str],
        callback: Callback = DEFAULT_CALLBACK,
        **_: Any,
    ) -> None:
        """Download a file; the local one appears when it is whole. A directory is made, empty.

        A file that is there keeps its permission, and a link leads to the new file.

        :raises IsADirectoryError: if a directory is there.
        :raises ValueError: if a device or a pipe is there.
        """
        source = await self._info(rpath)
        local = Path(lpath)
        if source["type"] == "directory":
            await asyncio.to_thread(local.mkdir, parents=True, exist_ok=True)
            return
        callback.set_size(source["size"])
        await asyncio.to_thread(local.parent.mkdir, parents=True, exist_ok=True)
        local, permission = await asyncio.to_thread(replaceable, local)
        hidden = local.with_name(unfinished_name())
        try:
            async with opened(hidden, "xb") as file:
                if permission is not None:
                    os.fchmod(file.fileno(), permission)
                await self._blocks(source, lambda block: _write(file, block), callback)
            await asyncio.to_thread(hidden.replace, local)
        except BaseException:
            hidden.unlink(missing_ok=True)
            raise

    async def _blocks(self, source: dict[str, Any], write: Any, callback: Callback) -> None:
        """Read a file block by block.

        :param source: its info; it must not change its length meanwhile.
        :param write: coroutine function that takes each block.
        """
        size, offset = source["size"], 0
        while offset < size:
            block = await self._cat_file(source["name"], offset, min(offset + MAX_BODY, size))
            if not block:
                where = self._place(source["name"])
                raise ServiceUnreachableError(
                    f"the file ended after {offset} of {size} bytes: it was changed while it was read",
                    operation="OPEN",
                    path=where.path,
                    account=where.account,
                )
            await write(block)
            callback.relative_update(len(block))
            offset += len(block)

    @explained
    async def _touch(self, path: str, truncate: bool = True, **_: Any) -> None:  # noqa: FBT001, FBT002 - fsspec's
        """Make an empty file, or empty it.

        :raises NotImplementedError: where only its time would have to change, for which the service's
            known operations have no way.
        """
        if truncate:
            await self._pipe_file(path, b"")
            return
        try:
            await self._pipe_file(path, b"", mode="create")
        except FileExistsError as error:
            raise NotImplementedError("the time of a file that exists cannot be set alone") from error

    touch = sync_wrapper(_touch)


async def _write(file: IO[bytes], block: bytes) -> None:
    await asyncio.to_thread(file.write, block)
