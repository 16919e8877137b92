"""Deadlines: one timer for many, which ends what is over and nothing else."""

from __future__ import annotations

import asyncio
import weakref

import pytest

from airflow_provider_adls.client.deadlines import Deadline, Watch


async def _hold(seconds: float, work: float, watch: Watch | None = None) -> str:
    deadline = Deadline(watch or Watch(), seconds)
    with deadline:
        deadline.begin()
        await asyncio.sleep(work)
    return "done"


async def test_only_what_is_over_ends():
    """Of several at once, those whose time is over end, also where a later one began first."""
    watch = Watch()
    held = [(60, 0.1), (0.01, 60), (0.02, 60), (0.05, 0)]
    ended = await asyncio.gather(*(_hold(*times, watch) for times in held), return_exceptions=True)
    assert [type(end) for end in ended] == [str, TimeoutError, TimeoutError, str]


async def test_waiting_for_a_connection_is_not_counted():
    """A deadline that has not begun does not end."""
    with Deadline(Watch(), 0.001):
        await asyncio.sleep(0.05)


async def test_a_cancellation_goes_on():
    """A task that is cancelled by others is cancelled, and its deadline ends nothing later."""
    task = asyncio.create_task(_hold(0.05, 60))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await _hold(60, 0.1) == "done"


def test_each_loop_has_its_own():
    """A deadline of one event loop ends after another loop was closed."""
    for _ in range(2):
        with pytest.raises(TimeoutError):
            asyncio.run(_hold(0.01, 60))


async def test_no_task_is_held_by_a_timer_of_its_request():
    """What a task returned is freed with it, though a timer that was made meanwhile holds its context."""

    class Result:
        """What a request returned."""

    async def request() -> Result:
        with Deadline(Watch(), 60):
            timers.append(asyncio.get_running_loop().call_later(60, print))
        return Result()

    timers: list[asyncio.TimerHandle] = []
    result = weakref.ref(await asyncio.create_task(request()))
    await asyncio.sleep(0)
    timers[0].cancel()
    assert result() is None
