"""How big files are cut."""

from __future__ import annotations

import asyncio
import contextlib
from types import SimpleNamespace

import pytest

from airflow_provider_adls.client.dfs_dialect import DfsDialect
from airflow_provider_adls.client.dfs_staging import OffsetStaging
from airflow_provider_adls.client.webhdfs_dialect import WebHdfsDialect
from airflow_provider_adls.client.webhdfs_staging import SegmentStaging
from airflow_provider_adls.lake.blocks import IN_FLIGHT, LANES, SMALL, at_once, blocks, slot
from airflow_provider_adls.model.operations import MAX_BODY

MIB = 2**20


@pytest.mark.parametrize(
    ("size", "count"),
    [
        (MAX_BODY + 1, 1),
        (8 * MIB, 1),
        (15 * MIB, 2),
        (16 * MIB + 1, 3),
        (300 * MIB, 38),
        (5 * 2**40 + 3, 500),
    ],
)
def test_segments(size, count):
    """Segments follow one another to the end, and consist of whole blocks but for the last."""
    spans = list(SegmentStaging(None, "/", str).spans(size))
    assert len(spans) == count
    assert [start for start, _ in spans] == [0, *(end for _, end in spans[:-1])]
    assert spans[-1][1] == size
    assert all(start % MAX_BODY == 0 for start, _ in spans)
    assert len({end - start for start, end in spans[:-1]}) <= 1


def test_blocks():
    """A span's blocks are of 4 MiB, the last of what is left."""
    assert list(blocks(MAX_BODY, 3 * MAX_BODY + 5)) == [
        (MAX_BODY, MAX_BODY),
        (2 * MAX_BODY, MAX_BODY),
        (3 * MAX_BODY, 5),
    ]
    assert list(blocks(0, 0)) == []


@pytest.mark.parametrize("size", [MAX_BODY + 1, 195 * 2**30, 196 * 2**30, 10 * 2**40 + 7])
def test_number_of_blocks(size):
    """A file of any size is cut into no more blocks than Gen2 joins, and into usual ones if they are few."""
    block = DfsDialect.limits.block_size(size)
    assert block % MAX_BODY == 0
    assert -(-size // block) <= 50_000
    assert (block == MAX_BODY) == (size <= 49_992 * MAX_BODY)
    assert WebHdfsDialect.limits.block_size(size) == MAX_BODY
    client = SimpleNamespace(limits=DfsDialect.limits)
    spans = OffsetStaging(client, "/", lambda: "hidden").spans(size)
    assert next(spans) == (0, min(block, size))


async def test_slots():
    """No more blocks than the bound are in memory at once."""
    held = most = 0

    async def hold(_):
        nonlocal held, most
        async with slot():
            held += 1
            most = max(most, held)
            await asyncio.sleep(0.001)
            held -= 1

    await asyncio.gather(*map(hold, range(5 * IN_FLIGHT)))
    assert (most, held) == (IN_FLIGHT, 0)


async def test_small_blocks_are_not_counted():
    """Small files do not wait for big ones."""
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(IN_FLIGHT):
            await stack.enter_async_context(slot())
        async with asyncio.timeout(180), slot(SMALL):
            pass
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01), slot(SMALL + 1):
                pass


async def test_at_once():
    """All items are worked on, so many at a time."""
    under_way, most, done = set(), 0, []

    async def work(item):
        nonlocal most
        under_way.add(item)
        most = max(most, len(under_way))
        await asyncio.sleep(0)
        under_way.discard(item)
        done.append(item)

    await at_once(work, range(100), lanes=5)
    await at_once(work, [], lanes=5)
    assert (sorted(done), most) == (list(range(100)), 5)


async def test_the_first_failure_stops_the_others():
    """What is under way is stopped, and what had not begun does not begin."""
    begun, stopped = [], []

    async def work(item):
        begun.append(item)
        if item == 5:
            raise FileNotFoundError(item)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            stopped.append(item)
            raise

    with pytest.raises(FileNotFoundError, match="5"):
        await at_once(work, range(100))
    assert begun == list(range(LANES))
    assert sorted(stopped) == sorted(set(begun) - {5})
