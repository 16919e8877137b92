"""Sizes of a big file's blocks, and the number of blocks in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from airflow_provider_adls.client.loops import PerLoop

T = TypeVar("T")
#: Bytes of a block: what any service takes in one request, and the unit of what transfers hold in memory.
BLOCK = 4 * 2**20
#: Blocks that all transfers of an event loop hold at once. Each is in memory about four times: as it
#: was read, in the HTTP client, and in what TLS makes of it.
IN_FLIGHT = 8
#: Bytes of a block that is too small to be counted.
SMALL = 256 * 1024
#: Parts of one file that are moved at once. Of most only a piece is in memory.
LANES = 16
#: Files and directories that are looked at, changed or deleted at once.
PARALLEL = 16


@cache
def _slots() -> PerLoop[asyncio.Semaphore]:
    # Every process of Airflow loads the file system, and few of them use the client.
    from airflow_provider_adls.client.loops import PerLoop

    return PerLoop()


@asynccontextmanager
async def slot(size: int = BLOCK) -> AsyncIterator[None]:
    """Wait until a block more may be in memory.

    :param size: bytes of the block.
    """
    if size <= SMALL:
        yield
        return
    slots = _slots().get()
    if slots is None:
        slots = asyncio.Semaphore(IN_FLIGHT)
        _slots().set(slots)
    async with slots:
        yield


def blocks(start: int, end: int, size: int = BLOCK) -> Iterable[tuple[int, int]]:
    """Return offsets and lengths of the blocks of a span."""
    return ((offset, min(size, end - offset)) for offset in range(start, end, size))


async def at_once(work: Callable[[T], Awaitable[object]], items: Iterable[T], lanes: int = LANES) -> None:
    """Do work for all items, so many at a time; the first failure stops the others, and is raised itself."""
    waiting = iter(items)

    async def lane(first: T) -> None:
        await work(first)
        for item in waiting:
            await work(item)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(lanes):
                for item in waiting:
                    group.create_task(lane(item))
                    break
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
