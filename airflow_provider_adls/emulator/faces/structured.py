"""Structured messages: content in segments with checksums, as the newest SDKs send it and ask for it.

Form (azure-storage-file-datalake 12.26, `streams.py`): version, length of the whole, flags, count of
segments; of each segment number, length, content and checksum; the checksum of all content. Numbers are
little-endian.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from airflow_provider_adls.emulator.faces import crc64
from airflow_provider_adls.emulator.gen2.errors import refused

HEADER, LENGTH = "x-ms-structured-body", "x-ms-structured-content-length"
#: The only form that there is.
FORM = "XSM/1.0; properties=crc64"
#: Bytes of content of a segment of an answer.
SEGMENT = 4 * 1024 * 1024
_VERSION, _CRC64 = 1, 1
_HEAD, _SEGMENT_HEAD = struct.Struct("<BQHH"), struct.Struct("<HQ")


def encoded(data: bytes) -> bytes:
    """Return content as a message."""
    segments = [data[start : start + SEGMENT] for start in range(0, len(data), SEGMENT)] or [b""]
    parts: list[bytes] = []
    for number, segment in enumerate(segments, 1):
        parts += [_SEGMENT_HEAD.pack(number, len(segment)), segment, crc64.checksum(segment)]
    parts.append(parts[-1] if len(segments) == 1 else crc64.checksum(data))
    length = _HEAD.size + sum(map(len, parts))
    return b"".join((_HEAD.pack(_VERSION, length, _CRC64, len(segments)), *parts))


def decoded(message: bytes) -> bytes:
    """Return the content of a message.

    :raises StorageError: if it is cut off, malformed, or a checksum is another content's.
    """
    decoder = Decoder()
    content = b"".join(decoder.decoded(message))
    decoder.end()
    return content


class Decoder:
    """Takes the content out of a message that comes in parts of any length."""

    def __init__(self) -> None:
        self._buffer = b""
        self._received = self._length = 0
        #: Segments of the message, and number of the current one; bytes of its content to come.
        self._count = self._number = self._left = 0
        self._crc = bytes(crc64.SIZE)
        self._tail = 0
        #: Bytes of the next field after the content, and what reads it; None after the last field.
        self._field: tuple[int, Callable[[bytes], None]] | None = (_HEAD.size, self._read_head)

    def decoded(self, data: bytes) -> Iterator[bytes]:
        """Return the content in the next part of the message.

        :raises StorageError: if it is malformed, or a checksum is another content's.
        """
        self._received += len(data)
        self._buffer += data
        while True:
            if self._left:
                piece = self._buffer[: self._left]
                if not piece:
                    return
                self._buffer = self._buffer[len(piece) :]
                self._left -= len(piece)
                if self._tail:
                    self._crc = crc64.checksum(piece, self._crc)
                yield piece
                continue
            if self._field is None or len(self._buffer) < self._field[0]:
                return
            size, read = self._field
            field, self._buffer = self._buffer[:size], self._buffer[size:]
            read(field)

    def end(self) -> None:
        """Check that the message is whole.

        :raises StorageError: if it is cut off, or longer than it says.
        """
        if self._field is not None or self._received != self._length:
            raise refused("InvalidInput")

    def _read_head(self, field: bytes) -> None:
        version, self._length, flags, self._count = _HEAD.unpack(field)
        if version != _VERSION:
            raise refused("InvalidInput")
        self._tail = crc64.SIZE if flags & _CRC64 else 0
        self._expect_segment()

    def _expect_segment(self) -> None:
        if self._number < self._count:
            self._field = _SEGMENT_HEAD.size, self._read_segment
        else:
            self._field = self._tail, self._read_end

    def _read_segment(self, field: bytes) -> None:
        number, self._left = _SEGMENT_HEAD.unpack(field)
        self._number += 1
        if number != self._number:
            raise refused("InvalidInput")
        self._crc = bytes(crc64.SIZE)
        self._field = self._tail, self._read_checksum

    def _read_checksum(self, field: bytes) -> None:
        if field and field != self._crc:
            raise refused("Crc64Mismatch")
        self._expect_segment()

    def _read_end(self, _checksum: bytes) -> None:
        self._field = None
