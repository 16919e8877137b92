"""What an event loop, and the emulator's sockets, do while something runs."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

#: How Linux writes, in /proc/net/tcp, that a connection is open.
_ESTABLISHED = "01"
#: Seconds between two looks at the loop.
_LAP = 0.005


class Watch:
    """What was seen.

    :param longest_block: seconds that the loop did not come round.
    :param longest_work: the same without what other processes had of the machine: seconds of its own work.
    :param most_connections: connections at one time.
    """

    longest_block = 0.0
    longest_work = 0.0
    most_connections = 0


@asynccontextmanager
async def watched(url: str) -> AsyncIterator[Watch]:
    """Watch the running event loop, and the connections to a server on this machine."""
    watch = Watch()

    async def look() -> None:
        while True:
            began, work = time.perf_counter(), time.thread_time()
            await asyncio.sleep(_LAP)
            watch.longest_block = max(watch.longest_block, time.perf_counter() - began - _LAP)
            watch.longest_work = max(watch.longest_work, time.thread_time() - work)

    async def count() -> None:
        while True:
            watch.most_connections = max(watch.most_connections, connections(url))
            await asyncio.sleep(0.05)

    tasks = [asyncio.create_task(look()), asyncio.create_task(count())]
    try:
        yield watch
    finally:
        for task in tasks:
            task.cancel()


def connections(url: str) -> int:
    """Number of connections that are open to a server on this machine."""
    port = f":{urlsplit(url).port:04X}"
    rows = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return sum(row[2].endswith(port) and row[3] == _ESTABLISHED for row in rows)
