"""Listings that many wait for: one is made for all who ask for the same directory."""

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

#: After a listing the directory is left alone for this many times as long as it took, so that who lists it
#: never has more than a fifth of the event loop's time.
_REST = 4
#: Of those who waited for a listing, as many go on at one time: each has work of its own then.
_AT_ONCE = 20


class Rounds:
    """Lists directories of one account, in one event loop.

    A listing begins when somebody asks for it, but after the last one of the same directory has ended, and
    a rest; all who ask until then look at its pages together. So 1,000 globs in one directory cost one
    listing.

    :param client: of the account.
    :param turns: bound of the requests at one time.
    """

    def __init__(self, client: DataLakeClient, turns: asyncio.Semaphore) -> None:
        self._client = client
        self._turns = turns
        self._gathering: dict[str, list[_Visitor]] = {}
        self._rested_at: dict[str, float] = {}
        #: What makes, or is to make, the last listing of each directory; it refers to the one before it.
        self._listing: dict[str, asyncio.Task[None]] = {}

    async def look_through(self, path: str, on_page: OnPage) -> None:
        """Look through a directory.

        :raises PathNotFoundError: if it is not there.
        """
        visitor = _Visitor(on_page)
        visitors = self._gathering.get(path)
        if visitors is None:
            visitors = self._gathering[path] = []
            self._listing[path] = asyncio.create_task(self._make(path, visitors, self._listing.get(path)))
        visitors.append(visitor)
        await visitor.done

    async def _make(self, path: str, visitors: list[_Visitor], before: asyncio.Task[None] | None) -> None:
        """Make one listing, and tell everybody who waits for it how it ended.

        :param before: what makes the listing before it.
        """
        loop = asyncio.get_running_loop()
        error: BaseException | None = None
        took = 0.0
        try:
            if before:
                await asyncio.wait([before])
                # A chain of all listings that ever were would be kept alive otherwise.
                before = None
            await asyncio.sleep(max(0.0, self._rested_at.get(path, 0.0) - loop.time()))
            async with self._turns:
                # Who comes from here on has missed the first page.
                del self._gathering[path]
                began = loop.time()
                async with aclosing(self._pages(path)) as pages:
                    async for page in pages:
                        if not await _show(page, visitors):
                            break
                took = loop.time() - began
        except BaseException as caught:  # noqa: BLE001 - all who wait are told
            error = caught
        finally:
            if self._gathering.get(path) is visitors:
                del self._gathering[path]
            if self._listing.get(path) is asyncio.current_task():
                del self._listing[path]
            self._rest(path, took * _REST)
            await _end(visitors, error)

    async def _pages(self, path: str) -> AsyncGenerator[list[FileStatus], None]:
        async for page in self._client.pages(path, limit=PAGE_SIZE):
            yield page

    def _rest(self, path: str, rest: float) -> None:
        loop = asyncio.get_running_loop()
        until = self._rested_at[path] = loop.time() + rest

        def forget() -> None:
            if self._rested_at.get(path) == until:
                del self._rested_at[path]

        loop.call_later(rest, forget)


async def _end(visitors: list[_Visitor], error: BaseException | None) -> None:
    """Let everybody go their ways, a few at a time."""
    for number, visitor in enumerate(visitors, 1):
        visitor.end(error)
        if number % _AT_ONCE == 0:
            await asyncio.sleep(0)


class _Visitor:
    """Somebody who waits for a listing."""

    def __init__(self, on_page: OnPage) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._on_page = on_page

    def look(self, page: list[FileStatus]) -> None:
        """Look at a page; what goes wrong in doing so is this visitor's own trouble."""
        try:
            self._on_page(page)
        except Exception as error:  # noqa: BLE001 - it is raised where it belongs
            self.end(error)

    def end(self, error: BaseException | None) -> None:
        """Wait no longer."""
        if self.done.done():
            return
        if isinstance(error, asyncio.CancelledError):
            self.done.cancel()
        elif error is not None:
            self.done.set_exception(error)
        else:
            self.done.set_result(None)


async def _show(page: list[FileStatus], visitors: list[_Visitor]) -> bool:
    """Let everybody look at a page.

    :returns: whether anybody still waits for more.
    """
    waiting = [visitor for visitor in visitors if not visitor.done.done()]
    for visitor in waiting:
        visitor.look(page)
        # A page takes each of them a millisecond or so, and they may be many.
        await asyncio.sleep(0)
    return bool(waiting)
