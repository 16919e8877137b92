"""Files of this machine, opened without holding up the event loop."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO, Any


@contextlib.asynccontextmanager
async def opened(path: Path, mode: str) -> AsyncIterator[IO[Any]]:
    """Open a file in a thread, and close it at the end.

    A thread cannot be stopped: if the caller is cancelled meanwhile, what it opens is closed before the
    cancellation goes on, so that neither an open file nor a file made late is left behind.

    :param mode: mode of Python's `open`.
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


def replaceable(path: str) -> tuple[str, int | None]:
    """Return the file that a new one takes the place of, behind all links, and its permission.

    :returns: None for the permission, where no file exists yet.
    :raises IsADirectoryError: if it is a directory.
    :raises ValueError: if it is a device or a pipe, which would be lost.
    """
    try:
        mode = os.lstat(path).st_mode
        if stat.S_ISLNK(mode):
            path = os.path.realpath(path)
            mode = os.stat(path).st_mode  # noqa: PTH116 - text, which is three times as quick as a Path
    except FileNotFoundError:
        return path, None
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if not stat.S_ISREG(mode):
        raise ValueError(f"{path} is neither a file nor a directory")
    return path, stat.S_IMODE(mode)
