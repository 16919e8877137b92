"""`Content`: reads, writes and copies files, to and from this machine."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from fsspec.asyn import sync_wrapper

from airflow_provider_adls.filesystem.base import Base, explained
from airflow_provider_adls.lake.appends import Addition
from airflow_provider_adls.lake.blocks import BLOCK
from airflow_provider_adls.lake.observers import report
from airflow_provider_adls.lake.sources import LakeSource
from airflow_provider_adls.lake.uploads import Replacement, Upload, save
from airflow_provider_adls.model.errors import (
    PathError,
    PathNotFoundError,
    RequestError,
    ServiceError,
    SourceChangedError,
)

MODES = ("overwrite", "create", "append")

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from airflow_provider_adls.filesystem.listing import Entry


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

    async def _version(self, path: str) -> tuple[int, float, str | None] | None:
        """Return what identifies the version of a file; None without a file."""
        try:
            info = await self._info(path)
        except (RequestError, PathError):
            return None
        return info["size"], info["mtime"], info.get("etag")

    async def _read_opened(self, path: str, details: dict[str, Any], start: int, end: int) -> bytes:
        """Return a part of a file that was opened when it was as the details say.

        :raises SourceChangedError: if it became another since.
        """
        where = self._place(path)
        size, modified = details["size"], round(details["mtime"] * 1000)
        etag = details.get("etag")
        source = LakeSource(where.client, where.path, size, modified, where.name, copied=False, etag=etag)
        end = min(end, size)
        if start == 0 and end == size <= BLOCK and not etag:
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
        check_mode(mode)
        where = self._place(path)
        client = where.client
        if mode == "append":
            return Addition(client, where.path, hold=hold)
        if prepare is None:
            return Replacement(client, where.path, exclusive=mode == "create")

        async def named(hidden: str) -> None:
            await prepare(where.named(hidden))

        return Replacement(client, where.path, exclusive=mode == "create", prepare=named)

    async def _source(
        self, path: str, entry: Entry | None = None, *, copied: bool = True
    ) -> LakeSource | None:
        """Return a file to be read; None for a directory.

        :param entry: its entry in a listing; None to ask the service.
        :param copied: whether it is to be copied, as errors say.
        """
        where = self._place(path)
        if entry is None:
            status = await where.client.status(where.path)
            is_directory, size, modified = status.is_directory, status.length, status.modification_time
            etag = status.etag
        else:
            is_directory, size = entry["type"] == "directory", entry["size"]
            modified, etag = round(entry["mtime"] * 1000), entry.get("etag")
        if is_directory:
            return None
        return LakeSource(where.client, where.path, size, modified, where.name, copied=copied, etag=etag)

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


def check_mode(mode: str) -> None:
    """Raise for a mode of writing that does not exist.

    :raises ValueError: naming the modes.
    """
    if mode not in MODES:
        raise ValueError(f"mode must be one of {', '.join(MODES)}, not {mode!r}")
