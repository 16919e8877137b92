"""Content on its way to the service."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    from aiohttp.abc import AbstractStreamWriter

#: Bytes that are encrypted and sent at a time.
PIECE = 256 * 1024


class Body(aiohttp.Payload):
    """Much content, which is sent as it lies in memory, piece by piece.

    aiohttp warns of so many bytes and asks for a file in memory instead, of which it copies all (3.14.5,
    `BytesIOPayload`: Python gives a view of such a file's bytes by copying them).
    """

    _value: bytes

    def __init__(self, content: bytes) -> None:
        super().__init__(content, content_type="application/octet-stream")
        self._size = len(content)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Return the content as text."""
        return self._value.decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Send all of it."""
        view = memoryview(self._value)
        for start in range(0, len(view), PIECE):
            await writer.write(view[start : start + PIECE])
            # A connection that takes all at once would leave no turn of the event loop to anyone else.
            await asyncio.sleep(0)


def payload(content: bytes | None) -> bytes | Body | None:
    """Return content as aiohttp is to be given it."""
    return Body(content) if content is not None and len(content) > PIECE else content
