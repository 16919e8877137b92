"""Structured messages: content in segments with checksums, as the newest SDKs send it and ask for it.

Form (azure-storage-file-datalake 12.26, `streams.py`): version, length of the whole, flags, count of
segments; of each segment number, length, content and checksum; the checksum of all content. Numbers are
little-endian.
"""

from __future__ import annotations

import struct

from airflow_provider_adls.emulator.faces import crc64
from airflow_provider_adls.emulator.storage.errors import refused

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
    try:
        version, length, flags, count = _HEAD.unpack_from(message)
        if version != _VERSION or length != len(message):
            raise refused("InvalidInput")
        tail = crc64.SIZE if flags & _CRC64 else 0
        place, segments = _HEAD.size, []
        for expected in range(1, count + 1):
            number, size = _SEGMENT_HEAD.unpack_from(message, place)
            place += _SEGMENT_HEAD.size
            segment = message[place : place + size]
            place += size + tail
            if number != expected or place > len(message):
                raise refused("InvalidInput")
            if tail and crc64.checksum(segment) != message[place - tail : place]:
                raise refused("Crc64Mismatch")
            segments.append(segment)
    except struct.error:
        raise refused("InvalidInput") from None
    if place + tail != len(message):
        raise refused("InvalidInput")
    return segments[0] if len(segments) == 1 else b"".join(segments)
