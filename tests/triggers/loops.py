"""The emulator's sockets while something runs."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

#: How Linux writes, in /proc/net/tcp, that a connection is open.
_ESTABLISHED = "01"


class Watch:
    """The most connections that were open at one time."""

    most_connections = 0


@asynccontextmanager
async def watched(url: str) -> AsyncIterator[Watch]:
    """Count the connections to a server on this machine."""
    watch = Watch()

    async def count() -> None:
        while True:
            watch.most_connections = max(watch.most_connections, connections(url))
            await asyncio.sleep(0.05)

    task = asyncio.create_task(count())
    try:
        yield watch
    finally:
        task.cancel()


def connections(url: str) -> int:
    """Number of connections that are open to a server on this machine."""
    port = f":{urlsplit(url).port:04X}"
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return sum(row[2].endswith(port) and row[3] == _ESTABLISHED for row in rows)
