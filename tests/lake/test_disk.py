"""Short work with files: on the event loop while it is quick, in threads where it is not."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from airflow_provider_adls.lake import disk
from airflow_provider_adls.lake.disk import Disk, in_thread


def _where() -> str:
    return threading.current_thread().name


def _slowly() -> str:
    time.sleep(2 * disk.QUICK)
    return _where()


async def _calls(files: Disk, path: str, work, number: int = 1) -> list[str]:
    return [await files.call(path, work) for _ in range(number)]


async def test_a_quick_folder_needs_no_thread():
    """The first call is made in a thread, however many come at once, and those after it on the loop."""
    files, here = Disk(), _where()
    names = await asyncio.gather(*(files.call(f"/d/{number}", _where) for number in range(50)))
    assert [name == here for name in names] == [False, *[True] * 49]


async def test_a_slow_folder_leaves_the_loop():
    """After a few slow calls those of a folder are made in threads, and those of another are not."""
    files, here = Disk(), _where()
    await _calls(files, "/d/x", _where)
    await _calls(files, "/e/x", _where)
    slow = await _calls(files, "/d/x", _slowly, 10)
    assert [name == here for name in slow] == [True] * 3 + [False] * 7
    assert await _calls(files, "/e/x", _where) == [here]
    assert here not in await _calls(files, "/d/below/x", _where)


async def test_one_slow_call_does_not_make_a_folder_slow():
    """A folder whose calls are seldom slow stays on the loop."""
    files, here = Disk(), _where()
    await _calls(files, "/d/x", _where)
    for _ in range(5):
        assert await _calls(files, "/d/x", _slowly) == [here]
        assert await _calls(files, "/d/x", _where, 20) == [here] * 20


async def test_failures_are_raised():
    """What work raises is raised to its caller, from a thread and on the loop."""
    files = Disk()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            await files.call("/d/x", lambda: 1 // 0)
    with pytest.raises(KeyError):
        await in_thread({}.__getitem__, 1)


async def test_many_calls_share_threads():
    """Hundreds of calls in threads are all made, by a bounded number of threads."""
    names = await asyncio.gather(*(in_thread(_slowly) for _ in range(300)))
    assert len(names) == 300
    assert len(set(names)) <= disk._THREADS


async def test_a_cancellation_waits_for_the_work():
    """Work in a thread that is cancelled has ended when the cancellation goes on."""
    begun, done = threading.Event(), []

    def work() -> None:
        begun.set()
        time.sleep(0.05)
        done.append(1)

    task = asyncio.create_task(in_thread(work))
    assert await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert done == [1]


def test_each_loop_has_threads_of_its_own():
    """Another event loop makes calls after the first was closed."""
    for _ in range(2):
        assert asyncio.run(in_thread(_where)) != _where()
