"""Uploads: files written so that nobody ever sees half of one.

What fits into one request is created by one. More is written under a hidden name beside the destination,
which takes its place when it is whole; until then, and if anything fails, an existing file stays.
"""

from __future__ import annotations

import asyncio
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Protocol

from airflow_provider_adls.lake.attributes import set_permission
from airflow_provider_adls.lake.blocks import BLOCK, SMALL, at_once, blocks, slot
from airflow_provider_adls.lake.hidden import Work
from airflow_provider_adls.lake.observers import report
from airflow_provider_adls.lake.reliability import PLAIN
from airflow_provider_adls.lake.staged import Staged, refuse_directory
from airflow_provider_adls.lake.verification import SentSource
from airflow_provider_adls.model.errors import (
    ADLSGen1Error,
    PathExistsError,
    ServiceFailureError,
    ServiceUnreachableError,
    ThrottledError,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from airflow_provider_adls.client.interface import DataLakeClient
    from airflow_provider_adls.client.staging import Staging
    from airflow_provider_adls.lake.reliability import Reliability
    from airflow_provider_adls.lake.sources import Source

#: Blocks of a file that is written that may be on their way.
BEHIND = 4
#: Bytes at the beginning of such a file that are one span: a file that Gen1 puts together of several may not
#: be appended to.
IN_A_ROW = 4 * BLOCK


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

    Its blocks are sent a few at a time, while the writer makes the next ones.

    :param path: its destination.
    :param exclusive: whether nothing may be there yet.
    :param permission: octal digits; None leaves it to the service.
    :param prepare: work on the whole file, by its hidden path, before it comes into view.
    """

    def __init__(
        self,
        client: DataLakeClient,
        path: str,
        *,
        exclusive: bool = False,
        permission: str | None = None,
        prepare: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        self._client = client
        self._path = path
        self._exclusive = exclusive
        self._permission = permission
        self._prepare = prepare
        self._blocks = Blocks()
        self._sent = 0
        self._staged: Staged | None = None
        self._sending: set[asyncio.Task[None]] = set()
        self._row = asyncio.Lock()

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
        permission = self._permission
        is_set_last = permission is not None and not self._client.keeps_permission
        if not self._staged and not self._prepare and not is_set_last:
            await create_whole(
                self._client, self._path, rest, exclusive=self._exclusive, permission=permission
            )
            return
        staged = await self._send(rest, last=True)
        while self._sending:
            await self._one_sent()
        await staged.whole(self._sent)
        if permission is not None:
            await set_permission(self._client, staged.staging.path, permission)
        if self._prepare:
            await self._prepare(staged.staging.path)
        await staged.place(exclusive=self._exclusive)

    async def _send(self, block: bytes, *, last: bool) -> Staged:
        if self._staged is None:
            self._staged = Staged(self._client, self._path)
        offset, self._sent = self._sent, self._sent + len(block)
        if offset < IN_A_ROW:
            last = last or self._sent >= IN_A_ROW
            work = self._write_in_a_row(self._staged.staging, offset, block, last=last)
        else:
            while len(self._sending) >= BEHIND or any(task.done() for task in self._sending):
                await self._one_sent()
            work = self._write(self._staged.staging, offset, block, last=True)
        self._sending.add(asyncio.create_task(work))
        # The first block of a slow writer is on its way when it makes the second.
        await asyncio.sleep(0)
        return self._staged

    async def _write_in_a_row(self, staging: Staging, offset: int, block: bytes, *, last: bool) -> None:
        async with self._row:
            await self._write(staging, offset, block, last=last)

    @staticmethod
    async def _write(staging: Staging, offset: int, block: bytes, *, last: bool) -> None:
        async with slot(len(block)):
            await staging.write(offset, block, last=last)

    async def _one_sent(self) -> None:
        done, self._sending = await asyncio.wait(self._sending, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def discard(self) -> None:
        """Remove what was written."""
        for task in self._sending:
            task.cancel()
        await asyncio.gather(*self._sending, return_exceptions=True)
        if self._staged:
            await self._staged.discard()


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
    client: DataLakeClient,
    path: str,
    content: bytes,
    *,
    exclusive: bool,
    shared: bool = False,
    permission: str | None = None,
) -> None:
    """Make a file by one call of the client's.

    :param content: at most 4 MiB.
    :param permission: octal digits; None leaves it to the service.
    :param exclusive: whether nothing may be there yet.
    :param shared: whether, after a lost answer, an empty file counts as the one that was made. Of two that
        make a lock at once one has to fail.
    :raises PathExistsError: if it was to be the first there and is not.
    :raises IsADirectoryError: if a directory is there.
    """
    try:
        await client.create(path, content, overwrite=not exclusive, permission=permission)
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
    reliability: Reliability = PLAIN,
    moved: Callable[[int], object] = lambda _: None,
    permission: str | None = None,
    prepare: Callable[[str], Awaitable[None]] | None = None,
) -> int:
    """Put a file to its place; an existing one stays until the new one is whole.

    What fits into one request is created by one. Spans of a bigger file are written at the same time.

    :param exclusive: whether nothing may exist there yet.
    :param reliability: whether its content is compared, and what a killed try left is used.
    :param moved: called with numbers of bytes that have arrived.
    :param permission: octal digits for a file that is made by one call; None leaves it to the service.
    :param prepare: work on the whole file, by its hidden path, before it comes into view.
    :returns: its length.
    :raises PathExistsError: if it was to be the first there and is not.
    :raises IsADirectoryError: if a directory exists there.
    :raises SourceChangedError: if the file became another meanwhile.
    :raises ContentMismatchError: if the copy, read back, differs from what was sent.
    """
    parts = partial(_upload_parts, client, path, exclusive=exclusive, prepare=prepare)
    if reliability.reads_back:
        sent = SentSource(source)
        return await parts(sent, reliability, moved, sent)
    if prepare:
        return await parts(source, reliability, moved, None)
    if source.size <= SMALL:
        content = await source.whole()
        await create_whole(client, path, content, exclusive=exclusive, shared=True, permission=permission)
        moved(len(content))
        return len(content)
    if source.size <= BLOCK:
        async with slot(source.size):
            content = await source.whole()
            await create_whole(client, path, content, exclusive=exclusive, shared=True, permission=permission)
        moved(len(content))
        return len(content)
    return await parts(source, reliability, moved, None)


async def _upload_parts(
    client: DataLakeClient,
    path: str,
    source: Source,
    reliability: Reliability,
    moved: Callable[[int], object],
    sent: SentSource | None,
    *,
    exclusive: bool,
    prepare: Callable[[str], Awaitable[None]] | None,
) -> int:
    """Put a file to its place by way of a hidden one.

    :param sent: the source, where the hidden file is compared with it.
    :param prepare: work on the hidden file when it is whole.
    """
    staged = Staged(client, path, Work.of(path, source.version))
    block = client.limits.block_size(source.size)

    async def write(span: tuple[int, int]) -> None:
        for offset, length in blocks(*span, block):
            async with source.content(offset, length) as content:
                await staged.staging.write(offset, content, last=offset + length == span[1])
                # It is not to be held while the next one is read.
                del content
            if staged.looking.done():
                staged.looking.result()
            moved(length)

    async def read_back(offset: int, length: int) -> Sequence[bytes]:
        return await client.read_pieces(staged.staging.path, offset=offset, length=length)

    try:
        if source.size <= BLOCK:
            async with slot(source.size):
                content = await source.whole()
                await staged.staging.write(0, content, last=True)
            size = len(content)
            moved(size)
        else:
            size = source.size
            if reliability.resume and (adopted := await staged.resume()):
                moved(adopted)
            await at_once(write, staged.staging.spans(size))
        await staged.whole(size)
        if sent:
            await sent.compare(read_back, f"{client.lake}:{path}")
        await source.verify()
        if prepare:
            await prepare(staged.staging.path)
        await staged.place(exclusive=exclusive)
    except BaseException:
        # A second cancellation must not leave the hidden files behind.
        await asyncio.shield(staged.discard())
        raise
    return size
