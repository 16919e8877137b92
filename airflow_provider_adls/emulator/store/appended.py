"""Appended: bytes of a file that were appended at offsets of the caller's choice, and are not flushed yet.

They stand among the content's segments under the negative of the file's number, until a flush makes them
the file's own; no bytes are copied.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.store.content import Content, Upload


class Appended:
    """Unflushed bytes of files, by the number of their node. All is done inside a transaction.

    :param connection: the store's database.
    :param content: the content of files.
    """

    def __init__(self, connection: sqlite3.Connection, content: Content) -> None:
        self._connection = connection
        self._content = content

    def add(self, node: int, offset: int, data: bytes | Upload) -> None:
        """Put bytes at an offset, in place of those that were appended at the same one before."""
        self._content.dropped(
            self._connection.execute(
                "DELETE FROM segments WHERE node = ? AND start = ? RETURNING number, data IS NULL",
                (-node, offset),
            )
        )
        self._content.add(-node, offset, data)

    def flush(self, node: int, length: int, end: int, *, keep_rest: bool) -> bool:
        """Flush the appended bytes of a file from its length up to an end.

        :param length: of the file; bytes appended before it are dropped.
        :param end: the file's new length.
        :param keep_rest: whether bytes appended from the end on stay for a later flush.
        :return: False if the bytes do not reach from the length to the end, without gap or overlap; then
            nothing is changed.
        """
        found = self._connection.execute(
            "SELECT start, length FROM segments WHERE node = ? ORDER BY start", (-node,)
        ).fetchall()
        rows = [(start, size) for start, size in found if start < end and start + size > length]
        reached = length
        for start, size in rows:
            if start != reached:
                return False
            reached += size
        if reached != end:
            return False
        if rows:
            self._connection.execute(
                "UPDATE segments SET node = ? WHERE node = ? AND start >= ? AND start < ?",
                (node, -node, length, end),
            )
        if len(rows) < len(found):
            self._content.dropped(
                self._connection.execute(
                    "DELETE FROM segments WHERE node = ? AND start < ? RETURNING number, data IS NULL",
                    (-node, end if keep_rest else 1 << 62),
                )
            )
        return True
