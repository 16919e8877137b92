from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.store import open_store


@pytest.fixture(params=["memory", "folder"])
def store(request, tmp_path):
    """A store of each kind."""
    store = open_store(None if request.param == "memory" else tmp_path / "data")
    yield store
    store.close()
