"""`Content`: the content of files, as segments with their bytes in the database or in a blob.

A small file is one row, so that one write to the log holds all of it; a segment that outgrows the
database moves out into a blob. A blob's bytes beyond the length that the row names do not count.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple, Self

from airflow_provider_adls.emulator.store.errors import StoreError

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.store.blobs import Blobs

#: Bytes that a reader takes at a time: what a streamed answer holds in memory.
CHUNK = 256 * 1024
#: Bytes up to which a segment lies in the database: more is slower there than in a file of its own.
INLINE = 64 * 1024
#: Blobs that are removed at once; more are removed in a thread, for that takes the system a while.
AT_ONCE = 64


class Piece(NamedTuple):
    """A range of one segment: number of the segment, first byte, end, and whether it is in a blob."""

    number: int
    start: int
    end: int
    out: bool


class Upload:
    """Content that is received before its file is known: in a segment of its own, so that no memory holds it.

    :param blobs: hold it.
    :param number: of the segment.
    """

    def __init__(self, blobs: Blobs, number: int) -> None:
        self._blobs = blobs
        self.number = number
        self.length = 0
        self.taken = False

    def __len__(self) -> int:
        return self.length

    def add(self, data: bytes) -> None:
        """Put bytes at its end.

        :raises StoreError: if they cannot be written.
        """
        try:
            self._blobs.write(self.number, self.length, data)
        except OSError as error:
            raise StoreError(f"The data folder cannot be used: {error}") from error
        self.length += len(data)

    def close(self) -> None:
        """Remove it, unless a file has taken it."""
        if not self.taken:
            self._blobs.remove(self.number)


class Content:
    """Content of files, by the number of their node. All but reading is done inside a transaction.

    :param connection: the store's database.
    :param blobs: hold big segments.
    """

    def __init__(self, connection: sqlite3.Connection, blobs: Blobs) -> None:
        self._connection = connection
        self._blobs = blobs
        self._next = 0
        self._read: Counter[int] = Counter()
        self._unread: set[int] = set()
        self._written: list[int] = []
        self._dropped: list[int] = []
        self._remover = ThreadPoolExecutor(1, "adls-gen1-remover")
        self._sweep()

    def upload(self) -> Upload:
        """Return empty content, to be filled outside of transactions and then written to a file."""
        self._next += 1
        return Upload(self._blobs, self._next - 1)

    def write(self, node: int, offset: int, data: bytes | Upload) -> None:
        """Put bytes at the end of a file's content, which is at `offset`."""
        if not data:
            return
        if isinstance(data, Upload):
            self.add(node, offset, data)
            return
        last = None
        if offset:
            last = self._connection.execute(
                "SELECT number, length, data IS NULL FROM segments WHERE node = ?"
                " ORDER BY start DESC LIMIT 1",
                (node,),
            ).fetchone()
        if last is None:
            self.add(node, offset, data)
            return
        number, length, out = last
        if not out and length + len(data) <= INLINE:
            self._connection.execute(
                "UPDATE segments SET data = CAST(data || ? AS BLOB), length = length + ? WHERE number = ?",
                (data, len(data), number),
            )
            return
        if not out:
            self._move_out(number)
        self._blobs.write(number, length, data)
        self._connection.execute(
            "UPDATE segments SET length = length + ?, data = NULL WHERE number = ?", (len(data), number)
        )

    def add(self, node: int, offset: int, data: bytes | Upload) -> None:
        """Put bytes at an offset, as a segment of their own."""
        if isinstance(data, Upload):
            data.taken = True
            self._written.append(data.number)
            self._insert(data.number, node, offset, data.length, None)
            return
        number = self._next
        self._next += 1
        inside = len(data) <= INLINE
        if not inside:
            self._written.append(number)
            self._blobs.write(number, 0, data)
        self._insert(number, node, offset, len(data), data if inside else None)

    def copy(self, source: int, start: int, end: int, target: int, offset: int) -> None:
        """Copy a stretch of a file's content to an offset in another's, as a segment of its own."""
        if start == end:
            return
        with self.reader(source, start, end) as reader:
            if end - start <= CHUNK:
                self.add(target, offset, b"".join(reader))
                return
            upload = self.upload()
            try:
                for chunk in reader:
                    upload.add(chunk)
                self.add(target, offset, upload)
            finally:
                upload.close()

    def splice(self, target: int, offset: int, source: int) -> None:
        """Move a file's content to the end of another's, which is at `offset`; no bytes are copied."""
        self._connection.execute(
            "UPDATE segments SET node = ?, start = start + ? WHERE node = ?", (target, offset, source)
        )

    def move(self, source: int, start: int, length: int, target: int, offset: int) -> None:
        """Move a stretch of a file's content, of whole segments, to an offset in another's."""
        self._connection.execute(
            "UPDATE segments SET node = ?, start = start + ? WHERE node = ? AND start >= ? AND start < ?",
            (target, offset - start, source, start, start + length),
        )

    def drop(self, nodes: str, *values: int) -> None:
        """Drop the content of files.

        :param nodes: SQL of a set of nodes' numbers.
        """
        if self._read:
            inside = self._connection.execute(
                f"SELECT number FROM segments WHERE data IS NOT NULL AND node IN ({nodes})",  # noqa: S608 - our own SQL
                values,
            ).fetchall()
            for number in self._read.keys() & {number for (number,) in inside}:
                # Its reader continues in a blob, which is removed when the reader closes.
                self._move_out(number)
                self._dropped.append(number)
        rows = self._connection.execute(
            f"DELETE FROM segments WHERE node IN ({nodes}) RETURNING number, data IS NULL",  # noqa: S608 - as above
            values,
        )
        self.dropped(rows)

    def dropped(self, rows: Iterable[tuple[int, int]]) -> None:
        """Remember to remove the blobs of segments whose rows were deleted.

        :param rows: number of each segment, and whether it is in a blob.
        """
        self._dropped.extend(number for number, out in rows if out)

    def reader(self, node: int, start: int, end: int) -> Reader:
        """Return a reader of a file from `start` up to `end`; later changes of the file do not change it."""
        rows = self._connection.execute(
            "SELECT start, number, length, data IS NULL FROM segments"
            " WHERE node = ? AND start < ? AND start + length > ? ORDER BY start",
            (node, end, start),
        )
        pieces = [
            Piece(number, max(start - first, 0), min(end - first, length), bool(out))
            for first, number, length, out in rows.fetchall()
        ]
        self._read.update(piece.number for piece in pieces)
        return Reader(self._bytes, pieces, self._release)

    def begin(self) -> None:
        """Begin a transaction."""
        self._written.clear()

    def commit(self) -> None:
        """End a transaction that was committed: remove dropped blobs."""
        if not self._dropped:
            return
        unread = [number for number in self._dropped if not self._read[number]]
        self._unread.update(set(self._dropped).difference(unread))
        self._dropped.clear()
        self._remove(unread)

    def roll_back(self) -> None:
        """End a transaction that was rolled back: remove written blobs."""
        self._dropped.clear()
        for number in self._written:
            self._blobs.remove(number)
        self._written.clear()

    def close(self) -> None:
        """Stop removing; left blobs are removed when the folder is opened next."""
        self._remover.shutdown(cancel_futures=True)

    def _sweep(self) -> None:
        # A killed process leaves blobs that it had written and not yet named, or dropped and not yet removed.
        named = {
            number for (number,) in self._connection.execute("SELECT number FROM segments WHERE data IS NULL")
        }
        left = [number for number in self._blobs if number not in named]
        (last,) = self._connection.execute("SELECT ifnull(max(number), 0) FROM segments").fetchone()
        # No number that is about to be removed is given again.
        self._next = max(last, *left) + 1 if left else last + 1
        self._remove(left)

    def _insert(self, number: int, node: int, offset: int, length: int, data: bytes | None) -> None:
        self._connection.execute(
            "INSERT INTO segments (number, node, start, length, data) VALUES (?, ?, ?, ?, ?)",
            (number, node, offset, length, data),
        )

    def _move_out(self, number: int) -> None:
        (data,) = self._connection.execute("SELECT data FROM segments WHERE number = ?", (number,)).fetchone()
        self._written.append(number)
        self._blobs.write(number, 0, data)

    def _bytes(self, piece: Piece, offset: int, size: int) -> bytes:
        if not piece.out:
            row = self._connection.execute(
                "SELECT substr(data, ?, ?) FROM segments WHERE number = ? AND data IS NOT NULL",
                (offset + 1, size, piece.number),
            ).fetchone()
            if row is not None:
                return bytes(row[0])
        return self._blobs.read(piece.number, offset, size)

    def _remove(self, numbers: list[int]) -> None:
        for number in numbers[:AT_ONCE]:
            self._blobs.remove(number)
        for start in range(AT_ONCE, len(numbers), AT_ONCE):
            self._remover.submit(self._remove, numbers[start : start + AT_ONCE])

    def _release(self, pieces: list[Piece]) -> None:
        for number in {piece.number for piece in pieces}:
            self._read[number] -= 1
            if not self._read[number]:
                del self._read[number]
                if number in self._unread:
                    self._unread.remove(number)
                    self._blobs.remove(number)


