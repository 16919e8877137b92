"""`Content`: reads, writes and copies files, to and from this machine."""

from __future__ import annotations

import asyncio
import os
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fsspec.asyn import sync_wrapper
from fsspec.callbacks import DEFAULT_CALLBACK

from airflow_provider_adls.filesystem.base import Base, explained
from airflow_provider_adls.filesystem.pairs import LocalSide, Paths, local_paths, pair_paths, refuse_outside
from airflow_provider_adls.lake.appends import Addition
from airflow_provider_adls.lake.blocks import blocks
from airflow_provider_adls.lake.downloads import download
from airflow_provider_adls.lake.hidden import sweep_folder_in_use
from airflow_provider_adls.lake.observers import report
from airflow_provider_adls.lake.sources import LakeSource, LocalSource
from airflow_provider_adls.lake.uploads import Replacement, Upload, committed, save, upload
from airflow_provider_adls.model.errors import (
    PathError,
    PathNotFoundError,
    RequestError,
    ServiceError,
    SourceChangedError,
)
from airflow_provider_adls.model.operations import MAX_BODY
from airflow_provider_adls.model.paths import parse_possible

MODES = ("overwrite", "create", "append")

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from fsspec.callbacks import Callback


class Content(Base):
    """Reads and writes files."""

    @explained
    async def _cat_file(self, path: str, start: int | None = None, end: int | None = None, **_: Any) -> bytes:
        """Return the bytes of a file, or of a part of it.

        :raises SourceChangedError: if the file becomes another meanwhile, where that would mix the two.
        """
        where = self._place(path)
        start = start or 0
        if start < 0 or (end is not None and end < 0):
            return await self._cat_known(path, start, end)
        if end is None:
            return await self._cat_rest(path, start)
        if end <= start:
            return b""
        try:
            content = await where.client.read(where.path, offset=start, length=end - start)
        except PathNotFoundError:
            raise
        except ServiceError as error:
            await self._explain_reading(path, start, error)
            return b""
        report("read", where.account, where.path)
        return content

    async def _cat_rest(self, path: str, start: int) -> bytes:
        """Return what follows an offset.

        The service may answer with less than all of it, so that the size is asked for at the same time.
        """
        where = self._place(path)
        client = where.client
        content, status = await asyncio.gather(
            client.read(where.path, offset=start), client.status(where.path), return_exceptions=True
        )
        if isinstance(content, PathNotFoundError) or not isinstance(content, (bytes, ServiceError)):
            raise content
        if isinstance(content, ServiceError):
            await self._explain_reading(path, start, content)
            return b""
        if isinstance(status, BaseException):
            raise status
        if len(content) != status.length - start:
            return await self._cat_known(path, start, None)
        report("read", where.account, where.path)
        return content

    async def _cat_known(self, path: str, start: int, end: int | None) -> bytes:
        """Return a part of a file whose size has to be known; a negative offset counts from its end."""
        source = await self._source(path, copied=False)
        if source is None:
            raise IsADirectoryError(f"{path} is a directory")
        start = max(0, source.size + start) if start < 0 else start
        end = source.size if end is None else source.size + end if end < 0 else min(end, source.size)
        return await source.read_verified(start, end - start) if end > start else b""

    async def _explain_reading(self, path: str, start: int, error: ServiceError) -> None:
        """Raise the error of a read, unless it was past the end of the file.

        What the service answers past the end is known from a client only: the Java SDK takes 403 and 416
        for it. Reading there is an empty read, as in any file.
        """
        info = await self._info(path)
        if info["type"] == "directory":
            raise IsADirectoryError(f"{info['name']} is a directory") from error
        if not 0 < start >= info["size"]:
            raise error

    async def _cat_ranges(
        self,
        paths: list[str],
        starts: int | Iterable[int],
        ends: int | Iterable[int],
        max_gap: int | None = None,
        batch_size: int | None = None,
        on_error: str = "return",
        **kwargs: Any,
    ) -> list[Any]:
        """Return parts of files; all parts of one file are of the same version of it.

        :param on_error: ``return`` for errors in place of parts, ``raise`` for the first.
        """
        several = sorted({path for path, times in Counter(paths).items() if times > 1})
        before = await self._each(self._version, several)
        parts = await super()._cat_ranges(
            paths, starts, ends, max_gap, batch_size, on_error=on_error, **kwargs
        )
        after = await self._each(self._version, several)
        changed = {
            path for path, old, new in zip(several, before, after, strict=True) if old is None or old != new
        }
        parts = [
            SourceChangedError(path, copied=False) if path in changed and isinstance(part, bytes) else part
            for path, part in zip(paths, parts, strict=True)
        ]
        if on_error != "return" and (errors := [part for part in parts if isinstance(part, Exception)]):
            raise errors[0]
        return parts

    async def _version(self, path: str) -> tuple[int, float] | None:
        """Return what identifies the version of a file; None without a file."""
        try:
            info = await self._info(path)
        except (RequestError, PathError):
            return None
        return info["size"], info["mtime"]

    async def _read_opened(self, path: str, details: dict[str, Any], start: int, end: int) -> bytes:
        """Return a part of a file that was opened when it was as the details say.

        :raises SourceChangedError: if it became another since.
        """
        where = self._place(path)
        size, modified = details["size"], round(details["mtime"] * 1000)
        source = LakeSource(where.client, where.path, size, modified, where.name, copied=False)
        end = min(end, size)
        if start == 0 and end == size <= MAX_BODY:
            # One answer is of one version.
            try:
                content = await source.whole()
            except PathNotFoundError:
                content = b""
            if len(content) != size:
                raise SourceChangedError(where.name, copied=False)
            return content
        return await source.read_verified(start, end - start) if end > start else b""

    @explained
    async def _pipe_file(
        self,
        path: str,
        value: bytes,
        mode: str = "overwrite",
        prepare: Callable[[str], Awaitable[None]] | None = None,
        **_: Any,
    ) -> None:
        """Write bytes.

        :param mode: ``overwrite``, ``create`` (the file must not exist), or ``append``.
        :param prepare: coroutine function that is called with the new file's hidden path when it is whole,
            before it comes into view: to set its rights, for instance. Not for appends.
        """
        await save(self._upload(path, mode, prepare=prepare), value)

    def _upload(
        self,
        path: str,
        mode: str,
        *,
        hold: bool = False,
        prepare: Callable[[str], Awaitable[None]] | None = None,
    ) -> Upload:
        """Return a file to be written.

        :param hold: whether an append sends nothing before it is committed.
        """
        _check_mode(mode)
        where = self._place(path)
        client = where.client
        if mode == "append":
            return Addition(client, where.path, hold=hold)
        if prepare is None:
            return Replacement(client, where.path, exclusive=mode == "create")

        async def named(hidden: str) -> None:
            await prepare(where.named(hidden))

        return Replacement(client, where.path, exclusive=mode == "create", prepare=named)

    @explained
    async def _cp_file(self, path1: str, path2: str, **_: Any) -> None:
        """Copy a file by way of this machine, for the service has no copy; a directory is made, empty.

        :raises SourceChangedError: if the file becomes another meanwhile.
        """
        target = self._place(path2)
        source = await self._source(path1)
        if source is None:
            await self._makedirs(path2, exist_ok=True)
        else:
            await upload(target.client, target.path, source)

    @explained
    async def _copy(
        self,
        path1: Paths,
        path2: Paths,
        recursive: bool = False,  # noqa: FBT001, FBT002 - fsspec's
        on_error: str | None = None,
        maxdepth: int | None = None,
        **kwargs: Any,
    ) -> None:
        """Copy files, and with ``recursive`` directories; a path that exists is not a glob.

        :param on_error: ``raise``, or ``ignore`` for files that are missing; None for ``ignore`` where it is
            recursive.
        """
        pairs = await pair_paths(path1, path2, self, self, recursive=recursive, maxdepth=maxdepth)
        on_error = on_error or ("ignore" if recursive else "raise")
        self._refuse_impossible(pairs[1])
        await super()._copy(*pairs, on_error=on_error, **kwargs)

    @explained
    async def _put(
        self,
        lpath: Paths,
        rpath: Paths,
        recursive: bool = False,  # noqa: FBT001, FBT002 - fsspec's
        callback: Callback = DEFAULT_CALLBACK,
        maxdepth: int | None = None,
        **kwargs: Any,
    ) -> None:
        """Upload files, and with ``recursive`` directories; a path that exists is not a glob."""
        pairs = await pair_paths(
            local_paths(lpath), rpath, LocalSide(), self, recursive=recursive, maxdepth=maxdepth
        )
        self._refuse_impossible(pairs[1])
        await super()._put(*pairs, callback=callback, **kwargs)

    def _refuse_impossible(self, destinations: list[str]) -> None:
        """Raise for a name that no lake can hold, before anything is copied.

        :raises PathError: naming the path.
        """
        for name in destinations:
            parse_possible(self._place(name).path)

    @explained
    async def _get(
        self,
        rpath: Paths,
        lpath: Paths,
        recursive: bool = False,  # noqa: FBT001, FBT002 - fsspec's
        callback: Callback = DEFAULT_CALLBACK,
        maxdepth: int | None = None,
        **kwargs: Any,
    ) -> None:
        """Download files, and with ``recursive`` directories; a path that exists is not a glob."""
        lpath = local_paths(lpath)
        pairs = await pair_paths(rpath, lpath, self, LocalSide(), recursive=recursive, maxdepth=maxdepth)
        if isinstance(lpath, str):
            refuse_outside(lpath, pairs[1])
        await super()._get(*pairs, callback=callback, **kwargs)

    @explained
    async def _put_file(
        self,
        lpath: str | os.PathLike[str],
        rpath: str,
        mode: str = "overwrite",
        callback: Callback = DEFAULT_CALLBACK,
        **_: Any,
    ) -> None:
        """Upload a file, which appears when it is whole; a directory is made, empty.

        :param mode: ``overwrite``, ``create`` (the file must not exist), or ``append``.
        :raises SourceChangedError: if the file becomes another meanwhile. Part of an append may be there.
        """
        try:
            source = await LocalSource.of(Path(lpath))
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
        _check_mode(mode)
        where = self._place(rpath)
        await upload(
            where.client,
            where.path,
            source,
            exclusive=mode == "create",
            moved=callback.relative_update,
        )

    @explained
    async def _get_file(
        self,
        rpath: str,
        lpath: str | os.PathLike[str],
        callback: Callback = DEFAULT_CALLBACK,
        **_: Any,
    ) -> None:
        """Download a file; the local one appears when it is whole. A directory is made, empty.

        An existing file keeps its permission, and a link leads to the new file.

        :raises IsADirectoryError: if a directory exists there.
        :raises ValueError: if a device or a pipe exists there.
        :raises SourceChangedError: if the file becomes another meanwhile.
        """
        source = await self._source(rpath)
        if source is None:
            await asyncio.to_thread(Path(lpath).mkdir, parents=True, exist_ok=True)
            return
        callback.set_size(source.size)
        # The next file in a folder removes what a killed download left there.
        await asyncio.to_thread(sweep_folder_in_use, Path(lpath).parent)
        await download(source, Path(lpath), moved=callback.relative_update)

    async def _source(self, path: str, *, copied: bool = True) -> LakeSource | None:
        """Return a file to be read; None for a directory.

        :param copied: whether it is to be copied, as errors say.
        """
        where = self._place(path)
        client = where.client
        status = await client.status(where.path)
        if status.is_directory:
            return None
        return LakeSource(
            client, where.path, status.length, status.modification_time, where.name, copied=copied
        )

    @explained
    async def _touch(self, path: str, truncate: bool = True, **_: Any) -> None:  # noqa: FBT001, FBT002 - fsspec's
        """Make an empty file, or empty it, or set its time.

        :param truncate: False if an existing one keeps its content, and gets the time of now.
        """
        if truncate:
            await self._pipe_file(path, b"")
            return
        try:
            await self._pipe_file(path, b"", mode="create")
        except FileExistsError:
            where = self._place(path)
            await where.client.set_times(where.path, modified=time.time_ns() // 1_000_000)

    touch = sync_wrapper(_touch)


def _check_mode(mode: str) -> None:
    if mode not in MODES:
        raise ValueError(f"mode must be one of {', '.join(MODES)}, not {mode!r}")
