"""Work on fsspec's event loop that can be stopped: by a timeout, and when its task is killed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING, Any, TypeVar

from airflow_provider_adls.lake.blocks import at_once
from airflow_provider_adls.model.errors import PathNotFoundError

if TYPE_CHECKING:
    from airflow_provider_adls.lake.places import Place
    from airflow_provider_adls.model.status import FileStatus

I = TypeVar("I")  # noqa: E741 - an item
T = TypeVar("T")
#: Paths that are worked on at once.
PARALLEL = 16
#: Seconds that stopped transfers have to remove what they began. Airflow kills 5 s after it asked.
CLEAN_UP = 4.0

_under_way: set[Future[Any]] = set()


def each(work: Callable[[I], Awaitable[Any]], items: Iterable[I]) -> None:
    """Do something with many items, several at a time; it is stopped as transfers are.

    :param work: coroutine function; its first failure stops the others.
    """
    run(at_once(work, items, PARALLEL))


def find_existing(places: Iterable[Place]) -> dict[Place, FileStatus]:
    """Return those of the places at which something exists, in their order, and what it is."""
    found: dict[Place, FileStatus] = {}

    async def look(place: Place) -> None:
        with suppress(PathNotFoundError):
            found[place] = await place.client.status(place.path)

    places = list(places)
    each(look, places)
    return {place: found[place] for place in places if place in found}


def stop_transfers() -> None:
    """Stop every transfer of this process, which a task has for itself; from a signal handler too."""
    for transfer in list(_under_way):
        transfer.cancel()


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on the event loop of all file systems, wait, and return its result.

    fsspec's own way to wait leaves the work going on if the wait is broken off: an upload would then
    replace its destination after its task has failed of a timeout.

    :raises InterruptedError: if `stop_transfers` was called.
    """
    from fsspec.asyn import get_loop

    ended = Event()

    async def running() -> T:
        try:
            return await work
        finally:
            ended.set()

    future = asyncio.run_coroutine_threadsafe(running(), get_loop())
    _under_way.add(future)
    try:
        return future.result()
    except BaseException as error:
        future.cancel()
        ended.wait(CLEAN_UP)
        if isinstance(error, CancelledError):
            raise InterruptedError("the transfer was stopped before all files were moved") from None
        raise
    finally:
        _under_way.discard(future)
