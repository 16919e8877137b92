from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.store.blobs import FAN_OUT, FileBlobs, MemoryBlobs


@pytest.fixture(params=["memory", "files"])
def blobs(request, tmp_path):
    return MemoryBlobs() if request.param == "memory" else FileBlobs(tmp_path / "content")


def test_bytes_come_back(blobs):
    """A blob grows at its end and is read from anywhere; a read beyond the end gives what there is."""
    blobs.write(1, 0, b"abc")
    blobs.write(1, 3, b"defg")
    assert blobs.read(1, 0, 100) == b"abcdefg"
    assert blobs.read(1, 2, 3) == b"cde"
    assert blobs.read(1, 7, 5) == b""


def test_bytes_that_nobody_named_are_written_over(blobs):
    """Bytes that a crash left beyond the recorded length are overwritten."""
    blobs.write(1, 0, b"abc-left over")
    blobs.write(1, 3, b"d")
    assert blobs.read(1, 0, 4) == b"abcd"


def test_a_removed_blob_is_gone(blobs):
    """A removed blob cannot be read; a second removal does nothing."""
    blobs.write(1, 0, b"abc")
    blobs.remove(1)
    blobs.remove(1)
    with pytest.raises(FileNotFoundError):
        blobs.read(1, 0, 3)


def test_all_blobs_are_listed(blobs):
    """Iteration gives each number once, also of blobs that share a sub-folder; of none, none."""
    assert list(blobs) == []
    numbers = [1, 2, 1 + FAN_OUT, 1 + 300 * FAN_OUT]
    for number in numbers:
        blobs.write(number, 0, b"x")
    assert numbers == sorted(blobs)
