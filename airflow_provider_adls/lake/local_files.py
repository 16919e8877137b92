"""Files of this machine, opened without holding up the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import stat
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


def replaceable(path: Path) -> tuple[Path, int | None]:
    """Return the file that a new one takes the place of, behind all links, and its permission.

    :returns: None for the permission, where there is no file yet.
    :raises IsADirectoryError: if it is a directory.
    :raises ValueError: if it is a device or a pipe, which would be lost.
    """
    real = path.resolve()
    try:
        mode = real.stat().st_mode
    except FileNotFoundError:
        return real, None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(mode):
        raise ValueError(f"{path} is neither a file nor a directory")
    return real, stat.S_IMODE(mode)
