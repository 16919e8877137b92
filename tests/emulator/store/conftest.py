from __future__ import annotations

from collections.abc import Callable

import pytest

from airflow_provider_adls.emulator.store import Store, open_store


@pytest.fixture(params=["memory", "folder"])
def store(request, tmp_path):
    """A store of each kind."""
    store = open_store(None if request.param == "memory" else tmp_path / "data")
    yield store
    store.close()


@pytest.fixture
def pieces() -> Callable[[Store], int]:
    """Counts the pieces of content that a store keeps, none of which is both inside and out, or unnamed."""

    def count(store: Store) -> int:
        rows = store._connection.execute("SELECT number, data IS NULL FROM segments").fetchall()
        assert {number for number, out in rows if out} == set(store._content._blobs)
        return len(rows)

    return count
