"""`Source`: a file to be copied, read in any order; a file that changes meanwhile raises an error."""

from __future__ import annotations

import os
import stat
from abc import abstractmethod
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Protocol

from airflow_provider_adls.client.pieces import Pieces
from airflow_provider_adls.lake.blocks import BLOCK, SMALL, slot
from airflow_provider_adls.lake.disk import DISK, in_thread
from airflow_provider_adls.lake.observers import report
from airflow_provider_adls.model.errors import LongAnswerError, ServiceError, SourceChangedError

if TYPE_CHECKING:
    from airflow_provider_adls.client.interface import DataLakeClient, Take
    from airflow_provider_adls.client.pieces import Content
    from airflow_provider_adls.lake.places import Place


_READ = os.O_RDONLY | os.O_CLOEXEC


class Source(Protocol):
    """A file to be copied.

    :param size: bytes that it has.
    """

    @property
    def size(self) -> int:
        """Bytes that it had when it was looked at."""
        ...

    @property
    def version(self) -> str:
        """Identity of the file and of its version: another text for a file that was changed."""
        ...

    async def whole(self) -> bytes:
        """Return all of a small file, as it was at one moment.

        :raises SourceChangedError: if it is small no more.
        """
        ...

    async def read(self, offset: int, length: int) -> Sequence[bytes]:
        """Return so many bytes of it, in pieces, which nobody had to put together.

        :raises SourceChangedError: if they are not there any more.
        """
        ...

    async def read_into(self, take: Take, offset: int, length: int) -> None:
        """Hand over so many bytes of it, which nobody had to keep.

        :param take: that of `DataLakeClient.read_into`.
        :raises SourceChangedError: if they are not there any more.
        """
        ...

    def content(self, offset: int, length: int) -> AbstractAsyncContextManager[Content]:
        """Return so many bytes of it for the body of a request.

        :raises SourceChangedError: if they are not there any more; that may be raised by the request.
        """
        ...

    async def verify(self) -> None:
        """Find out whether it is still the file that it was.

        :raises SourceChangedError: if not.
        """
        ...


class InPieces:
    """A file that comes in pieces of its own, and block by block into memory."""

    @asynccontextmanager
    async def content(self, offset: int, length: int) -> AsyncIterator[Content]:
        """Return so many bytes of it."""
        async with slot():
            yield b"".join(await self.read(offset, length))

    async def read_into(self, take: Take, offset: int, length: int) -> None:
        """Hand over so many bytes of it."""
        async with slot():
            for piece in await self.read(offset, length):
                await take(piece, offset)
                offset += len(piece)

    @abstractmethod
    async def read(self, offset: int, length: int) -> Sequence[bytes]:
        """Return so many bytes of it."""
        ...


class LocalSource(InPieces):
    """A file of this machine.

    :param content: all of it, of a small file that has been read.
    """

    def __init__(self, path: str, status: os.stat_result, content: bytes | None = None) -> None:
        self._path = path
        self._identity = _identity(status)
        self._content = content
        self.size = status.st_size

    @classmethod
    async def of(cls, path: str | os.PathLike[str]) -> LocalSource:
        """Return the file at a path.

        :raises IsADirectoryError: if it is a directory.
        :raises ValueError: if it is a device or a pipe, whose reading could take for ever.
        """
        path = os.fspath(path)
        return cls(path, await DISK.call(path, _look, path))

    @classmethod
    async def read_if_small(cls, path: str | os.PathLike[str]) -> LocalSource:
        """Return the file at a path as :meth:`of` does, and read it now if it is small.

        :raises SourceChangedError: if a small one becomes a big one meanwhile.
        """
        path = os.fspath(path)
        return cls(path, *await DISK.call(path, _look_and_read, path))

    @property
    def version(self) -> str:
        """Path, inode, size and time. The device's number may be another one after a restart."""
        return repr((os.path.abspath(self._path), *self._identity[1:]))  # noqa: PTH100 - Path would resolve links

    async def whole(self) -> bytes:
        """Return all of it."""
        if self._content is not None:
            return self._content
        if self.size <= SMALL:
            content = await DISK.call(self._path, self._read, 0, BLOCK + 1)
        else:
            content = await in_thread(self._read, 0, BLOCK + 1)
        if len(content) > BLOCK:
            raise SourceChangedError(self._path)
        return content

    async def read(self, offset: int, length: int) -> Sequence[bytes]:
        """Return so many bytes of it, in one piece."""
        content = await in_thread(self._read, offset, length)
        if len(content) != length:
            raise SourceChangedError(self._path)
        return [content]

    @asynccontextmanager
    async def content(self, offset: int, length: int) -> AsyncIterator[Content]:
        """Return so many bytes of it, which are read when they are sent."""

        async def read(start: int, size: int) -> bytes:
            piece = await DISK.call(self._path, self._read, offset + start, size)
            if len(piece) != size:
                raise SourceChangedError(self._path)
            return piece

        yield Pieces(length, read)

    def _read(self, offset: int, length: int) -> bytes:
        file = os.open(self._path, _READ)
        try:
            if _identity(os.fstat(file)) != self._identity:
                raise SourceChangedError(self._path)
            return _read_at(file, offset, length)
        finally:
            os.close(file)

    async def verify(self) -> None:
        """Find out whether it is still the file that it was."""
        try:
            now = await DISK.call(self._path, os.stat, self._path)
        except FileNotFoundError:
            raise SourceChangedError(self._path) from None
        if _identity(now) != self._identity:
            raise SourceChangedError(self._path)


