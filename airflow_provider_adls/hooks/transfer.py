"""Many files moved at a time; the first failure stops the others and is what the caller sees."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import CancelledError, Future
from threading import Event
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow_provider_adls.filesystem import ADLSGen1FileSystem

#: Files that are under way at once.
PARALLEL = 16
#: Seconds that stopped transfers have to remove what they began. Airflow kills 5 s after it asked.
CLEAN_UP = 4.0

_under_way: set[Future[None]] = set()


def upload_files(
    filesystem: ADLSGen1FileSystem, pairs: Sequence[tuple[str, str]], *, overwrite: bool
) -> None:
    """Put local files to their places in the lake, each whole or not at all."""
    mode = "overwrite" if overwrite else "create"

    async def move(source: str, target: str) -> None:
        await filesystem._put_file(source, target, mode=mode)  # noqa: SLF001 - fsspec's asynchronous face

    _run(filesystem, move, pairs)


def download_files(filesystem: ADLSGen1FileSystem, pairs: Sequence[tuple[str, str]]) -> None:
    """Get files of the lake to their places on this machine, each whole or not at all."""
    _run(filesystem, filesystem._get_file, pairs)  # noqa: SLF001 - fsspec's asynchronous face


def existing_paths(filesystem: ADLSGen1FileSystem, paths: Sequence[str]) -> list[str]:
    """Those of the paths that are there, sorted."""
    there = []

    async def look(path: str, _: str) -> None:
        if await filesystem._exists(path):  # noqa: SLF001 - fsspec's asynchronous face
            there.append(path)

    _run(filesystem, look, [(path, path) for path in paths])
    return sorted(there)


def each(filesystem: ADLSGen1FileSystem, work: Callable[[str], Awaitable[Any]], paths: Iterable[str]) -> None:
    """Do something with many paths, several at a time; it is stopped as transfers are.

    :param work: coroutine function on the file system's event loop; its first failure stops the others.
    """

    async def one(path: str, _: str) -> None:
        await work(path)

    _run(filesystem, one, [(path, path) for path in paths])


def stop_transfers() -> None:
    """Stop every transfer of this process, which a task has for itself; from a signal handler too."""
    for transfer in list(_under_way):
        transfer.cancel()


def _run(
    filesystem: ADLSGen1FileSystem,
    move: Callable[[str, str], Awaitable[Any]],
    pairs: Sequence[tuple[str, str]],
) -> None:
    """Move all, on the file system's event loop, and wait.

    fsspec's own way to wait leaves the work going on if the wait is broken off: an upload would then
    replace its destination after its task has failed of a timeout.

    :raises InterruptedError: if `stop_transfers` was called.
    """
    ended = Event()

    async def work() -> None:
        try:
            await _all(move, pairs)
        finally:
            ended.set()

    transfer = asyncio.run_coroutine_threadsafe(work(), filesystem.loop)
    _under_way.add(transfer)
    try:
        transfer.result()
    except BaseException as error:
        transfer.cancel()
        ended.wait(CLEAN_UP)
        if isinstance(error, CancelledError):
            raise InterruptedError("the transfer was stopped before all files were moved") from None
        raise
    finally:
        _under_way.discard(transfer)


async def _all(move: Callable[[str, str], Awaitable[Any]], pairs: Sequence[tuple[str, str]]) -> None:
    waiting = iter(pairs)

    async def worker() -> None:
        for source, target in waiting:
            await move(source, target)

    try:
        async with asyncio.TaskGroup() as workers:
            for _ in range(min(PARALLEL, len(pairs))):
                workers.create_task(worker())
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
