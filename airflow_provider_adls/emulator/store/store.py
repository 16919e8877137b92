"""The store: a tree of nodes, their content in segments, and documents.

A file's content is a row of segments, each the beginning of one blob, so that concatenation moves
rows and copies no bytes. A store is used by one thread at a time.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple, Self

from airflow_provider_adls.emulator.store.documents import Documents
from airflow_provider_adls.emulator.store.errors import StoreError
from airflow_provider_adls.emulator.store.nodes import Node

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.store.blobs import Blobs

#: Bytes that a reader takes at a time: what a streamed answer holds in memory.
CHUNK = 256 * 1024

# Columns stand in the order of `Node`'s fields.
_INSERT = "INSERT INTO nodes VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_UPDATE = """UPDATE nodes SET parent = ?, name = ?, directory = ?, length = ?, synced = ?, created = ?,
    modified = ?, accessed = ?, expires = ?, permission = ?, owner = ?, "group" = ?, acl = ?, lease = ?,
    leased = ? WHERE id = ?"""
_GATHER = """INSERT INTO temp.tree WITH RECURSIVE below (id) AS
    (SELECT ? UNION ALL SELECT nodes.id FROM nodes JOIN below ON nodes.parent = below.id)
    SELECT id FROM below"""


class Totals(NamedTuple):
    """Sums over a tree, its top included; length in bytes, as readers see it."""

    directories: int
    files: int
    length: int


class Store:
    """Nodes, content and documents.

    :param connection: database with the schema of `folder`, in autocommit mode.
    :param blobs: where content lies.
    :param on_close: called once, after the database is closed.
    """

    def __init__(
        self, connection: sqlite3.Connection, blobs: Blobs, on_close: Callable[[], None] | None = None
    ) -> None:
        self.documents = Documents(connection)
        self._connection = connection
        self._blobs = blobs
        self._on_close = on_close
        connection.execute("CREATE TEMP TABLE tree (id INTEGER PRIMARY KEY)")
        self._next_blob: int = connection.execute("SELECT ifnull(max(blob), 0) + 1 FROM segments").fetchone()[
            0
        ]
        self._read: Counter[int] = Counter()
        self._unread: set[int] = set()
        self._written: list[int] = []
        self._dropped: list[int] = []

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes inside are made, durably and at once, or none is; outside, each stands alone.

        :raises StoreError: if they cannot be written: no room, or no access, for instance.
        """
        self._written.clear()
        try:
            self._connection.execute("BEGIN")
            yield
            self._connection.execute("COMMIT")
        except BaseException as error:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            self._dropped.clear()
            self._remove_blobs(self._written)
            if isinstance(error, (sqlite3.Error, OSError)):
                raise StoreError(f"The data folder cannot be used: {error}") from error
            raise
        self._written.clear()
        self._remove_blobs(self._dropped)

    def child(self, parent: int, name: str) -> Node | None:
        """The entry of a directory, or None."""
        row = self._connection.execute(
            "SELECT * FROM nodes WHERE parent = ? AND name = ?", (parent, name)
        ).fetchone()
        return None if row is None else Node._make(row)

    def children(
        self, parent: int, *, after: str = "", before: str | None = None, limit: int | None = None
    ) -> list[Node]:
        """Entries of a directory by name, in the order of their UTF-8 bytes.

        :param after: name that they come after; it need not exist.
        :param before: name that they come before; None for no end.
        :param limit: how many at most; None for all.
        """
        rows = self._connection.execute(
            "SELECT * FROM nodes WHERE parent = ? AND name > ? AND (? IS NULL OR name < ?)"
            " ORDER BY name LIMIT ?",
            (parent, after, before, before, -1 if limit is None else limit),
        )
        return [Node._make(row) for row in rows]

    def insert(self, node: Node) -> Node:
        """Add a node, and return it with its number; the one it comes with is not looked at."""
        number = self._connection.execute(_INSERT, node[1:]).lastrowid
        assert number is not None
        return node._replace(id=number)

    def save(self, node: Node) -> None:
        """Write a changed node; a change of parent or name moves it, with all that is under it."""
        self._connection.execute(_UPDATE, (*node[1:], node.id))

    def touch(self, node: int, modified: int) -> None:
        """Set a node's modification time."""
        self._connection.execute("UPDATE nodes SET modified = ? WHERE id = ?", (modified, node))

    def remove(self, node: Node) -> None:
        """Remove a node with all that is under it."""
        self._gather(node)
        self._drop(
            self._connection.execute(
                "DELETE FROM segments WHERE node IN (SELECT id FROM temp.tree) RETURNING blob"
            )
        )
        self._connection.execute("DELETE FROM nodes WHERE id IN (SELECT id FROM temp.tree)")

    def directories(self, top: Node) -> list[Node]:
        """All directories of a tree, its top included, in no order."""
        self._gather(top)
        rows = self._connection.execute(
            "SELECT * FROM nodes WHERE directory AND id IN (SELECT id FROM temp.tree)"
        )
        return [Node._make(row) for row in rows]

    def totals(self, top: Node) -> Totals:
        """Sums over a tree."""
        self._gather(top)
        row = self._connection.execute(
            "SELECT sum(directory), sum(1 - directory), sum(synced) FROM nodes"
            " WHERE id IN (SELECT id FROM temp.tree)"
        ).fetchone()
        return Totals._make(row)

    def expired(self, now: int) -> list[Node]:
        """Files whose time has come."""
        rows = self._connection.execute("SELECT * FROM nodes WHERE expires > 0 AND expires <= ?", (now,))
        return [Node._make(row) for row in rows]

    def write(self, node: int, offset: int, data: bytes) -> None:
        """Put bytes at the end of a file's content, which is at `offset`; the caller saves the length."""
        if not data:
            return
        last = self._connection.execute(
            "SELECT start, blob, length FROM segments WHERE node = ? ORDER BY start DESC LIMIT 1", (node,)
        ).fetchone()
        if last is None:
            blob = self._next_blob
            self._next_blob += 1
            self._written.append(blob)
            self._blobs.write(blob, 0, data)
            self._connection.execute(
                "INSERT INTO segments (node, start, blob, length) VALUES (?, ?, ?, ?)",
                (node, offset, blob, len(data)),
            )
            return
        start, blob, length = last
        self._blobs.write(blob, length, data)
        self._connection.execute(
            "UPDATE segments SET length = length + ? WHERE node = ? AND start = ?", (len(data), node, start)
        )

    def splice(self, target: int, offset: int, source: int) -> None:
        """Move a file's content to the end of another's, which is at `offset`; no bytes are copied."""
        self._connection.execute(
            "UPDATE segments SET node = ?, start = start + ? WHERE node = ?", (target, offset, source)
        )

    def truncate(self, node: int) -> None:
        """Drop a file's content."""
        self._drop(self._connection.execute("DELETE FROM segments WHERE node = ? RETURNING blob", (node,)))

    def reader(self, node: int, start: int, end: int) -> Reader:
        """The bytes of a file from `start` up to `end`, as they are now, whatever becomes of the file."""
        rows = self._connection.execute(
            "SELECT start, blob, length FROM segments"
            " WHERE node = ? AND start < ? AND start + length > ? ORDER BY start",
            (node, end, start),
        )
        pieces = [
            (blob, max(start - first, 0), min(end - first, length)) for first, blob, length in rows.fetchall()
        ]
        self._read.update(blob for blob, _, _ in pieces)
        return Reader(self._blobs.read, pieces, self._release)

    def sweep(self) -> None:
        """Remove content that no file has: what a killed process had written and not yet named."""
        named = {blob for (blob,) in self._connection.execute("SELECT blob FROM segments")}
        for blob in self._blobs:
            if blob not in named:
                self._blobs.remove(blob)

    def close(self) -> None:
        """Close the database and let go of the folder."""
        self._connection.close()
        if self._on_close is not None:
            self._on_close()
            self._on_close = None

    def _gather(self, top: Node) -> None:
        self._connection.execute("DELETE FROM temp.tree")
        self._connection.execute(_GATHER, (top.id,))

    def _drop(self, blobs: sqlite3.Cursor) -> None:
        self._dropped.extend(blob for (blob,) in blobs)

    def _remove_blobs(self, blobs: list[int]) -> None:
        for blob in blobs:
            if self._read[blob]:
                self._unread.add(blob)
            else:
                self._blobs.remove(blob)
        blobs.clear()

    def _release(self, blobs: list[int]) -> None:
        for blob in blobs:
            self._read[blob] -= 1
            if not self._read[blob]:
                del self._read[blob]
                if blob in self._unread:
                    self._unread.remove(blob)
                    self._blobs.remove(blob)


class Reader:
    """A stretch of a file, to be closed; its blobs stay until then.

    :param read: reads a blob: number, offset, size.
    :param pieces: blob, first byte and end of each piece.
    :param release: told the blobs when the reader closes.
    """

    def __init__(
        self,
        read: Callable[[int, int, int], bytes],
        pieces: list[tuple[int, int, int]],
        release: Callable[[list[int]], None],
    ) -> None:
        self._read = read
        self._pieces = pieces
        self._release: Callable[[list[int]], None] | None = release

    def __iter__(self) -> Iterator[bytes]:
        for blob, start, end in self._pieces:
            for offset in range(start, end, CHUNK):
                yield self._read(blob, offset, min(CHUNK, end - offset))

    def close(self) -> None:
        """Let go of the blobs."""
        if self._release is not None:
            self._release([blob for blob, _, _ in self._pieces])
            self._release = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
