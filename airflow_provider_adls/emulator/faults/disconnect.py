"""`break_off` and `hang_up`: break an answer off, or its connection."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiohttp import hdrs
from aiohttp.abc import AbstractStreamWriter

if TYPE_CHECKING:
    from aiohttp import web
    from multidict import CIMultiDict


class BrokenOff(ConnectionResetError):  # noqa: N818 - what aiohttp takes for a client that went away
    """The connection was broken off on purpose."""


class Breaking(AbstractStreamWriter):
    """Writes an answer up to a number of bytes, and disconnects.

    :param transport: the client's connection; None if that is gone already.
    :param content: bytes of content that are sent, but never all of them; None for no answer at all.
    :param empty: whether the answer has no content, even if its head names a length, as those to HEAD.
    """

    def __init__(
        self,
        writer: AbstractStreamWriter,
        transport: asyncio.Transport | None,
        content: int | None,
        *,
        empty: bool,
    ) -> None:
        self._writer = writer
        self._transport = transport
        self._left = content
        self._empty = empty

    async def write_headers(self, status_line: str, headers: CIMultiDict[str]) -> None:
        """Write the head, or hang up if no answer is to be sent."""
        if self._left is None:
            hang_up(self._transport)
            raise BrokenOff("no answer, says a fault rule")
        if hdrs.TRANSFER_ENCODING not in headers and headers.get(hdrs.CONTENT_LENGTH, "0") == "0":
            self._empty = True
        await self._writer.write_headers(status_line, headers)

    def send_headers(self) -> None:
        """Send the head, where it would wait for the first bytes of content."""
        # Older releases of aiohttp do not wait.
        getattr(self._writer, "send_headers", lambda: None)()

    async def write(self, chunk: bytes | bytearray | memoryview) -> None:
        """Write content as far as it goes."""
        assert self._left is not None
        part = memoryview(chunk)[: self._left]
        if part:
            await self._writer.write(part)
            self.output_size = self._writer.output_size
        self._left -= len(part)
        if len(part) < len(chunk):
            await self._break()

    async def write_eof(self, chunk: bytes = b"") -> None:
        """Write the last content, without its end; an answer without content has none, and stays whole."""
        if self._empty:
            # To hang up would break the next request, if the client sends it before it sees that.
            await self._writer.write_eof()
            return
        await self.write(chunk[:-1])
        await self._break()

    async def drain(self) -> None:
        """Wait until all written bytes are sent."""
        await self._writer.drain()

    def enable_compression(self, encoding: str = "deflate", strategy: int | None = None) -> None:
        """Compress the content."""
        self._writer.enable_compression(encoding, strategy)

    def enable_chunking(self) -> None:
        """Send the content in chunks."""
        self._writer.enable_chunking()

    async def _break(self) -> None:
        self.send_headers()
        await self._writer.drain()
        if self._transport is not None:
            # Sent data arrives.
            self._transport.close()
        raise BrokenOff("no more, says a fault rule")


def break_off(request: web.Request, content: int | None) -> None:
    """Make the answer to a request break off, whatever it will be.

    :param content: bytes of content after which it does; None for no answer at all.
    """
    # The one place through which all kinds of answers go.
    request._payload_writer = Breaking(  # noqa: SLF001 - aiohttp has no public one
        request.writer, request.transport, content, empty=request.method == hdrs.METH_HEAD
    )


def hang_up(transport: asyncio.BaseTransport | None) -> None:
    """Break a connection off at once, without a goodbye."""
    if isinstance(transport, asyncio.Transport):
        transport.abort()