def _look(path: str) -> os.stat_result:
    status = os.stat(path)  # noqa: PTH116 - text, which is three times as quick as a Path
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(f"{path} is a directory")
    if not stat.S_ISREG(status.st_mode):
        raise ValueError(f"{path} is neither a file nor a directory")
    return status


def _look_and_read(path: str) -> tuple[os.stat_result, bytes | None]:
    # Before it is opened: opening a pipe waits for its writer.
    status = _look(path)
    if status.st_size > SMALL:
        return status, None
    file = os.open(path, _READ)
    try:
        status = os.fstat(file)
        content = os.pread(file, status.st_size + 1, 0)
        if len(content) != status.st_size or not content:
            # It grows, or shrinks; or it is one of the system's own, which have content and no size.
            content = _read_at(file, 0, BLOCK + 1)
    finally:
        os.close(file)
    if len(content) > BLOCK:
        raise SourceChangedError(path)
    return status, content


def _read_at(file: int, offset: int, length: int) -> bytes:
    parts = []
    while length and (part := os.pread(file, length, offset)):
        parts.append(part)
        offset += len(part)
        length -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _identity(status: os.stat_result) -> tuple[int, int, int, int]:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


class LakeSource(InPieces):
    """A file of a lake.

    :param size: bytes.
    :param modified: milliseconds since 1970.
    :param name: name in errors.
    :param copied: whether it is read to be copied, as errors say.
    :param etag: of the version that is read, all of whose parts are then asked for by it; None where the
        service has none.
    """

    def __init__(
        self,
        client: DataLakeClient,
        path: str,
        size: int,
        modified: int,
        name: str,
        *,
        copied: bool = True,
        etag: str | None = None,
    ) -> None:
        self._client = client
        self._path = path
        self._name = name
        self._modified = modified
        self._copied = copied
        self._etag = etag
        self.size = size

    def _changed(self) -> SourceChangedError:
        return SourceChangedError(self._name, copied=self._copied)

    @property
    def version(self) -> str:
        """Account, path, size, time and ETag."""
        client = self._client
        return repr((client.endpoint, client.lake, self._path, self.size, self._modified, self._etag))

    async def whole(self) -> bytes:
        """Return all of it, as it was at one moment.

        One answer holds a file as it was at one moment, and may hold less than all of it.
        """
        content = await self._client.read(self._path)
        if len(content) != self.size:
            now = await self._client.status(self._path)
            if now.length != len(content) or len(content) > BLOCK:
                content = await self.read_verified(0, self.size)
        report("read", self._client.lake, self._path)
        return content

    async def read_verified(self, offset: int, length: int) -> bytes:
        """Return so many bytes of the file that it was.

        :raises SourceChangedError: if it became another before all of them had arrived.
        """
        content = b"".join(await self.read(offset, length))
        await self.verify()
        return content

    async def read(self, offset: int, length: int) -> Sequence[bytes]:
        """Return so many bytes of it, in the pieces that they arrive in."""
        read = self._client.read_pieces
        async with self._reading():
            pieces = await read(self._path, offset=offset, length=length, etag=self._etag)
        self._check(sum(map(len, pieces)), length)
        return pieces

    async def read_into(self, take: Take, offset: int, length: int) -> None:
        """Hand over so many bytes of it as they arrive."""
        read = self._client.read_into
        async with self._reading():
            received = await read(take, self._path, offset=offset, length=length, etag=self._etag)
        self._check(received, length)

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[None]:
        try:
            yield
        except (LongAnswerError, SourceChangedError):
            raise self._changed() from None
        except ServiceError:
            # Of what is beyond the end now the service says that the offset is wrong.
            await self._look()
            raise

    def _check(self, received: int, length: int) -> None:
        if received != length:
            raise self._changed()
        report("read", self._client.lake, self._path)

    async def verify(self) -> None:
        """Find out whether it is still the file that it was, unless each part was read so, by its ETag."""
        if not self._etag:
            await self._look()

    async def _look(self) -> None:
        try:
            now = await self._client.status(self._path)
        except FileNotFoundError:
            raise self._changed() from None
        same = (now.length, now.modification_time) == (self.size, self._modified)
        if not same or self._etag not in (None, now.etag):
            raise self._changed()


async def lake_source(place: Place, *, copied: bool = True) -> LakeSource:
    """Return a file of a lake as it is now.

    :param copied: whether it is read to be copied, as errors say.
    :raises IsADirectoryError: for a directory.
    """
    status = await place.client.status(place.path)
    if status.is_directory:
        raise IsADirectoryError(f"{place.name} is a directory")
    return LakeSource(
        place.client,
        place.path,
        status.length,
        status.modification_time,
        place.name,
        copied=copied,
        etag=status.etag,
    )
