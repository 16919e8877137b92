from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from airflow_provider_adls.emulator.store import open_store
from tests.emulator.gen2 import Account, serving


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    """An account in memory."""
    store = open_store(None)
    async with serving(store) as account:
        yield account
    store.close()
