"""Uploads: files written so that nobody ever sees half of one.

What fits into one request is created by one. More is written under a hidden name beside the destination,
which takes its place when it is whole; until then, and if anything fails, an existing file stays.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Protocol

from airflow_provider_adls.lake.blocks import BLOCK, SMALL, at_once, blocks, slot
from airflow_provider_adls.lake.hidden import sweep, unfinished_name
from airflow_provider_adls.lake.observers import report
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import (
    ADLSGen1Error,
    PathExistsError,
    PathNotFoundError,
    ServiceFailureError,
    ServiceUnreachableError,
    ThrottledError,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from airflow_provider_adls.client.interface import DataLakeClient, Staging
    from airflow_provider_adls.lake.sources import Source


class Upload(Protocol):
    """A file being written."""

    async def write(self, data: bytes) -> None:
        """Add bytes, any number."""
        ...

    async def commit(self) -> None:
        """Put what was written in its place."""
        ...

    async def discard(self) -> None:
        """Leave what was there as it was."""
        ...


class Blocks:
    """Bytes on their way, cut into what a request carries; the last block is held back."""

    def __init__(self) -> None:
        self._parts: deque[bytes | memoryview] = deque()
        self._size = 0

    def add(self, data: bytes) -> None:
        """Take bytes, which must not change any more."""
        if data:
            self._parts.append(data)
            self._size += len(data)

    def full(self) -> bytes | None:
        """Return a whole block, if more than one is there."""
        return self._take(BLOCK) if self._size > BLOCK else None

    def rest(self) -> bytes:
        """Return all that is left, at most one block."""
        return self._take(self._size)

    def _take(self, size: int) -> bytes:
        self._size -= size
        if self._parts and len(self._parts[0]) == size:
            # Blocks that come in the right size, as uploads read them, are never copied.
            return bytes(self._parts.popleft())
        taken = bytearray()
        while len(taken) < size:
            part = memoryview(self._parts.popleft())
            needed = size - len(taken)
            taken += part[:needed]
            if len(part) > needed:
                self._parts.appendleft(part[needed:])
        return bytes(taken)


class Replacement:
    """A new file, which replaces one of its name when it is whole.

    :param path: its destination.
    :param exclusive: whether nothing may be there yet.
    :param prepare: what is done to the whole file, by its hidden path, before it comes into view.
    """

    def __init__(
        self,
        client: DataLakeClient,
        path: str,
        *,
        exclusive: bool = False,
        prepare: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        self._client = client
        self._path = path
        self._exclusive = exclusive
        self._prepare = prepare
        self._blocks = Blocks()
        self._sent = 0
        self._staging: Staging | None = None

    async def write(self, data: bytes) -> None:
        """Add bytes."""
        self._blocks.add(data)
        while (block := self._blocks.full()) is not None:
            await self._send(block, last=False)

    async def commit(self) -> None:
        """Put the file in its place.

        :raises PathExistsError: if it was to be the first there and is not.
        :raises IsADirectoryError: if a directory is there.
        """
        rest = self._blocks.rest()
        if not self._staging and not self._prepare:
            await create_whole(self._client, self._path, rest, exclusive=self._exclusive)
            return
        staging = await self._send(rest, last=True)
        await staging.whole(self._sent)
        if self._prepare:
            await self._prepare(staging.path)
        await _place(self._client, staging, self._path, exclusive=self._exclusive)

    async def _send(self, block: bytes, *, last: bool) -> Staging:
        if self._staging is None:
            self._staging = await _staged(self._client, self._path)
        await self._staging.write(self._sent, block, last=last)
        self._sent += len(block)
        return self._staging

    async def discard(self) -> None:
        """Remove what was written."""
        if self._staging:
            await self._staging.discard()


async def _staged(client: DataLakeClient, path: str) -> Staging:
    """Return a hidden file beside a path, where no directory is and what dead writers left is removed."""
    await refuse_directory(client, path)
    directory = paths.parent(path)
    await sweep(client, directory)
    return client.staging(directory, unfinished_name)


async def _place(client: DataLakeClient, staging: Staging, path: str, *, exclusive: bool) -> None:
    """Put a whole file in its place."""
    # A rename to a directory would put the file into it, under its hidden name.
    await refuse_directory(client, path)
    await staging.place(path, exclusive=exclusive)
    report("written", client.lake, path)


async def save(upload: Upload, data: bytes) -> None:
    """Write bytes and commit them, or leave what was there."""
    async with committed(upload):
        await upload.write(data)


class committed:  # noqa: N801 - a context manager reads as a verb
    """Commits an upload at the end of a block, discards it if the block fails or is cancelled."""

    def __init__(self, upload: Upload) -> None:
        self._upload = upload

    async def __aenter__(self) -> Upload:
        return self._upload

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            try:
                await self._upload.commit()
            except BaseException:
                await self._clean()
                raise
        else:
            await self._clean()

    async def _clean(self) -> None:
        # A second cancellation must not leave the hidden file behind.
        await asyncio.shield(self._upload.discard())


async def create_whole(
    client: DataLakeClient, path: str, content: bytes, *, exclusive: bool, shared: bool = False
) -> None:
    """Make a file by one request.

    :param content: at most 4 MiB.
    :param exclusive: whether nothing may be there yet.
    :param shared: whether, after a lost answer, an empty file counts as the one that was made. Of two that
        make a lock at once one has to fail.
    :raises PathExistsError: if it was to be the first there and is not.
    :raises IsADirectoryError: if a directory is there.
    """
    try:
        await client.create(path, content, overwrite=not exclusive)
    except PathExistsError:
        if not exclusive:
            await refuse_directory(client, path)
        raise
    except (ServiceUnreachableError, ServiceFailureError, ThrottledError):
        if not (exclusive and (content or shared) and await _holds(client, path, content)):
            raise
    report("written", client.lake, path)


async def _holds(client: DataLakeClient, path: str, content: bytes) -> bool:
    """Return whether a file of just this content exists, as after a creation whose answer was lost."""
    try:
        status = await client.status(path)
        return (
            not status.is_directory
            and status.length == len(content)
            and await client.read(path, length=len(content)) == content
        )
    except ADLSGen1Error:
        # The failure that led here says what happened.
        return False


async def upload(
    client: DataLakeClient,
    path: str,
    source: Source,
    *,
    exclusive: bool = False,
    moved: Callable[[int], object] = lambda _: None,
) -> int:
    """Put a file to its place; an existing one stays until the new one is whole.

    What fits into one request is created by one. Spans of a bigger file are written at the same time.

    :param exclusive: whether nothing may exist there yet.
    :param moved: called with numbers of bytes that have arrived.
    :returns: its length.
    :raises PathExistsError: if it was to be the first there and is not.
    :raises IsADirectoryError: if a directory exists there.
    :raises SourceChangedError: if the file became another meanwhile.
    """
    if source.size <= SMALL:
        content = await source.whole()
        await create_whole(client, path, content, exclusive=exclusive, shared=True)
        moved(len(content))
        return len(content)
    if source.size <= BLOCK:
        async with slot(source.size):
            content = await source.whole()
            await create_whole(client, path, content, exclusive=exclusive, shared=True)
        moved(len(content))
        return len(content)
    staging = await _staged(client, path)

    async def write(span: tuple[int, int]) -> None:
        for offset, length in blocks(*span):
            async with slot():
                block = b"".join(await source.read(offset, length))
                await staging.write(offset, block, last=offset + length == span[1])
            moved(length)

    try:
        await at_once(write, staging.spans(source.size))
        await staging.whole(source.size)
        await source.verify()
        await _place(client, staging, path, exclusive=exclusive)
    except BaseException:
        # A second cancellation must not leave the hidden files behind.
        await asyncio.shield(staging.discard())
        raise
    return source.size


async def refuse_directory(client: DataLakeClient, path: str) -> None:
    """Raise if a directory exists where a file is to be.

    :raises IsADirectoryError: if so.
    """
    try:
        status = await client.status(path)
    except PathNotFoundError:
        return
    if status.is_directory:
        raise IsADirectoryError(f"{path} is a directory")
