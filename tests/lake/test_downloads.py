"""Files on their way to this machine, beside what test_content.py shows."""

from __future__ import annotations

import asyncio
import errno
import os

import pytest

from airflow_provider_adls.lake.downloads import download
from airflow_provider_adls.model.operations import MAX_BODY
from tests.lake.test_segments import Memory

SIZES = [0, 5, MAX_BODY, MAX_BODY + 1, 9 * MAX_BODY + 3]


def source(size: int) -> Memory:
    return Memory(os.urandom(1021) * (size // 1021) + b"x" * (size % 1021))


@pytest.mark.parametrize("size", SIZES)
async def test_every_size(tmp_path, size):
    """A file arrives from several places at once, and is whole; each block is reported."""
    moved, one = [], source(size)
    assert await download(one, tmp_path / "d" / "f", moved=moved.append) == size
    assert (tmp_path / "d" / "f").read_bytes() == one.data
    assert sum(moved) == size
    assert one.most <= 8


@pytest.mark.parametrize("size", SIZES)
async def test_exclusive(tmp_path, size):
    """A file that must be the first does not take another's place."""
    await download(source(size), tmp_path / "f", exclusive=True)
    with pytest.raises(FileExistsError):
        await download(source(5), tmp_path / "f", exclusive=True)
    assert [path.stat().st_size for path in tmp_path.iterdir()] == [size]


@pytest.mark.parametrize("there", [True, False])
async def test_exclusive_where_no_links_are(tmp_path, mocker, there):
    """A file system without links is looked at."""
    mocker.patch("os.link", side_effect=OSError(errno.EPERM, "not here"))
    if there:
        (tmp_path / "f").write_bytes(b"old")
        with pytest.raises(FileExistsError):
            await download(source(5), tmp_path / "f", exclusive=True)
    else:
        await download(source(5), tmp_path / "f", exclusive=True)
    assert [path.stat().st_size for path in tmp_path.iterdir()] == [3 if there else 5]


async def test_time(tmp_path):
    """A copy may show the time of what it is a copy of."""
    await download(source(5), tmp_path / "f", modified=1_000_000_000.5)
    assert (tmp_path / "f").stat().st_mtime == 1_000_000_000.5


@pytest.mark.parametrize("most", [99_991, 2**30])
async def test_what_the_system_writes_at_a_time(tmp_path, mocker, most):
    """A file is whole in however many pieces it comes, and however few bytes of them a write takes."""
    real, one = os.pwritev, source(2 * MAX_BODY + 1)

    async def crumbs(offset, length):
        block = one.data[offset : offset + length]
        return [b"", *(block[start : start + 999] for start in range(0, length, 999))]

    def some(file, pieces, offset):
        assert len(pieces) <= os.sysconf("SC_IOV_MAX")
        return real(file, [b"".join(pieces)[:most]], offset)

    mocker.patch.object(one, "read", crumbs)
    mocker.patch("os.pwritev", some)
    await download(one, tmp_path / "f")
    assert one.data == (tmp_path / "f").read_bytes()


async def test_full_disk(tmp_path, mocker):
    """Where there is no room, what was there stays, and nothing half-made does."""
    (tmp_path / "f").write_bytes(b"old")
    mocker.patch("os.pwritev", side_effect=OSError(errno.ENOSPC, "No space left on device"))
    for size in (5, 9 * MAX_BODY):
        with pytest.raises(OSError, match="No space left"):
            await download(source(size), tmp_path / "f")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("f", b"old")]


async def test_cancelled_while_a_block_is_written(tmp_path, mocker):
    """A block that a thread is writing is written to its end before the file is closed and removed."""
    real, begun, open_files = os.pwritev, asyncio.Event(), []
    loop = asyncio.get_running_loop()

    def slow(file, content, offset):
        loop.call_soon_threadsafe(begun.set)
        import time

        time.sleep(0.1)
        open_files.append(os.fstat(file).st_nlink)
        return real(file, content, offset)

    mocker.patch("os.pwritev", slow)
    downloading = asyncio.create_task(download(source(2 * MAX_BODY), tmp_path / "f"))
    await begun.wait()
    downloading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await downloading
    assert set(open_files) == {1}
    assert list(tmp_path.iterdir()) == []
