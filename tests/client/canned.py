"""A server that knows nothing of Gen1: it keeps what it is sent, and answers what it was given."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@contextlib.asynccontextmanager
async def canned(*answers: bytes) -> AsyncIterator[tuple[str, list[str]]]:
    """Its URL, and the heads of the requests that came; of the answers the last one is given again and again.

    :param answers: as they go over the wire. The connection ends after each.
    """
    heads: list[str] = []
    serving: list[asyncio.Task[None] | None] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.append(asyncio.current_task())
        heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(answers[min(len(heads), len(answers)) - 1])
        await writer.drain()
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", heads
    # A connection that is open when the loop ends is warned of.
    await asyncio.gather(*filter(None, serving))


def answer(status: int, content: bytes = b"", headers: str = "") -> bytes:
    """An answer with these, and no more."""
    return f"HTTP/1.1 {status} .\r\n{headers}Content-Length: {len(content)}\r\n\r\n".encode() + content
