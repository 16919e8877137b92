"""Content on its way to the service."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp

from airflow_provider_adls.client.pieces import Content, Pieces

if TYPE_CHECKING:
    from aiohttp.abc import AbstractStreamWriter

#: Bytes that are encrypted and sent at a time.
PIECE = 256 * 1024


class Body(aiohttp.Payload):
    """Much content, which is sent piece by piece, as it lies in memory or is read.

    aiohttp warns of so many bytes and asks for a file in memory instead, of which it copies all (3.14.5,
    `BytesIOPayload`: Python gives a view of such a file's bytes by copying them).
    """

    _value: Content

    def __init__(self, content: Content) -> None:
        super().__init__(content, content_type="application/octet-stream")
        self._size = len(content)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Return the content as text.

        :raises TypeError: if it is not in memory.
        """
        if isinstance(self._value, Pieces):
            raise TypeError("the content is read while it is sent")
        return self._value.decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        """Send all of it."""
        content = self._value if isinstance(self._value, Pieces) else memoryview(self._value)
        for start in range(0, len(content), PIECE):
            end = min(start + PIECE, len(content))
            if isinstance(content, Pieces):
                await writer.write(await content.read(start, end - start))
            else:
                await writer.write(content[start:end])
            # A connection that takes all at once would leave no turn of the event loop to anyone else.
            await asyncio.sleep(0)


def payload(content: Content | None) -> bytes | Body | None:
    """Return content as aiohttp is to be given it."""
    if isinstance(content, Pieces) or (content is not None and len(content) > PIECE):
        return Body(content)
    return content
