"""`SharedListings`: one listing of a directory for all triggers that wait for it."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

from airflow_provider_adls.lake.view import PAGE_SIZE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from airflow_provider_adls.client import DataLakeClient
    from airflow_provider_adls.lake.view import OnPage
    from airflow_provider_adls.model.status import FileStatus

#: A directory rests for this many times as long as its listing took, so that listings of it take at most a
#: fifth of the event loop's time.
_REST = 4


class SharedListings:
    """Lists directories of one account, in one event loop.

    A listing starts when it is first asked for, but after the last one of the same directory has ended and
    rested; a caller until then shares its pages. So 1,000 globs in one directory cost one listing.

    :param client: client of the account.
    :param turns: limit of requests at one time.
    """

    def __init__(self, client: DataLakeClient, turns: asyncio.Semaphore) -> None:
        self._client = client
        self._turns = turns
        #: Waiters for the next listing of each directory.
        self._gathering: dict[str, list[_Waiter]] = {}
        self._resting: dict[str, asyncio.Lock] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def look_through(self, path: str, on_page: OnPage) -> None:
        """Call a function with each page of a directory.

        :raises PathNotFoundError: if the directory does not exist.
        """
        waiter = _Waiter(on_page)
        if path in self._gathering:
            self._gathering[path].append(waiter)
        else:
            self._gathering[path] = [waiter]
            task = asyncio.create_task(self._list(path))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        await waiter.done

    async def _list(self, path: str) -> None:
        """Make one listing, and let the directory rest."""
        lock = self._resting.setdefault(path, asyncio.Lock())
        loop = asyncio.get_running_loop()
        async with lock:
            took = 0.0
            waiters: list[_Waiter] = []
            error: BaseException | None = None
            try:
                async with self._turns:
                    # A caller from here on has missed the first page.
                    waiters = self._gathering.pop(path)
                    started = loop.time()
                    async with aclosing(self._pages(path)) as pages:
                        async for page in pages:
                            if not await _show(page, waiters):
                                break
                    took = loop.time() - started
            except BaseException as caught:  # noqa: BLE001 - every waiter gets it
                error = caught
            for waiter in waiters or self._gathering.pop(path, []):
                waiter.end(error)
            await asyncio.sleep(took * _REST)
        if path not in self._gathering:
            self._resting.pop(path, None)

    async def _pages(self, path: str) -> AsyncGenerator[list[FileStatus], None]:
        async for page in self._client.pages(path, limit=PAGE_SIZE):
            yield page


class _Waiter:
    """A caller of `look_through`."""

    def __init__(self, on_page: OnPage) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._on_page = on_page

    def show(self, page: list[FileStatus]) -> None:
        """Give the caller a page; an error of its function ends this caller's wait alone."""
        try:
            self._on_page(page)
        except Exception as error:  # noqa: BLE001 - it is raised where the caller waits
            self.end(error)

    def end(self, error: BaseException | None) -> None:
        """End the wait."""
        if self.done.done():
            return
        if isinstance(error, asyncio.CancelledError):
            self.done.cancel()
        elif error is not None:
            self.done.set_exception(error)
        else:
            self.done.set_result(None)


async def _show(page: list[FileStatus], waiters: list[_Waiter]) -> bool:
    """Give every waiter a page, and return whether any of them still waits."""
    waiting = [waiter for waiter in waiters if not waiter.done.done()]
    for waiter in waiting:
        waiter.show(page)
        # Each takes a millisecond or so, and there may be a thousand.
        await asyncio.sleep(0)
    return bool(waiting)
