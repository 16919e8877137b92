"""`Documents`: small JSON documents in the same database, Resource Manager's accounts for instance."""

from __future__ import annotations

import json
import sqlite3
from typing import Any


class Documents:
    """JSON objects by kind and key; each call is durable on return.

    :param connection: the store's database.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def get(self, kind: str, key: str) -> dict[str, Any] | None:
        """Return the document, or None."""
        row = self._connection.execute(
            "SELECT value FROM documents WHERE kind = ? AND key = ?", (kind, key)
        ).fetchone()
        return None if row is None else json.loads(row[0])

    def put(self, kind: str, key: str, value: dict[str, Any]) -> None:
        """Store a document, in place of an existing one."""
        self._connection.execute(
            "INSERT OR REPLACE INTO documents (kind, key, value) VALUES (?, ?, ?)",
            (kind, key, json.dumps(value)),
        )

    def delete(self, kind: str, key: str) -> None:
        """Delete a document, if it exists."""
        self._connection.execute("DELETE FROM documents WHERE kind = ? AND key = ?", (kind, key))

    def items(self, kind: str) -> list[tuple[str, dict[str, Any]]]:
        """Return keys and documents of a kind, by key."""
        rows = self._connection.execute(
            "SELECT key, value FROM documents WHERE kind = ? ORDER BY key", (kind,)
        )
        return [(key, json.loads(value)) for key, value in rows]
