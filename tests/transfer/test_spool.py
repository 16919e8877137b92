"""Rows that outgrow memory."""

from __future__ import annotations

import pytest

from airflow_provider_adls.transfer import spool
from airflow_provider_adls.transfer.spool import EmptiedDirectories, Spool

NAMES = ["/b", "/a b/ä [1]%#", "/a", "/\ud800", "/\udcff", "/a/\U0001f600"]


def test_rows(mocker):
    """Each key is there once, with its first value; they come back sorted, as text of any kind."""
    mocker.patch.object(spool, "_ROWS", 2)
    with Spool() as rows:
        assert [rows.add(name, (number, None, name)) for number, name in enumerate(NAMES)] == [True] * 6
        assert not rows.add("/a", "another")
        assert rows.value("/a") == (2, None, "/a")
        with pytest.raises(KeyError):
            rows.value("/none")
        found = [row for batch in rows.batches() for row in batch]
    assert found == sorted((name, (number, None, name)) for number, name in enumerate(NAMES))


def test_no_room():
    """A temporary folder without room is an error that says what to do."""
    with Spool() as rows:
        rows._database.execute("PRAGMA max_page_count=8")
        with pytest.raises(OSError, match="set TMPDIR"):
            list(map(rows.add, map(str, range(10_000))))


class Store:
    """Records which directories are removed."""

    def __init__(self):
        self.removed = []

    async def remove_empty(self, path):
        self.removed.append(path)


async def test_emptied_directories():
    """Directories below a root go, those that are in others before them; the root and others stay."""
    store = Store()
    with EmptiedDirectories(store) as emptied:
        for root, directory in (
            ("/r", "/r/a/b/c"),
            ("/r", "/r/d"),
            ("/r", "/r"),
            ("/r", "/rest/x"),
            ("/", "/t/u"),
        ):
            emptied.add_below(root, directory)
        await emptied.remove()
    assert store.removed == ["/r/a/b/c", "/r/a/b", "/r/a", "/r/d", "/t/u", "/t"]
