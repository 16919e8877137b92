"""Writing files so that nobody ever sees half of one.

What fits into one request is created by one. More is appended to a hidden file beside the destination,
which takes its place when it is whole; until then, and if anything fails, what was there stays.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Protocol

from airflow_provider_adls.lake.hidden import sweep, unfinished_name
from airflow_provider_adls.lake.observers import tell
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import (
    ADLSGen1Error,
    BadOffsetError,
    PathExistsError,
    PathNotFoundError,
    RequestError,
    ServiceFailureError,
    ServiceUnreachableError,
    ThrottledError,
)
from airflow_provider_adls.model.operations import MAX_BODY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from airflow_provider_adls.client.interface import DataLakeClient
    from airflow_provider_adls.model.status import FileStatus

logger = logging.getLogger(__name__)
#: Seconds that a cancelled request is waited for.
GRACE = 2.0
#: Times that another writer may be faster.
_ATTEMPTS = 20


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


class _Blocks:
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
        """A whole block, if more than one is there."""
        return self._take(MAX_BODY) if self._size > MAX_BODY else None

    def rest(self) -> bytes:
        """All that is left, at most one block."""
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
        self._blocks = _Blocks()
        self._sent = 0
        self._hidden = ""

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
        if not self._hidden and not self._prepare:
            await create_whole(self._client, self._path, rest, exclusive=self._exclusive)
            return
        await self._send(rest, last=True)
        if self._prepare:
            await self._prepare(self._hidden)
        known = await self._client.status(self._hidden)
        await put_in_place(self._client, self._hidden, self._path, known, exclusive=self._exclusive)

    async def _send(self, block: bytes, *, last: bool) -> None:
        if self._hidden:
            await settled(self._client.append(self._hidden, block, offset=self._sent, close=last))
        else:
            await refuse_directory(self._client, self._path)
            self._hidden = paths.join(paths.parent(self._path), unfinished_name())
            await sweep(self._client, paths.parent(self._path))
            # Nobody else has this name, so that it may be created again if an answer is lost.
            await settled(self._client.create(self._hidden, block, close=last))
        self._sent += len(block)

    async def discard(self) -> None:
        """Remove what was written."""
        if self._hidden:
            await remove_hidden(self._client, self._hidden)


class Addition:
    """Bytes added to the end of a file, which is made if it is not there.

    Up to 4 MiB are added at once; more becomes visible block by block.

    :param hold: whether nothing is sent before the commit.
    """

    def __init__(self, client: DataLakeClient, path: str, *, hold: bool = False) -> None:
        self._client = client
        self._path = path
        self._hold = hold
        self._blocks = _Blocks()
        self._offset: int | None = None
        self._start = 0

    async def write(self, data: bytes) -> None:
        """Add bytes."""
        self._blocks.add(data)
        if not self._hold:
            await self._send_full()

    async def commit(self) -> None:
        """Send what is left."""
        await self._send_full()
        await self._send(self._blocks.rest())
        tell("written", self._client.account, self._path)

    async def discard(self) -> None:
        """Drop what was not sent yet."""
        self._blocks = _Blocks()

    async def _send_full(self) -> None:
        while (block := self._blocks.full()) is not None:
            await self._send(block)

    async def _send(self, block: bytes) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            if self._offset is None:
                self._offset = self._start = await self._end()
            if not block:
                return
            try:
                await self._client.append(self._path, block, offset=self._offset)
            except BadOffsetError as error:
                # Another writer was faster.
                if self._offset == self._start and attempt < _ATTEMPTS:
                    self._offset = None
                    continue
                error.advise(
                    f"others append to the file at the same time, and {self._offset - self._start} bytes of"
                    " this append are in it: let one writer append, or each write a file of its own"
                )
                raise
            self._offset += len(block)
            return

    async def _end(self) -> int:
        try:
            return _file(await self._client.status(self._path), self._path).length
        except PathNotFoundError:
            pass
        try:
            await self._client.create(self._path, overwrite=False)
        except RequestError as error:
            # Another writer was faster, or the answer was lost.
            try:
                return _file(await self._client.status(self._path), self._path).length
            except PathNotFoundError:
                raise error from None
        return 0


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
    tell("written", client.account, path)


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


async def put_in_place(
    client: DataLakeClient, hidden: str, path: str, known: FileStatus, *, exclusive: bool
) -> None:
    """Give a hidden file, which is whole, its name.

    :param known: its status.
    :raises PathExistsError: if it was to be the first there and is not.
    :raises IsADirectoryError: if a directory is there.
    """
    # A rename to a directory would put the file into it, under its hidden name.
    await refuse_directory(client, path)
    await client.rename(hidden, path, overwrite=not exclusive, known=known)
    tell("written", client.account, path)


async def remove_hidden(client: DataLakeClient, hidden: str) -> None:
    """Remove a file that did not become whole, if it is there."""
    try:
        await client.delete(hidden)
    except ADLSGen1Error as error:
        # The failure that led here matters more, and must not be hidden by this one.
        logger.warning("%s is left behind: %s", hidden, error)


async def settled(request: Coroutine[Any, Any, None]) -> None:
    """Send a request for a hidden file. A cancellation waits a moment for the answer.

    A request that is given up on its way may be done later than the one that removes the file.
    """
    sending = asyncio.ensure_future(request)
    try:
        await asyncio.shield(sending)
    except asyncio.CancelledError:
        await asyncio.wait({sending}, timeout=GRACE)
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        raise


async def refuse_directory(client: DataLakeClient, path: str) -> None:
    """Raise if a directory is where a file is to be.

    :raises IsADirectoryError: if so.
    """
    try:
        _file(await client.status(path), path)
    except PathNotFoundError:
        return


def _file(status: FileStatus, path: str) -> FileStatus:
    if status.is_directory:
        raise IsADirectoryError(f"{path} is a directory")
    return status
