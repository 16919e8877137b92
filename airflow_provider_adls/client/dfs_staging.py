"""`OffsetStaging`: a hidden Gen2 file that is appended to at several offsets at once, flushed and renamed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from airflow_provider_adls.client.hidden import HiddenFile, HidingClient
from airflow_provider_adls.client.staging import settled
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import (
    BadOffsetError,
    ServiceFailureError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from airflow_provider_adls.client.dialect import RequestLimits
    from airflow_provider_adls.client.pieces import Content
    from airflow_provider_adls.client.results import Part
    from airflow_provider_adls.client.staging import Look, PartName

#: Bytes that are written at one offset after another by one request each.
BLOCK = 4 * 2**20
#: Bytes after which what has arrived is flushed, so that a later try can go on after them.
FLUSHED = 64 * BLOCK


class OffsetClient(HidingClient, Protocol):
    """A client that can write at an offset and flush."""

    @property
    def limits(self) -> RequestLimits:
        """Bounds of one request."""
        ...

    async def create(self, path: str) -> None:
        """Make an empty file."""
        ...

    async def append_unflushed(self, path: str, content: Content, offset: int) -> None:
        """Send bytes that are not visible until the flush."""
        ...

    async def flush(self, path: str, length: int, *, keeps_rest: bool = False) -> None:
        """Make the bytes visible.

        :param keeps_rest: whether those beyond the length are kept for a later flush.
        """
        ...


class OffsetStaging(HiddenFile[OffsetClient]):
    """Writes a hidden file, as :class:`Staging` of the interface says.

    Its blocks are sent in the order of their offsets, several at a time, and flushed now and then: only what
    is flushed outlives the writer.

    :param name: makes a hidden name that nobody else has.
    """

    def __init__(
        self, client: OffsetClient, directory: str, name: Callable[[], str], part: PartName | None = None
    ) -> None:
        super().__init__(client, directory, part)
        self._hidden = paths.join(directory, name())
        #: Ends of blocks that have arrived, by their offsets, where one before them has not.
        self._arrived: dict[int, int] = {}
        self._begin = self._flushed = self._size = 0
        self._flushing = asyncio.Lock()
        self._creating: asyncio.Task[None] | None = None

    async def adopt(self, parts: Sequence[Part]) -> int:
        """Go on with the hidden file of which most was flushed, under a name of this one's."""
        for part in sorted(parts, key=lambda one: one.status.length, reverse=True):
            length = part.status.length
            if part.offset or not length or (length % BLOCK and length != part.length) or not self._part:
                continue
            hidden = paths.join(self._directory, self._part(0, part.length))
            if (status := await self._adopt(part, hidden)) is None:
                continue
            self._hidden = hidden
            self._creating = asyncio.ensure_future(asyncio.sleep(0))
            self._begin = self._flushed = status.length
            return status.length
        return 0

    def spans(self, size: int) -> Iterator[tuple[int, int]]:
        """Yield the beginning and end of spans that are written at the same time."""
        if self._part and self._creating is None:
            self._hidden = paths.join(self._directory, self._part(0, size))
        each, self._size = self._client.limits.block_size(size), size
        return ((offset, min(offset + each, size)) for offset in range(self._begin, size, each))

    async def write(self, offset: int, content: Content, *, last: bool = False) -> None:  # noqa: ARG002 - a span of Gen2 needs no closing
        """Write bytes at their offset; nothing is visible until the flush."""
        await self._create()
        if content:
            # Written again, they are the same.
            await settled(self._client.append_unflushed(self._hidden, content, offset))
            if self._part:
                await self._flush_some(offset, offset + len(content))

    async def _flush_some(self, offset: int, end: int) -> None:
        self._arrived[offset] = end
        while self._begin in self._arrived:
            self._begin = self._arrived.pop(self._begin)
        is_due = self._begin - self._flushed >= FLUSHED and self._begin < self._size
        if is_due and not self._flushing.locked():
            async with self._flushing:
                self._flushed = self._begin
                await settled(self._client.flush(self._hidden, self._flushed, keeps_rest=True))

    async def whole(self, length: int, look: Look | None = None) -> None:  # noqa: ARG002 - only a status has the ETag
        """Flush what was written.

        :raises ServiceFailureError: if it has another length.
        """
        await self._create()
        self.path = self._hidden
        try:
            await settled(self._client.flush(self.path, length))
        except BadOffsetError as error:
            raise ServiceFailureError(
                f"not all of {length} bytes arrived: {error}",
                operation="FlushFile",
                path=self.path,
                account=self._client.account,
            ) from error
        self._check(await self._client.status(self.path), length, "FlushFile")

    async def discard(self) -> None:
        """Remove what was written."""
        if self._creating is None:
            return
        # One that is still on its way would come after the deletion.
        await asyncio.gather(self._creating, return_exceptions=True)
        await self._remove(self._hidden)

    async def _create(self) -> None:
        if self._creating is None:
            # Nobody else has this name, so that it may be created again if an answer is lost.
            self._creating = asyncio.ensure_future(settled(self._client.create(self._hidden)))
        await asyncio.shield(self._creating)
