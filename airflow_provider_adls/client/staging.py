"""`Staging`: a file that is written under hidden names, and put in its place when it is whole."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence

    from airflow_provider_adls.client.pieces import Content
    from airflow_provider_adls.client.results import Part
    from airflow_provider_adls.model.status import FileStatus

#: Makes a hidden name of an offset and a length.
PartName: TypeAlias = "Callable[[int, int], str]"
#: Returns the status of a path.
Look: TypeAlias = "Callable[[str], Awaitable[FileStatus]]"
#: Seconds that a cancelled request is waited for.
GRACE = 2.0


class Staging(Protocol):
    """A hidden file that is written at several offsets at once, and then put in its place."""

    @property
    def path(self) -> str:
        """Path of the hidden file, once it is whole."""
        ...

    async def adopt(self, parts: Sequence[Part]) -> int:
        """Go on with what a killed writer of the same file left, before the first write.

        :returns: bytes that need not be written again.
        """
        ...

    def spans(self, size: int) -> Iterable[tuple[int, int]]:
        """Return the beginning and end of spans of a file that may be written at the same time.

        What was adopted is left out.

        :param size: bytes of the file.
        """
        ...

    async def write(self, offset: int, content: Content, *, last: bool = False) -> None:
        """Write bytes; those of one span one after the other.

        :param content: at most 4 MiB.
        :param last: whether they are the last ones of their span.
        """
        ...

    async def whole(self, length: int, look: Look | None = None) -> None:
        """Make the file of what was written.

        :param length: bytes that it must have.
        :param look: returns the status of the hidden file, where the caller can find out more by the same
            request; None for the client's own `status`.
        :raises ServiceFailureError: if it has another number.
        """
        ...

    async def place(self, path: str, *, exclusive: bool) -> None:
        """Give the whole file its name; an existing file is replaced.

        :param exclusive: whether none may exist.
        :raises PathExistsError: if one does, and may not.
        """
        ...

    async def discard(self) -> None:
        """Remove what was written, unless it was put in its place."""
        ...


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
