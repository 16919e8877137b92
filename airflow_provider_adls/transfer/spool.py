"""`Spool`: rows of a transfer that may be too many for memory, in a temporary database.

SQLite holds about 2 MB of it in memory and writes the rest to a file of the temporary folder. That file has
no name, and is gone when the process ends, however it ends.
"""

from __future__ import annotations

import errno
import marshal
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, Any, Self

from airflow_provider_adls.lake.blocks import PARALLEL, at_once

if TYPE_CHECKING:
    from airflow_provider_adls.transfer.stores import Store

#: Rows that are read at once.
_ROWS = 500


class Spool:
    """Values by text, each text once; is read when all are added.

    A value is made of tuples, text, numbers and None.
    """

    def __init__(self) -> None:
        # Steps of one transfer run in different threads, one after the other.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode=OFF")
        self._database.execute(
            "CREATE TABLE rows (key BLOB PRIMARY KEY, level INTEGER, value BLOB) WITHOUT ROWID"
        )
        self._database.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def add(self, key: str, value: Any = None, level: int = 0) -> bool:
        """Add a row unless its key is there; return whether it was not.

        :raises OSError: if the temporary folder has no room for it.
        """
        row = (_bytes(key), level, marshal.dumps(value))
        try:
            return self._database.execute("INSERT OR IGNORE INTO rows VALUES (?, ?, ?)", row).rowcount > 0
        except sqlite3.OperationalError as error:
            raise OSError(
                errno.ENOSPC,
                f"the names of a transfer's files do not fit into the temporary folder ({error}): set TMPDIR"
                " to a folder with about 200 bytes for each",
            ) from error

    def value(self, key: str) -> Any:
        """Return the value of a key.

        :raises KeyError: if there is none.
        """
        for (value,) in self._database.execute("SELECT value FROM rows WHERE key = ?", (_bytes(key),)):
            return marshal.loads(value)  # noqa: S302 - written by this object
        raise KeyError(key)

    def batches(self) -> Iterator[list[tuple[str, Any]]]:
        """Yield keys and values, sorted by key."""
        rows = self._database.execute("SELECT key, value FROM rows ORDER BY key")
        while batch := rows.fetchmany(_ROWS):
            yield [(_text(key), marshal.loads(value)) for key, value in batch]  # noqa: S302 - as above

    def levels(self) -> Iterator[list[str]]:
        """Yield keys, those of the highest level first, and never of two levels together."""
        rows = self._database.execute("SELECT level, key FROM rows ORDER BY level DESC, key")
        while batch := rows.fetchmany(_ROWS):
            for _, part in groupby(batch, lambda row: row[0]):
                yield [_text(key) for _, key in part]


def _bytes(key: str) -> bytes:
    # Names of this machine, and of a lake, may be what is not Unicode text.
    return key.encode("utf-8", "surrogatepass")


def _text(key: bytes) -> str:
    return key.decode("utf-8", "surrogatepass")


class EmptiedDirectories(Spool):
    """Directories that may be empty when files are deleted; they are removed then, the deepest first.

    :param store: store of the directories.
    """

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    def add_below(self, root: str, directory: str) -> None:
        """Add a directory, and those above it that are below a root."""
        root = f"{root.rstrip('/')}/"
        while directory.startswith(root):
            if not self.add(directory, level=directory.count("/")):
                return
            directory = directory.rpartition("/")[0]

    async def remove(self) -> None:
        """Remove those that are empty."""
        for directories in self.levels():
            await at_once(self._store.remove_empty, directories, PARALLEL)
