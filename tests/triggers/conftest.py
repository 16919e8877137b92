"""What tests of triggers have in common."""

import asyncio
import gc

import pytest

from airflow_provider_adls.client import connections


@pytest.fixture(autouse=True)
async def no_connection_left():
    """Connections of triggers that were killed are closed before the event loop is."""
    yield
    gc.collect()
    loop = asyncio.get_running_loop()
    # Those of a loop that is closed never end.
    while closing := [task for task in connections._CLOSING if task.get_loop() is loop]:
        await asyncio.wait(closing)
    # A transport is gone some turns of the loop after it was told so.
    await asyncio.sleep(0.02)


class Turns:
    """Counts the turns of the event loop that others than a test have."""

    def __init__(self):
        self.count = 0

    async def run(self):
        while True:
            self.count += 1
            await asyncio.sleep(0)


@pytest.fixture
async def turns():
    """How many turns others in the event loop have had."""
    turns = Turns()
    counting = asyncio.create_task(turns.run())
    yield turns
    counting.cancel()
