"""Files of this machine, opened in a thread."""

import asyncio
import os

import pytest

from airflow_provider_adls.lake.local_files import opened


async def test_open_and_close(tmp_path):
    """A file is open in the block, and closed after it."""
    async with opened(tmp_path / "a", "xb") as file:
        file.write(b"1")
    assert ((tmp_path / "a").read_bytes(), file.closed) == (b"1", True)


async def test_failure(tmp_path):
    """A file that cannot be opened raises what `open` raises."""
    with pytest.raises(FileNotFoundError):
        async with opened(tmp_path / "nowhere", "rb"):
            pass


async def test_cancelled_while_opening(tmp_path):
    """A file whose opening is cancelled is closed when it is open at last; a pipe waits for its writer."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    async def read():
        async with opened(pipe, "rb"):
            pass

    reading = asyncio.create_task(read())
    await asyncio.sleep(0.05)
    reading.cancel()
    await asyncio.sleep(0)
    writer = os.open(pipe, os.O_WRONLY)
    with pytest.raises(asyncio.CancelledError):
        await reading
    with pytest.raises(BrokenPipeError):
        os.write(writer, b"nobody reads")
    os.close(writer)
