"""Content of files in other file systems: read in any order, and written whole or not at all."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fsspec import AbstractFileSystem

from airflow_provider_adls.client.loops import PerLoop
from airflow_provider_adls.lake.blocks import BLOCK, blocks, slot
from airflow_provider_adls.lake.hidden import unfinished_name
from airflow_provider_adls.lake.reliability import PLAIN
from airflow_provider_adls.lake.sources import InPieces
from airflow_provider_adls.lake.verification import SentSource
from airflow_provider_adls.model.errors import ContentMismatchError, SourceChangedError

if TYPE_CHECKING:
    from airflow_provider_adls.lake.reliability import Reliability
    from airflow_provider_adls.lake.sources import Source
    from airflow_provider_adls.transfer.object_calls import Calls

#: Bytes that a store's file gathers before it sends them; S3 wants 5 MiB at least, and 10,000 parts at most.
_GATHERED = 4 * BLOCK
_MOST_PARTS = 9000
#: Files of more than one block that are written to stores at once, since each gathers bytes of its own.
_BIG_AT_ONCE = 4
#: Names that stores give to the version of an object.
_VERSIONS = ("ETag", "etag", "generation", "md5Hash", "content_md5", "version_id", "ino")
_big: PerLoop[asyncio.Semaphore] = PerLoop()


def modified(info: Mapping[str, Any]) -> float | None:
    """Return when a file was written, of fsspec's details: seconds since 1970, None where they do not say."""
    for key in ("mtime", "LastModified", "last_modified", "updated", "modified", "modify", "created"):
        value = info.get(key)
        if isinstance(value, (int, float)):
            return float(value)
        if isinstance(value, str):
            value = _read_time(value)
        if isinstance(value, datetime):
            return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    return None


def _read_time(value: str) -> datetime | None:
    # FTP has no separators, and says UTC.
    if value.partition(".")[0].isdigit():
        value = f"{value[:8]}T{value[8:]}"
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


class ObjectSource(InPieces):
    """A file of a store.

    :param size: bytes.
    :param info: fsspec's details of it; None for a small object, which is read at once.
    """

    def __init__(self, calls: Calls, path: str, size: int, info: dict[str, Any] | None = None) -> None:
        self._calls = calls
        self._path = path
        self._known = _version(info) if info else None
        self.size = size

    def _changed(self) -> SourceChangedError:
        return SourceChangedError(self._calls.filesystem.unstrip_protocol(self._path))

    @property
    def version(self) -> str:
        """URL, size, time, and what the store calls a version."""
        return repr((self._calls.filesystem.unstrip_protocol(self._path), self._known or self.size))

    async def whole(self) -> bytes:
        """Return all of it, by one request."""
        # Without an end some stores ask for the size first. One byte more shows that the file has grown.
        span = {"start": 0, "end": self.size + 1} if self.size else {}
        content: bytes = await self._calls.method("cat_file", self._path, **span)
        if len(content) != self.size:
            raise self._changed()
        return content

    async def read(self, offset: int, length: int) -> Sequence[bytes]:
        """Return so many bytes of it, in one piece."""
        if self._known is None:
            return [(await self.whole())[offset : offset + length]]
        content: bytes = await self._calls.method("cat_file", self._path, start=offset, end=offset + length)
        if len(content) != length:
            raise self._changed()
        return [content]

    async def verify(self) -> None:
        """Find out whether it is still the file that it was."""
        if self._known is None:
            return
        try:
            now = await self._calls.info(self._path)
        except FileNotFoundError:
            now = {}
        if _version(now) != self._known:
            raise self._changed()


def _version(info: dict[str, Any]) -> tuple[Any, ...]:
    return info.get("size"), modified(info), *(str(info.get(name)) for name in _VERSIONS)


class ObjectWriter:
    """Writes files to a store.

    Object stores show a file when it is complete. Where files grow in view they are written under a hidden
    name first.
    """

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._hides = not calls.filesystem.async_impl

    async def put(
        self,
        path: str,
        source: Source,
        moved: Callable[[int], object],
        reliability: Reliability = PLAIN,
    ) -> int:
        """Put a file to its place.

        An object that is not what was sent is removed again: a store shows it before it can be read back.
        """
        sent = SentSource(source) if reliability.reads_back else None
        source = sent or source
        parent = self._calls.parent(path)
        if not self._calls.filesystem.async_impl:
            await self._calls.method("makedirs", parent, exist_ok=True)
        target = f"{parent.rstrip('/')}/{unfinished_name()}" if self._hides else path
        try:
            if source.size <= BLOCK:
                size = await self._at_once(target, source)
                moved(size)
            else:
                size = source.size
                await self._in_blocks(target, source, moved)
            if sent:
                await self._compare(sent, target, path)
            if self._hides:
                await self._rename(target, path)
        except BaseException:
            if self._hides:
                await asyncio.shield(self._drop(target))
            raise
        return size

    async def _compare(self, sent: SentSource, written: str, path: str) -> None:
        async def read(offset: int, length: int) -> Sequence[bytes]:
            self._calls.filesystem.invalidate_cache(self._calls.parent(written))
            return [await self._calls.method("cat_file", written, start=offset, end=offset + length)]

        try:
            await sent.compare(read, self._calls.filesystem.unstrip_protocol(path))
        except ContentMismatchError:
            await asyncio.shield(self._drop(written))
            raise

    async def _rename(self, hidden: str, path: str) -> None:
        if type(self._calls.filesystem).mv is not AbstractFileSystem.mv:
            await self._calls.method("mv", hidden, path)
            return
        # What fsspec has for those that cannot rename would read names as globs.
        await self._calls.method("cp_file", hidden, path)
        await self._calls.method("rm_file", hidden)

    async def _at_once(self, path: str, source: Source) -> int:
        async with slot(source.size):
            content = await source.whole()
            await self._calls.method("pipe_file", path, content)
        return len(content)

    async def _in_blocks(self, path: str, source: Source, moved: Callable[[int], object]) -> None:
        if (big := _big.get()) is None:
            _big.set(big := asyncio.Semaphore(_BIG_AT_ONCE))
        calls = self._calls
        options = {"block_size": max(_GATHERED, -(-source.size // _MOST_PARTS)), "autocommit": self._hides}
        async with big:
            file = await calls.blocking(calls.filesystem.open, path, "wb", **options)
            try:
                for offset, length in blocks(0, source.size):
                    async with slot():
                        content = b"".join(await source.read(offset, length))
                        await calls.blocking(file.write, content)
                    moved(length)
                await source.verify()
                await calls.blocking(file.close)
                if not self._hides:
                    await calls.blocking(file.commit)
            except BaseException:
                await asyncio.shield(self._abandon(file))
                raise

    async def _abandon(self, file: Any) -> None:
        with contextlib.suppress(Exception):
            await self._calls.blocking(file.close if self._hides else file.discard)
        # A file that is dropped would close itself, and so show what there is of it.
        with contextlib.suppress(AttributeError):
            file.closed = True

    async def _drop(self, path: str) -> None:
        with contextlib.suppress(Exception):
            await self._calls.method("rm_file", path)
