"""Files of this machine, opened without holding up the event loop."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import IO, Any


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
