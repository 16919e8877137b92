"""Files that may become others while they are copied."""

from __future__ import annotations

import os

import pytest

from airflow_provider_adls.lake.sources import LocalSource
from airflow_provider_adls.model.errors import SourceChangedError
from airflow_provider_adls.model.operations import MAX_BODY


def rewritten(path, content):
    path.write_bytes(content)


def replaced(path, content):
    other = path.with_name("other")
    other.write_bytes(content)
    os.utime(other, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize("change", [rewritten, replaced])
@pytest.mark.parametrize("size", [5, MAX_BODY + 1])
async def test_change(tmp_path, change, size):
    """A file that is written to, or replaced, is noticed by whoever reads it."""
    path = tmp_path / "f"
    path.write_bytes(b"1" * size)
    os.utime(path, (1, 1))
    source = await LocalSource.of(path)
    await source.verify()
    assert await source.read(0, 5) == [b"11111"]
    change(path, b"2" * size)
    for reading in (source.whole(), source.read(0, 5), source.verify()):
        with pytest.raises(SourceChangedError, match="/f was changed"):
            await reading


async def test_a_file_that_shrinks_or_goes(tmp_path):
    """A file that ends early, grows big, or is gone, is noticed too."""
    path = tmp_path / "f"
    path.write_bytes(b"12345")
    source = await LocalSource.of(path)
    assert (source.size, await source.whole()) == (5, b"12345")
    with pytest.raises(SourceChangedError):
        await source.read(3, 5)
    path.unlink()
    with pytest.raises(SourceChangedError):
        await source.verify()


async def test_a_source_that_is_not_a_file(tmp_path):
    """A directory and a pipe are distinguished from files before they are opened."""
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(IsADirectoryError):
        await LocalSource.of(tmp_path)
    with pytest.raises(ValueError, match="neither a file nor a directory"):
        await LocalSource.of(tmp_path / "pipe")
