"""A rule that holds requests and ends tokens."""

from __future__ import annotations

import asyncio
import time

import pytest

from airflow_provider_adls.emulator.faults import Faults


async def test_it_holds_for_so_long():
    """A request waits for the rule's delay."""
    began = time.monotonic()
    await Faults().add(delay=1).hold(0.05)
    assert 0.05 <= time.monotonic() - began < 600


async def test_removal_lets_go():
    """Delayed requests go on when the rule is removed, from any thread; later ones do not wait."""
    rule = Faults().add(delay=3600)
    held = [asyncio.create_task(rule.hold(3600)) for _ in range(3)]
    await asyncio.sleep(0)
    await asyncio.to_thread(rule.remove)
    async with asyncio.timeout(180):
        await asyncio.gather(*held)
        await rule.hold(3600)


def test_removal_after_the_loop_s_end():
    """A rule that held a request of an emulator which has stopped is removed all the same."""
    rule = Faults().add(delay=3600)

    async def cut_short():
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await rule.hold(3600)

    asyncio.run(cut_short())
    rule.remove()


def test_what_it_did_is_undone():
    """An undo function is called at removal, and at once if the rule is already removed."""
    undone: list[str] = []
    rule = Faults().add(expire_token=True)
    rule.at_removal(lambda: undone.append("first"))
    assert undone == []
    rule.remove()
    rule.at_removal(lambda: undone.append("second"))
    assert undone == ["first", "second"]
