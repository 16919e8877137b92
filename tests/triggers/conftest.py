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
    while connections._CLOSING:  # noqa: ASYNC110 - they are closed by this very loop
        await asyncio.sleep(0)
    # A transport is gone some turns of the loop after it was told so.
    await asyncio.sleep(0.02)
