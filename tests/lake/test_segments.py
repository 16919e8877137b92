"""Files of known length on their way into the lake."""

from __future__ import annotations

import asyncio
import os
from collections import Counter

import pytest

from airflow_provider_adls.client import staging
from airflow_provider_adls.lake.blocks import IN_FLIGHT, LANES
from airflow_provider_adls.lake.sources import InPieces
from airflow_provider_adls.lake.uploads import upload
from airflow_provider_adls.model.errors import (
    AccessDeniedError,
    PathExistsError,
    ServiceFailureError,
    SourceChangedError,
)
from airflow_provider_adls.model.operations import MAX_BODY
from tests.filesystem.conftest import came

BIG = 40 * 2**20 + 7
#: Bytes of the pieces that a source's bytes come in.
PIECE = 100_003


class Memory(InPieces):
    """A source that stands in memory, and counts what is read at once."""

    def __init__(self, content: bytes) -> None:
        self.data = content
        self.size = len(content)
        self.reading = self.most = 0
        self.changed = False
        self.version = "memory"

    async def whole(self) -> bytes:
        return self.data

    async def read(self, offset: int, length: int) -> list[bytes]:
        self.reading += 1
        self.most = max(self.most, self.reading)
        await asyncio.sleep(0.01)
        self.reading -= 1
        end = offset + length
        return [self.data[start : min(start + PIECE, end)] for start in range(offset, end, PIECE)]

    async def verify(self) -> None:
        if self.changed:
            raise SourceChangedError("memory")


@pytest.fixture
def source():
    return Memory(os.urandom(1021) * (BIG // 1021 + 1))


@pytest.fixture
def client(afs):
    return afs.client


async def names(client):
    return [entry.name for entry in (await client.list_page("/")).entries]


async def test_parts_are_put_together(client, asked, source):
    """A big file is sent in parallel parts, which the service joins; each block is reported."""
    moved = []
    assert await upload(client, "/f", source, moved=moved.append) == source.size
    assert await client.read("/f") == source.data
    assert await names(client) == ["f"]
    counts = Counter(asked())
    assert (counts["MSCONCAT"], counts["RENAME"]) == (1, 1)
    assert counts["CREATE"] == 6
    assert counts["CREATE"] + counts["APPEND"] == len(moved) == -(-source.size // MAX_BODY)
    assert sum(moved) == source.size


async def test_memory_is_bounded(client):
    """However many big files are under way, no more blocks than the bound are in memory."""
    sources = [Memory(bytes(BIG)) for _ in range(LANES // 4)]
    reading = Memory(b"")

    async def short(offset, length):
        await Memory.read(reading, 0, 0)
        return [bytes(length)]

    for one in sources:
        one.read = short
    await asyncio.gather(*(upload(client, f"/{number}", one) for number, one in enumerate(sources)))
    assert 1 < reading.most <= IN_FLIGHT


@pytest.mark.parametrize("operation", ["CREATE", "APPEND", "MSCONCAT", "RENAME"])
async def test_a_failure_leaves_what_was_there(client, fault, source, operation):
    """Whatever request fails, the old file stays, and no hidden one does."""
    await client.create("/f", b"old")
    fault(operation=operation, status=403, times=1)
    with pytest.raises(AccessDeniedError):
        await upload(client, "/f", source)
    assert (await client.read("/f"), await names(client)) == (b"old", ["f"])


@pytest.mark.parametrize("operation", ["CREATE", "APPEND", "MSCONCAT", "RENAME"])
async def test_an_answer_that_is_lost(client, fault, source, operation):
    """An answer that gets lost, and throttling, do no harm."""
    fault(operation=operation, drop="after", times=1)
    for kind in ("CREATE", "APPEND", "RENAME"):
        fault(operation=kind, status=429, times=1)
    await upload(client, "/f", source)
    assert await client.read("/f") == source.data
    assert await names(client) == ["f"]


async def test_cancelled(client, fault, source, monkeypatch):
    """An upload that is cancelled leaves what was there."""
    # However long the answers take to what is under way.
    monkeypatch.setattr(staging, "GRACE", 180)
    await client.create("/f", b"old")
    arrived = fault(operation="APPEND", delay=0)
    uploading = asyncio.create_task(upload(client, "/f", source))
    await came(arrived)
    uploading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await uploading
    assert (await client.read("/f"), await names(client)) == (b"old", ["f"])


async def test_a_source_that_changes(client, source):
    """What is mixed of two versions does not become a file."""
    source.changed = True
    with pytest.raises(SourceChangedError):
        await upload(client, "/f", source)
    assert await names(client) == []


async def test_a_service_that_loses_bytes(client, mocker, source):
    """A file that is shorter in the lake than it was sent does not come into view."""
    mocker.patch.object(client, "append")
    with pytest.raises(ServiceFailureError, match=f"bytes arrived of {source.size}"):
        await upload(client, "/f", source)
    assert await names(client) == []


@pytest.mark.parametrize("size", [5, MAX_BODY + 1, BIG])
async def test_exclusive(client, size):
    """A file that must be the first is not put where one is, and nothing is lost."""
    await upload(client, "/f", Memory(b"1" * size), exclusive=True)
    with pytest.raises(PathExistsError):
        await upload(client, "/f", Memory(b"2" * size), exclusive=True)
    assert await client.read("/f", length=1) == b"1"
    assert await names(client) == ["f"]


async def test_two_at_once(client):
    """Of two uploads of one file at once one is there in the end, whole."""
    one, other = Memory(b"1" * BIG), Memory(b"2" * BIG)
    await asyncio.gather(upload(client, "/f", one), upload(client, "/f", other))
    assert await client.read("/f") in (one.data, other.data)
    assert await names(client) == ["f"]


@pytest.mark.parametrize("size", [5, MAX_BODY + 1, BIG])
async def test_a_directory_in_the_way(client, size):
    """A file is not put where a directory is, nor below a file."""
    await client.create("/file", b"old")
    with pytest.raises(OSError, match="/file"):
        await upload(client, "/file/f", Memory(bytes(size)))
    assert await client.read("/file") == b"old"
    await client.make_directories("/d")
    with pytest.raises(IsADirectoryError):
        await upload(client, "/d", Memory(bytes(size)))
    assert (await client.list_page("/d")).entries == []
