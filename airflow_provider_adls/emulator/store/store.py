"""`Store`: a tree of nodes, their content, and documents.

A store is used by one thread at a time.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple

from airflow_provider_adls.emulator.store.appended import Appended
from airflow_provider_adls.emulator.store.blocks import Blocks
from airflow_provider_adls.emulator.store.content import Content, Reader, Upload
from airflow_provider_adls.emulator.store.directory_cache import DirectoryCache
from airflow_provider_adls.emulator.store.documents import Documents
from airflow_provider_adls.emulator.store.errors import StoreError
from airflow_provider_adls.emulator.store.nodes import Node
from airflow_provider_adls.emulator.store.trash import Trash

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.store.blobs import Blobs

# Columns stand in the order of `Node`'s fields.
_INSERT = "INSERT INTO nodes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_UPDATE = """UPDATE nodes SET parent = ?, name = ?, directory = ?, length = ?, synced = ?, created = ?,
    modified = ?, accessed = ?, expires = ?, permission = ?, owner = ?, "group" = ?, acl = ?, lease = ?,
    leased = ?, stream = ?, etag = ?, properties = ? WHERE id = ?"""
_GATHER = """INSERT INTO temp.tree WITH RECURSIVE below (id) AS
    (SELECT ? UNION ALL SELECT nodes.id FROM nodes JOIN below ON nodes.parent = below.id)
    SELECT id FROM below"""


class Totals(NamedTuple):
    """Sums over a tree, its top included; length in bytes, as readers see it."""

    directories: int
    files: int
    length: int


class _Transaction:
    """A block whose changes are made at once, or not at all.

    It is a class, since every request has one and a generator takes twice the time.
    """

    def __init__(self, connection: sqlite3.Connection, content: Content, directories: DirectoryCache) -> None:
        self._connection = connection
        self._content = content
        self._directories = directories

    def __enter__(self) -> None:
        self._connection.execute("BEGIN")
        self._content.begin()

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if error is None:
            try:
                self._connection.execute("COMMIT")
            except BaseException as failure:
                self._roll_back(failure)
                raise
            self._content.commit()
        else:
            self._roll_back(error)

    def _roll_back(self, error: BaseException) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        self._directories.clear()
        self._content.roll_back()
        if isinstance(error, (sqlite3.Error, OSError)):
            raise StoreError(f"The data folder cannot be used: {error}") from error


class Store:
    """Nodes, content and documents.

    :param connection: database with the schema of `folder`, in autocommit mode.
    :param blobs: hold content.
    :param on_close: called once, after the database is closed.
    """

    def __init__(
        self, connection: sqlite3.Connection, blobs: Blobs, on_close: Callable[[], None] | None = None
    ) -> None:
        self.documents = Documents(connection)
        self.trash = Trash(connection)
        self._connection = connection
        self._content = Content(connection, blobs)
        self.appended = Appended(connection, self._content)
        self.blocks = Blocks(connection, self._content)
        self._directories = DirectoryCache()
        self._on_close = on_close
        numbers = "SELECT max(id) AS number FROM nodes UNION ALL SELECT max(content) FROM blocks"
        self._next: int
        (self._next,) = connection.execute(f"SELECT ifnull(max(number), 0) + 1 FROM ({numbers})").fetchone()  # noqa: S608 - our own SQL
        # When the next file expires, or before: of most lakes none ever does, and every request asks.
        self._next_expiry = 0.0
        connection.execute("CREATE TEMP TABLE tree (id INTEGER PRIMARY KEY)")

    def transaction(self) -> _Transaction:
        """Make all changes of the block at once and durably, or none; outside, each change stands alone.

        :raises StoreError: if they cannot be written: no room, or no access, for instance.
        """
        return _Transaction(self._connection, self._content, self._directories)

    def child(self, parent: int, name: str) -> Node | None:
        """Return the entry of a directory, or None."""
        directory = self._directories.get(parent, name)
        if directory is not None:
            return directory
        row = self._connection.execute(
            "SELECT * FROM nodes WHERE parent = ? AND name = ?", (parent, name)
        ).fetchone()
        if row is None:
            return None
        node = Node._make(row)
        if node.directory:
            self._directories.put(node)
        return node

    def children(
        self, parent: int, *, after: str = "", before: str | None = None, limit: int | None = None
    ) -> list[Node]:
        """Return the entries of a directory by name, in the order of their UTF-8 bytes.

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
        """Add a node, and return it with its new number."""
        node = node._replace(id=self.number())
        self._connection.execute(_INSERT, node)
        self._changed(node)
        return node

    def number(self) -> int:
        """Return a number that no node has, nor will have while the store is open."""
        number = self._next
        self._next += 1
        return number

    def save(self, node: Node) -> None:
        """Write a changed node; a change of parent or name moves it, with all that is under it."""
        self._connection.execute(_UPDATE, (*node[1:], node.id))
        self._changed(node)

    def touch(self, node: int, modified: int) -> None:
        """Set a node's modification time."""
        directory = self._directories.by_id(node)
        if directory is not None:
            if directory.modified == modified:
                return
            self._directories.put(directory._replace(modified=modified))
        self._connection.execute("UPDATE nodes SET modified = ? WHERE id = ?", (modified, node))

    def remove(self, node: Node) -> None:
        """Remove a node with all that is under it."""
        if not node.directory:
            self._content.drop("?, ?", node.id, -node.id)
            self._connection.execute("DELETE FROM nodes WHERE id = ?", (node.id,))
            return
        self._directories.clear()
        self._gather(node)
        # What was appended and not flushed stands under the number's negative.
        self._content.drop("SELECT id FROM temp.tree UNION ALL SELECT -id FROM temp.tree")
        self._connection.execute("DELETE FROM nodes WHERE id IN (SELECT id FROM temp.tree)")

    def directories(self, top: Node) -> list[Node]:
        """Return all directories of a tree, its top included, in no order."""
        self._gather(top)
        rows = self._connection.execute(
            "SELECT * FROM nodes WHERE directory AND id IN (SELECT id FROM temp.tree)"
        )
        return [Node._make(row) for row in rows]

    def totals(self, top: Node) -> Totals:
        """Return the sums over a tree."""
        self._gather(top)
        row = self._connection.execute(
            "SELECT sum(directory), sum(1 - directory), sum(synced) FROM nodes"
            " WHERE id IN (SELECT id FROM temp.tree)"
        ).fetchone()
        return Totals._make(row)

    def expired(self, now: int) -> list[Node]:
        """Return the files that have expired."""
        if now < self._next_expiry:
            return []
        rows = self._connection.execute("SELECT * FROM nodes WHERE expires > 0 AND expires <= ?", (now,))
        nodes = [Node._make(row) for row in rows]
        if not nodes:
            (first,) = self._connection.execute("SELECT min(expires) FROM nodes WHERE expires > 0").fetchone()
            self._next_expiry = math.inf if first is None else first
        return nodes

    def upload(self) -> Upload:
        """Return empty content, to be filled outside of transactions and then written to a file."""
        return self._content.upload()

    def write(self, node: int, offset: int, data: bytes | Upload) -> None:
        """Put bytes at the end of a file's content, which is at `offset`; the caller saves the length."""
        self._content.write(node, offset, data)

    def splice(self, target: int, offset: int, source: int) -> None:
        """Move a file's content to the end of another's, which is at `offset`; no bytes are copied."""
        self._content.splice(target, offset, source)

    def copy(self, source: int, start: int, end: int, target: int, offset: int) -> None:
        """Copy a stretch of a file's content to the end of another's, which is at `offset`.

        It becomes a segment of its own, which `move` can move.
        """
        self._content.copy(source, start, end, target, offset)

    def move(self, source: int, start: int, length: int, target: int, offset: int) -> None:
        """Move a stretch of a file's content, of whole segments, to an offset in another's."""
        self._content.move(source, start, length, target, offset)

    def truncate(self, node: int) -> None:
        """Drop a file's content, and its unflushed bytes."""
        self._content.drop("?, ?", node, -node)

    def reader(self, node: int, start: int, end: int) -> Reader:
        """Return a reader of a file from `start` up to `end`; later changes of the file do not change it."""
        return self._content.reader(node, start, end)

    def close(self) -> None:
        """Close the database and let go of the folder."""
        self._content.close()
        self._connection.close()
        if self._on_close is not None:
            self._on_close()
            self._on_close = None

    def _gather(self, top: Node) -> None:
        self._connection.execute("DELETE FROM temp.tree")
        self._connection.execute(_GATHER, (top.id,))

    def _changed(self, node: Node) -> None:
        self._directories.put(node)
        if node.expires:
            self._next_expiry = min(self._next_expiry, node.expires)
