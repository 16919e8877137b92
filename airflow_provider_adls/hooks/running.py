"""Work on fsspec's event loop that can be stopped: by a timeout, and when its task is killed."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import CancelledError, Future
from threading import Event
from typing import Any, TypeVar

T = TypeVar("T")
#: Seconds that stopped transfers have to remove what they began. Airflow kills 5 s after it asked.
CLEAN_UP = 4.0

_under_way: set[Future[Any]] = set()


def stop_transfers() -> None:
    """Stop every transfer of this process, which belongs to one task; also called by a signal handler."""
    for transfer in list(_under_way):
        transfer.cancel()


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine on the event loop of all file systems, wait, and return its result.

    After an interrupted wait of fsspec's own the work goes on: an upload would replace its destination after
    its task has failed by a timeout.

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