class Reader:
    """A range of a file, whose bytes stay until it is closed. It is read once.

    :param read: reads a piece: from an offset in its segment, so many bytes.
    :param pieces: the pieces of its range.
    :param release: called with the pieces when the reader closes.
    """

    def __init__(
        self,
        read: Callable[[Piece, int, int], bytes],
        pieces: list[Piece],
        release: Callable[[list[Piece]], None],
    ) -> None:
        self._read = read
        self._pieces = pieces
        self._release: Callable[[list[Piece]], None] | None = release
        self._chunks = self._all()

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks

    def begin(self) -> None:
        """Read the first bytes, for later.

        :raises StoreError: if they cannot be read; it is closed then.
        """
        try:
            first = next(self._chunks)
        except BaseException:
            self.close()
            raise
        self._chunks = itertools.chain([first], self._chunks)

    def _all(self) -> Iterator[bytes]:
        for piece in self._pieces:
            for offset in range(piece.start, piece.end, CHUNK):
                size = min(CHUNK, piece.end - offset)
                try:
                    data = self._read(piece, offset, size)
                except (sqlite3.Error, OSError) as error:
                    raise StoreError(f"The data folder cannot be used: {error}") from error
                if len(data) < size:
                    raise StoreError(f"The data folder is damaged: content {piece.number:x} is cut off")
                yield data

    def close(self) -> None:
        """Let go of the bytes."""
        if self._release is not None:
            self._release(self._pieces)
            self._release = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
