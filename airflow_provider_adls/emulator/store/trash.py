"""`Trash`: deleted nodes that can be restored, with their paths and times."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlite3


class Deleted(NamedTuple):
    """One item that was deleted.

    :param node: number of the file or directory.
    :param path: its former path.
    :param deleted: when it was deleted, in milliseconds since 1970.
    """

    node: int
    path: str
    deleted: int


class Trash:
    """Items by account, which is the number of its root; the nodes themselves are the store's.

    :param connection: the store's database.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, account: int, item: Deleted) -> None:
        """Add an item."""
        # The row of a node that is gone may still be there, and its number be another's by now.
        self._connection.execute(
            "INSERT OR REPLACE INTO trash (node, account, path, deleted) VALUES (?, ?, ?, ?)",
            (item.node, account, item.path, item.deleted),
        )

    def remove(self, node: int) -> None:
        """Forget an item, if it exists."""
        self._connection.execute("DELETE FROM trash WHERE node = ?", (node,))

    def items(self, account: int) -> list[Deleted]:
        """Return all items of an account, in the order of their nodes' numbers."""
        rows = self._connection.execute(
            "SELECT node, path, deleted FROM trash WHERE account = ? ORDER BY node", (account,)
        )
        return [Deleted._make(row) for row in rows]
