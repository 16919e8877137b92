"""Blocks: staged pieces of blobs that a later list of their names puts together."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.store.content import Content, Upload


class Block(NamedTuple):
    """A staged piece of a blob.

    :param id: its name, base64 as the client wrote it.
    :param content: number that its bytes have among the content of files.
    :param length: bytes.
    """

    id: str
    content: int
    length: int


class Blocks:
    """Staged blocks, by container and path: the blob itself need not exist.

    :param connection: the store's database.
    :param content: the content of files.
    """

    def __init__(self, connection: sqlite3.Connection, content: Content) -> None:
        self._connection = connection
        self._content = content

    def stage(self, container: int, path: str, block: Block, data: bytes | Upload) -> None:
        """Keep a block, in place of a staged one of its name.

        :param container: number of the container.
        :param block: its `content` is a number of :meth:`Store.number`.
        """
        self._drop("container = ? AND path = ? AND id = ?", container, path, block.id)
        self._content.write(block.content, 0, data)
        self._connection.execute("INSERT INTO blocks VALUES (?, ?, ?, ?, ?)", (container, path, *block))

    def staged(self, container: int, path: str) -> list[Block]:
        """Return the staged blocks of a blob, by name."""
        rows = self._connection.execute(
            "SELECT id, content, length FROM blocks WHERE container = ? AND path = ? ORDER BY id",
            (container, path),
        )
        return [Block._make(row) for row in rows]

    def take(self, container: int, path: str) -> None:
        """Forget the staged blocks of a blob; content that was not moved elsewhere is dropped."""
        self._drop("container = ? AND path = ?", container, path)

    def drop(self, container: int) -> None:
        """Drop all staged blocks of a container."""
        self._drop("container = ?", container)

    def _drop(self, where: str, *values: object) -> None:
        rows = self._connection.execute(
            f"DELETE FROM blocks WHERE {where} RETURNING content",  # noqa: S608 - our own SQL
            values,
        ).fetchall()
        for (content,) in rows:
            self._content.drop("?", content)
