"""`work_off`: work for a stream of items, in as many lanes as help, with no list of all items."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterable, Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
#: Items that are read ahead of the lanes, beside the batch that was read last.
AHEAD = 512


async def work_off(
    work: Callable[[T], Awaitable[object]],
    batches: AsyncIterable[Sequence[T]],
    width: Callable[[], int],
) -> None:
    """Do work for all items of a stream, which is read while the work goes on.

    The first failure stops the others, and is raised itself.

    :param work: coroutine function of an item.
    :param batches: items, several at a time.
    :param width: returns how many items are worked on at once at most; is called again and again.
    """
    try:
        async with asyncio.TaskGroup() as group:
            await _Stream(work, width, group).read(batches)
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None


class _Stream(Generic[T]):
    def __init__(
        self, work: Callable[[T], Awaitable[object]], width: Callable[[], int], group: asyncio.TaskGroup
    ) -> None:
        self._work = work
        self._width = width
        self._group = group
        self._waiting: deque[T] = deque()
        self._lanes = 0
        self._few = asyncio.Event()

    async def read(self, batches: AsyncIterable[Sequence[T]]) -> None:
        """Read the items, a little ahead of the lanes."""
        async for batch in batches:
            self._waiting.extend(batch)
            self._open_lanes(len(batch))
            if len(self._waiting) > AHEAD:
                self._few.clear()
                await self._few.wait()

    def _open_lanes(self, most: int) -> None:
        for _ in range(min(most, self._width() - self._lanes)):
            self._lanes += 1
            self._group.create_task(self._lane())

    async def _lane(self) -> None:
        try:
            while self._waiting and self._lanes <= self._width():
                item = self._waiting.popleft()
                if len(self._waiting) == AHEAD:
                    self._few.set()
                await self._work(item)
                if self._waiting:
                    self._open_lanes(1)
        finally:
            self._lanes -= 1
