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
