"""Files of this machine, opened without holding up the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import stat
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import IO, Any, TypeVar

T = TypeVar("T")


@contextlib.asynccontextmanager
async def opened(path: Path, mode: str) -> AsyncIterator[IO[Any]]:
    """Open a file in a thread, and close it at the end.

    A thread cannot be stopped: if the caller is cancelled meanwhile, what it opens is closed before the
    cancellation goes on, so that neither an open file nor a file made late is left behind.

    :param mode: as of Python's `open`.
    """
    opening = asyncio.ensure_future(asyncio.to_thread(path.open, mode))
    try:
        file = await asyncio.shield(opening)
    except asyncio.CancelledError:
        with contextlib.suppress(OSError):
            (await opening).close()
        raise
    with file:
        yield file


async def to_its_end(work: Callable[..., T], *arguments: Any, **options: Any) -> T:
    """Do work in a thread. If the caller is cancelled meanwhile, the cancellation waits for the work's end.

    A thread cannot be stopped, and would go on with a file that is closed, or that is another by then.
    """
    working = asyncio.ensure_future(asyncio.to_thread(work, *arguments, **options))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        with contextlib.suppress(Exception):
            await working
        raise


class Disk:
    """Does short work with files of this machine: on the event loop while that is quick, else in threads.

    Two changes of thread cost more than a local disk takes for a small file. A network file system can take
    any time, so that the first call for a folder is made in a thread, and measured there.
    """

    #: Seconds that a call may hold up the event loop.
    _QUICK = 0.001
    #: Calls that are made in threads after a slow one.
    _PAUSE = 20
    #: Folders that are remembered.
    _FOLDERS = 4096

    def __init__(self) -> None:
        self._in_threads: dict[str, int] = {}

    async def call(self, path: Path, work: Callable[..., T], *arguments: Any) -> T:
        """Do work with a file, and return its result.

        :param path: the file, by whose folder the next call is decided.
        """
        folder = str(path.parent)
        left = self._in_threads.get(folder, 1)
        if left:
            timed: tuple[float, T] = await to_its_end(_timed, work, *arguments)
            seconds, result = timed
            self._remember(folder, self._PAUSE if seconds > self._QUICK else left - 1)
            return result
        began = time.perf_counter()
        try:
            return work(*arguments)
        finally:
            if time.perf_counter() - began > self._QUICK:
                self._remember(folder, self._PAUSE)

    def _remember(self, folder: str, calls: int) -> None:
        if len(self._in_threads) >= self._FOLDERS:
            self._in_threads.clear()
        self._in_threads[folder] = calls


def _timed(work: Callable[..., T], *arguments: Any) -> tuple[float, T]:
    began = time.perf_counter()
    result = work(*arguments)
    return time.perf_counter() - began, result


#: The files of this process.
DISK = Disk()


def replaceable(path: Path) -> tuple[Path, int | None]:
    """Return the file that a new one takes the place of, behind all links, and its permission.

    :returns: None for the permission, where there is no file yet.
    :raises IsADirectoryError: if it is a directory.
    :raises ValueError: if it is a device or a pipe, which would be lost.
    """
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            path = path.resolve()
            mode = path.stat().st_mode
    except FileNotFoundError:
        return path, None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        raise ValueError(f"{path} is neither a file nor a directory")
    return path, stat.S_IMODE(mode)
