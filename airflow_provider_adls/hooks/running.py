"""Work on fsspec's event loop that can be stopped: by a timeout, and when its task is killed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from concurrent.futures import CancelledError, Future
from threading import Event
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from airflow_provider_adls.filesystem import ADLSGen1FileSystem

T = TypeVar("T")
#: Paths that are worked on at once.
PARALLEL = 16
#: Seconds that stopped transfers have to remove what they began. Airflow kills 5 s after it asked.
CLEAN_UP = 4.0

_under_way: set[Future[Any]] = set()


def each(filesystem: ADLSGen1FileSystem, work: Callable[[str], Awaitable[Any]], paths: Iterable[str]) -> None:
    """Do something with many paths, several at a time; it is stopped as transfers are.

    :param work: coroutine function on the file system's event loop; its first failure stops the others.
    """
    from airflow_provider_adls.lake.blocks import at_once

    finish(at_once(work, paths, PARALLEL), filesystem.loop)


def existing_paths(filesystem: ADLSGen1FileSystem, paths: Iterable[str]) -> list[str]:
    """Those of the paths that are there, sorted."""
    there = []

    async def look(path: str) -> None:
        if await filesystem._exists(path):  # noqa: SLF001 - fsspec's asynchronous face
            there.append(path)

    each(filesystem, look, paths)
    return sorted(there)


def stop_transfers() -> None:
    """Stop every transfer of this process, which a task has for itself; from a signal handler too."""
    for transfer in list(_under_way):
        transfer.cancel()


def finish(transfer: Coroutine[Any, Any, T], loop: asyncio.AbstractEventLoop | None = None) -> T:
    """Do the work of a transfer, and wait.

    fsspec's own way to wait leaves the work going on if the wait is broken off: an upload would then
    replace its destination after its task has failed of a timeout.

    :param loop: event loop that it is done on; None for the one of all file systems.
    :raises InterruptedError: if `stop_transfers` was called.
    """
    from fsspec.asyn import get_loop

    ended = Event()

    async def work() -> T:
        try:
            return await transfer
        finally:
            ended.set()

    future = asyncio.run_coroutine_threadsafe(work(), loop or get_loop())
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
