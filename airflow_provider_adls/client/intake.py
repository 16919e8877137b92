"""`arriving`: the content of a big answer, taken from its connection into memory that is used again.

aiohttp makes new bytes of each piece that arrives, so that every byte goes through memory that is in no
processor's cache: half of the time that a big file takes. Here an answer has one buffer.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

import aiohttp

from airflow_provider_adls.client import answers

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from airflow_provider_adls.client.dialect import Request

#: Bytes of a buffer: enough for few changes to the reader and back, and few enough for a processor's cache.
BUFFER = 512 * 1024
#: Buffers that are kept for later answers.
_KEPT = 16
_free: list[bytearray] = []


async def arriving(
    request: Request, response: aiohttp.ClientResponse, silence: float
) -> AsyncGenerator[bytes | memoryview, None]:
    """Yield the content of a file; a piece is valid until the next one is asked for.

    :param silence: most seconds without a byte.
    :raises TooMuchError: if the answer has more than was asked for.
    :raises ClientError: if it breaks off, or is encoded.
    :raises TimeoutError: if it comes too slowly.
    """
    intake = _Intake.of(response, silence)
    if intake is None:
        async with aclosing(answers.content(request, response, silence)) as pieces:
            async for piece in pieces:
                yield piece
        return
    try:
        answers.check_content(response)
        if request.length is not None and intake.length > request.length:
            raise answers.TooMuchError.of(request)
        for piece in intake.begin():
            yield piece
        while view := await intake.next():
            yield view
    finally:
        intake.end()


class _Intake(asyncio.BufferedProtocol):
    """Stands in the place of aiohttp's protocol while the rest of an answer of known length arrives."""

    def __init__(
        self, response: aiohttp.ClientResponse, transport: asyncio.Transport, silence: float
    ) -> None:
        self._content = response.content
        self._transport = transport
        self._aiohttp = transport.get_protocol()
        self._silence = silence
        self._loop = asyncio.get_running_loop()
        self._waiter: asyncio.Future[None] | None = None
        self._error: Exception | None = None
        self._buffer = _free.pop() if _free else bytearray(BUFFER)
        self._view = memoryview(self._buffer)
        self._filled = 0
        #: Whether the reader has what fills the buffer.
        self._is_lent = False
        #: Seconds that were waited for the service, and when the last wait began, and it was last heard.
        self._spent = self._began = self._heard = 0.0
        self.length = self._rest = int(response.headers["Content-Length"])

    @classmethod
    def of(cls, response: aiohttp.ClientResponse, silence: float) -> _Intake | None:
        """Return the intake of an answer; None if it has arrived, or does not say how long it is."""
        connection = response.connection
        if connection is None or connection.transport is None or response.content.is_eof():
            return None
        length = response.headers.get("Content-Length", "")
        if not length.isdecimal() or "Transfer-Encoding" in response.headers:
            return None
        return cls(response, connection.transport, silence)

    def begin(self) -> list[bytes]:
        """Take the connection over, and return what aiohttp has received.

        No turn of the event loop may come in between: what arrived in it would be lost.
        """
        received = []
        while piece := self._content.read_nowait():
            received.append(piece)
            self._rest -= len(piece)
        if self._rest:
            self._transport.set_protocol(self)
        return received

    async def next(self) -> memoryview:
        """Return a full buffer, or the rest of the content; nothing at its end."""
        if self._is_lent:
            self._filled, self._is_lent = 0, False
            if self._rest:
                self._transport.resume_reading()
        if self._rest and self._filled < BUFFER:
            await self._wait()
        if self._error is not None:
            raise self._error
        self._is_lent = True
        return self._view[: self._filled]

    async def _wait(self) -> None:
        self._began = self._heard = self._loop.time()
        self._timer = self._loop.call_later(self._silence, self._look)
        self._waiter = self._loop.create_future()
        try:
            if self._error is None:
                await self._waiter
        finally:
            self._timer.cancel()
            self._spent += self._loop.time() - self._began

    def end(self) -> None:
        """Give the connection back to aiohttp, which closes it if content is still to come."""
        if self._transport.get_protocol() is self:
            self._transport.set_protocol(self._aiohttp)
        self._view.release()
        if len(_free) < _KEPT:
            _free.append(self._buffer)

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - asyncio's interface
        """Return where the next bytes belong."""
        return self._view[self._filled : self._filled + self._rest]

    def buffer_updated(self, nbytes: int) -> None:
        """Count bytes that have arrived."""
        self._filled += nbytes
        self._rest -= nbytes
        self._heard = self._loop.time()
        if not self._rest:
            self._transport.set_protocol(self._aiohttp)
            # aiohttp keeps the connection for the next request.
            self._content.feed_eof()
            self._wake()
        elif self._filled == BUFFER:
            self._transport.pause_reading()
            self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail, and pass it on to aiohttp."""
        arrived = f"{self.length - self._rest} of {self.length} bytes have arrived"
        self._fail(aiohttp.ClientPayloadError(str(exc or arrived)))
        self._aiohttp.connection_lost(exc)

    def _look(self) -> None:
        """Fail if nothing has arrived for too long, or too little in all."""
        now, received = self._loop.time(), self.length - self._rest
        spent = self._spent + now - self._began
        if now - self._heard >= self._silence:
            self._fail(aiohttp.SocketTimeoutError("Timeout on reading data from socket"))
        elif spent > self._silence + received / answers.LEAST_RATE:
            self._fail(TimeoutError(f"it comes too slowly, {received} bytes in {spent:.0f} s"))
        else:
            self._timer = self._loop.call_at(self._heard + self._silence, self._look)

    def _fail(self, error: Exception) -> None:
        self._error = error
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
