"""Values of event loops."""

from __future__ import annotations

import asyncio

from airflow_provider_adls.client.loops import PerLoop


def test_each_loop_has_its_own():
    """A loop sees its own value only, and values of closed loops are forgotten."""
    values: PerLoop[str] = PerLoop()

    async def use(value: str) -> tuple[str | None, str | None, int]:
        before = values.get()
        values.set(value)
        return before, values.get(), len(values.items())

    assert [asyncio.run(use("a")), asyncio.run(use("b"))] == [(None, "a", 1), (None, "b", 1)]


async def test_taken_away():
    """A value that is taken away is gone; there may be none."""
    values: PerLoop[str] = PerLoop()
    values.set("a")
    assert (values.pop(), values.pop(), values.get()) == ("a", None, None)
