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

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(answers[min(len(heads), len(answers)) - 1])
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", heads


def answer(status: int, content: bytes = b"", headers: str = "") -> bytes:
    """An answer with these, and no more."""
    return f"HTTP/1.1 {status} .\r\n{headers}Content-Length: {len(content)}\r\n\r\n".encode() + content
