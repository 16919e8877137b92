"""`OffsetStaging`: a hidden Gen2 file that is appended to at several offsets at once, flushed and renamed."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Protocol

from airflow_provider_adls.client.staging import equal_spans, settled
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import ADLSGen1Error, BadOffsetError, ServiceFailureError

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_adls.client.interface import Look
    from airflow_provider_adls.model.status import FileStatus

logger = logging.getLogger(__name__)


class OffsetClient(Protocol):
    """A client that can write at an offset and flush."""

    account: str

    async def status(self, path: str) -> FileStatus:
        """Return the status of a path."""
        ...

    async def create(self, path: str) -> None:
        """Make an empty file."""
        ...

    async def append_unflushed(self, path: str, content: bytes, offset: int) -> None:
        """Send bytes that are not visible until the flush."""
        ...

    async def flush(self, path: str, length: int) -> None:
        """Make the bytes visible."""
        ...

    async def rename(
        self, source: str, destination: str, *, overwrite: bool, known: FileStatus | None
    ) -> None:
        """Give a file another name."""
        ...

    async def delete(self, path: str) -> bool:
        """Remove a file."""
        ...


class OffsetStaging:
    """Writes a hidden file, as :class:`Staging` of the interface says."""

    def __init__(self, client: OffsetClient, directory: str, name: Callable[[], str]) -> None:
        self._client = client
        self._hidden = paths.join(directory, name())
        self._creating: asyncio.Task[None] | None = None
        self._known: FileStatus | None = None
        self.path = ""

    def spans(self, size: int) -> list[tuple[int, int]]:
        """Return the beginning and end of spans that are written at the same time."""
        return equal_spans(size)

    async def write(self, offset: int, content: bytes, *, last: bool = False) -> None:  # noqa: ARG002 - the interface's
        """Write bytes at their offset; nothing is visible until the flush."""
        await self._create()
        if content:
            # Written again, they are the same.
            await settled(self._client.append_unflushed(self._hidden, content, offset))

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
        self._known = await self._client.status(self.path)
        if self._known.length != length:
            raise ServiceFailureError(
                f"{self._known.length} bytes arrived of {length}",
                operation="FlushFile",
                path=self.path,
                account=self._client.account,
            )

    async def place(self, path: str, *, exclusive: bool) -> None:
        """Give the file its name."""
        await self._client.rename(self.path, path, overwrite=not exclusive, known=self._known)

    async def discard(self) -> None:
        """Remove what was written."""
        if self._creating is None:
            return
        # One that is still on its way would come after the deletion.
        await asyncio.gather(self._creating, return_exceptions=True)
        try:
            await self._client.delete(self._hidden)
        except ADLSGen1Error as error:
            logger.warning("%s is left behind: %s", self._hidden, error)

    async def _create(self) -> None:
        if self._creating is None:
            # Nobody else has this name, so that it may be created again if an answer is lost.
            self._creating = asyncio.ensure_future(settled(self._client.create(self._hidden)))
        await asyncio.shield(self._creating)
