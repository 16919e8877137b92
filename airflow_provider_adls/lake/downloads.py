"""`download`: a file put on this machine whole or not at all, a big one block by block at once."""

from __future__ import annotations

import errno
import os
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from airflow_provider_adls.lake.blocks import BLOCK, SMALL, at_once, blocks, slot
from airflow_provider_adls.lake.disk import DISK, in_thread
from airflow_provider_adls.lake.hidden import Work, take_over, unfinished_name
from airflow_provider_adls.lake.local_files import opened, replaceable
from airflow_provider_adls.lake.reliability import PLAIN
from airflow_provider_adls.lake.verification import SentSource

if TYPE_CHECKING:
    from airflow_provider_adls.lake.reliability import Reliability
    from airflow_provider_adls.lake.sources import Source

#: Pieces that one call of the system's writes; POSIX promises 16 at least, Linux and macOS take 1,024.
_PIECES = 1024
#: Marks a block that has arrived.
_ARRIVED = b"\1"
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
# Small files are named by text, which is three times as quick as a Path.
# ruff: noqa: PTH103, PTH105, PTH108, PTH110


async def download(
    source: Source,
    path: str | Path,
    *,
    exclusive: bool = False,
    modified: float | None = None,
    reliability: Reliability = PLAIN,
    moved: Callable[[int], object] = lambda _: None,
) -> int:
    """Put a file in its place; an existing one stays until the new one is whole.

    A file that is replaced keeps its permission, and a link leads to the new file.

    :param exclusive: whether no file may exist yet.
    :param modified: the time that it is to show, seconds since 1970; None for that of its writing.
    :param reliability: whether its content is compared, and what a killed try left is used.
    :param moved: called with numbers of bytes that have arrived.
    :returns: its length.
    :raises FileExistsError: if one exists and may not.
    :raises IsADirectoryError: if a directory exists there.
    :raises ValueError: if a device or a pipe exists there.
    :raises SourceChangedError: if the file became another meanwhile.
    :raises ContentMismatchError: if the copy, read back, differs from what was sent.
    """
    sent = SentSource(source) if reliability.reads_back else None
    source = sent or source
    if source.size <= SMALL and not sent:
        content = await source.whole()
        small = os.fspath(path)
        await DISK.call(small, _write_small, small, content, exclusive, modified)
        moved(len(content))
        return len(content)
    final, permission = await in_thread(_prepared, Path(path))
    hidden, is_begun = final.with_name(unfinished_name()), False
    if source.size > BLOCK:
        work = Work.of(str(final), source.version)
        hidden = final.with_name(work.part_name(0, source.size))
        is_begun = await in_thread(take_over, final.parent, work, hidden if reliability.resume else None)
    try:
        async with opened(hidden, "r+b" if is_begun else "x+b") as file:
            if permission is not None:
                os.fchmod(file.fileno(), permission)
            if source.size <= BLOCK:
                async with slot(source.size):
                    content = await source.whole()
                    await in_thread(_write_at, file.fileno(), [content], 0)
                size = len(content)
                moved(size)
            else:
                await _blocks(source, str(hidden), file.fileno(), moved)
                size = source.size
            if sent:
                await in_thread(_forget_cached, file.fileno())
                await sent.compare(partial(_read_back, file.fileno()), str(final))
            if modified is not None:
                os.utime(file.fileno(), (modified, modified))
        await in_thread(partial(_put_in_place, str(hidden), str(final), exclusive=exclusive))
    except BaseException:
        hidden.unlink(missing_ok=True)
        raise
    return size


def _write_small(path: str, content: bytes, exclusive: bool, modified: float | None) -> None:  # noqa: FBT001 - called by `Disk`
    path, permission = replaceable(path)
    folder, _, _ = path.rpartition("/")
    hidden = f"{folder}/{unfinished_name()}" if folder or path[:1] == "/" else unfinished_name()
    file = _made(hidden)
    try:
        try:
            if permission is not None:
                os.fchmod(file, permission)
            if content:
                _write_at(file, [content], 0)
            if modified is not None:
                os.utime(file, (modified, modified))
        finally:
            os.close(file)
        _put_in_place(hidden, path, exclusive=exclusive)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(hidden)
        raise


def _made(hidden: str) -> int:
    try:
        return os.open(hidden, _NEW, 0o666)
    except FileNotFoundError:
        os.makedirs(hidden.rpartition("/")[0], exist_ok=True)
        return os.open(hidden, _NEW, 0o666)


async def _blocks(source: Source, path: str, file: int, moved: Callable[[int], object]) -> None:
    """Fetch the blocks that the file does not have; behind them it holds a byte for each that it has."""
    size = source.size
    known = await in_thread(os.pread, file, -(-size // BLOCK), size)

    async def write(piece: bytes | memoryview, offset: int) -> None:
        await DISK.call(path, _write_at, file, [piece], offset)

    async def fetch(block: tuple[int, int]) -> None:
        offset, length = block
        mark = offset // BLOCK
        if known[mark : mark + 1] != _ARRIVED:
            await source.read_into(write, offset, length)
            await write(_ARRIVED, size + mark)
        moved(length)

    await at_once(fetch, blocks(0, size))
    await in_thread(os.ftruncate, file, size)
    await source.verify()


async def _read_back(file: int, offset: int, length: int) -> Sequence[bytes]:
    return [await in_thread(os.pread, file, length, offset)]


def _forget_cached(file: int) -> None:
    """Have the file written to its disk, and let what is read of it come from there."""
    os.fsync(file)
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)


def _write_at(file: int, pieces: Iterable[bytes | memoryview], offset: int) -> None:
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
    found, permission = replaceable(str(path))
    return Path(found), permission


def _put_in_place(hidden: str, path: str, *, exclusive: bool) -> None:
    if exclusive:
        try:
            # A link is made only where nothing is.
            os.link(hidden, path)
        except FileExistsError:
            raise
        except OSError:
            # There are file systems without links; on those nobody else can be kept out for sure.
            if os.path.exists(path):
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), path) from None
        else:
            os.unlink(hidden)
            return
    os.replace(hidden, path)
