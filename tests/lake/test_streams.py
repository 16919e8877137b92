"""Work for a stream of items: every item once, in bounded lanes, read as the work goes on."""

from __future__ import annotations

import asyncio

import pytest

from airflow_provider_adls.lake.streams import AHEAD, work_off


async def _batches(number: int, size: int, seen: list[int] | None = None):
    for start in range(0, number, size):
        if seen is not None:
            seen.append(start)
        yield list(range(start, min(start + size, number)))


@pytest.mark.parametrize(("number", "size"), [(0, 1), (1, 1), (5000, 7), (5000, 4000)])
async def test_every_item_once(number, size):
    """Each item is worked on once, by no more lanes than asked for at any time."""
    done, at_work, most = [], 0, 0

    async def work(item: int) -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await asyncio.sleep(0)
        at_work -= 1
        done.append(item)

    await work_off(work, _batches(number, size), lambda: 10)
    assert (sorted(done), most) == (list(range(number)), min(10, number))


async def test_lanes_open_and_close():
    """The number of lanes follows what helps: more are opened, and some close, while items are worked on."""
    at_work, widths = set(), []
    width = 2

    async def work(item: int) -> None:
        nonlocal width
        at_work.add(item)
        width = 50 if item == 100 else 3 if item == 500 else width
        await asyncio.sleep(0)
        widths.append((item, len(at_work)))
        at_work.discard(item)

    await work_off(work, _batches(1000, 100), lambda: width)
    assert max(most for item, most in widths if item < 100) == 2
    assert max(most for item, most in widths if 200 < item < 450) == 50
    assert max(most for item, most in widths if item > 600) == 3


async def test_not_read_far_ahead():
    """The stream is read as its items are worked on, a little ahead of them."""
    seen: list[int] = []
    done = 0

    async def work(_: int) -> None:
        nonlocal done
        assert len(seen) * 10 <= done + AHEAD + 10 + 4
        await asyncio.sleep(0)
        done += 1

    await work_off(work, _batches(5000, 10, seen), lambda: 4)
    assert done == 5000


@pytest.mark.parametrize("culprit", ["work", "stream"])
async def test_first_failure(culprit):
    """A failure of the work or of the stream stops the rest, and is raised itself."""
    done = []

    async def work(item: int) -> None:
        await asyncio.sleep(0)
        if culprit == "work" and item == 20:
            raise KeyError(item)
        done.append(item)

    async def batches():
        async for batch in _batches(5000, 10):
            if culprit == "stream" and batch[0] == 1000:
                raise KeyError(20)
            yield batch

    with pytest.raises(KeyError, match="20"):
        await work_off(work, batches(), lambda: 4)
    assert len(done) < 1100
