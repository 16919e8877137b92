"""`download`: a file put on this machine whole or not at all, a big one block by block at once."""

from __future__ import annotations

import asyncio
import errno
import os
from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING

from airflow_provider_adls.lake.blocks import BLOCK, SMALL, at_once, blocks, slot
from airflow_provider_adls.lake.hidden import unfinished_name
from airflow_provider_adls.lake.local_files import DISK, opened, replaceable, to_its_end

if TYPE_CHECKING:
    from airflow_provider_adls.lake.sources import Source

#: Pieces that one call of the system's writes; POSIX promises 16 at least, Linux and macOS take 1,024.
_PIECES = 1024


async def download(
    source: Source,
    path: Path,
    *,
    exclusive: bool = False,
    modified: float | None = None,
    moved: Callable[[int], object] = lambda _: None,
) -> int:
    """Put a file in its place; an existing one stays until the new one is whole.

    A file that is replaced keeps its permission, and a link leads to the new file.

    :param exclusive: whether no file may exist yet.
    :param modified: the time that it is to show, seconds since 1970; None for that of its writing.
    :param moved: called with numbers of bytes that have arrived.
    :returns: its length.
    :raises FileExistsError: if one exists and may not.
    :raises IsADirectoryError: if a directory exists there.
    :raises ValueError: if a device or a pipe exists there.
    :raises SourceChangedError: if the file became another meanwhile.
    """
    if source.size <= SMALL:
        content = await source.whole()
        await DISK.call(path, _write_small, path, content, exclusive, modified)
        moved(len(content))
        return len(content)
    path, permission = await asyncio.to_thread(_prepared, path)
    hidden = path.with_name(unfinished_name())
    try:
        async with opened(hidden, "xb") as file:
            if permission is not None:
                os.fchmod(file.fileno(), permission)
            if source.size <= BLOCK:
                async with slot(source.size):
                    content = await source.whole()
                    await to_its_end(_write_at, file.fileno(), [content], 0)
                size = len(content)
                moved(size)
            else:
                await _blocks(source, file.fileno(), moved)
                size = source.size
            if modified is not None:
                os.utime(file.fileno(), (modified, modified))
        await asyncio.to_thread(_put_in_place, hidden, path, exclusive=exclusive)
    except BaseException:
        hidden.unlink(missing_ok=True)
        raise
    return size


def _write_small(path: Path, content: bytes, exclusive: bool, modified: float | None) -> None:  # noqa: FBT001 - called by `Disk`
    path, permission = replaceable(path)
    hidden = path.with_name(unfinished_name())
    try:
        with _made(hidden) as file:
            if permission is not None:
                os.fchmod(file.fileno(), permission)
            _write_at(file.fileno(), [content], 0)
            if modified is not None:
                os.utime(file.fileno(), (modified, modified))
        _put_in_place(hidden, path, exclusive=exclusive)
    except BaseException:
        hidden.unlink(missing_ok=True)
        raise


def _made(hidden: Path) -> IO[bytes]:
    try:
        return hidden.open("xb", buffering=0)
    except FileNotFoundError:
        hidden.parent.mkdir(parents=True, exist_ok=True)
        return hidden.open("xb", buffering=0)


async def _blocks(source: Source, file: int, moved: Callable[[int], object]) -> None:
    async def fetch(block: tuple[int, int]) -> None:
        offset, length = block
        async with slot():
            pieces = await source.read(offset, length)
            await to_its_end(_write_at, file, pieces, offset)
        moved(length)

    await at_once(fetch, blocks(0, source.size))
    await source.verify()


def _write_at(file: int, pieces: Iterable[bytes], offset: int) -> None:
    left: deque[bytes | memoryview] = deque(pieces)
    while left:
        written = os.pwritev(file, list(islice(left, _PIECES)), offset)
        offset += written
        while left and len(left[0]) <= written:
            written -= len(left.popleft())
        if written:
            left[0] = memoryview(left[0])[written:]


def _prepared(path: Path) -> tuple[Path, int | None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    return replaceable(path)


def _put_in_place(hidden: Path, path: Path, *, exclusive: bool) -> None:
    if exclusive:
        try:
            # A link is made only where nothing is.
            os.link(hidden, path)
        except FileExistsError:
            raise
        except OSError:
            # There are file systems without links; on those nobody else can be kept out for sure.
            if path.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        else:
            hidden.unlink()
            return
    hidden.replace(path)
