"""Directories that are prepared before files go into them."""

from __future__ import annotations

from collections import Counter

from airflow_provider_adls.transfer.prepared import REMEMBERED, PreparedDirectories


class Swept:
    """A store that counts how often a directory is prepared."""

    def __init__(self) -> None:
        self.counts = Counter()

    async def prepare(self, directories):
        """Count them."""
        self.counts.update(directories)


async def test_memory_does_not_grow_with_the_directories():
    """Each directory is prepared once while files go into it, and few of very many are remembered."""
    store = Swept()
    prepared = PreparedDirectories(store)
    for number in range(3 * REMEMBERED):
        for _ in range(3):
            await prepared.prepare({f"/t/{number}"})
    assert set(store.counts.values()) == {1}
    assert len(store.counts) == 3 * REMEMBERED
    assert len(prepared._known) <= REMEMBERED + 1
