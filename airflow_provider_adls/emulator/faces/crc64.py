"""The CRC-64 of the storage service: polynomial 0x9A6C9329AC4BC9B5, reflected (NVMe's).

Checked against a recorded value: `H` gives `MlSW/U5mnKQ=`. A loop over bytes takes a second for a few
megabytes, so long content is cut into stripes, whose checksums go forward together, a byte of each at a
time, by operations of Python on long strings of bytes.
"""

from __future__ import annotations

import base64
import functools

#: Bytes of a checksum.
SIZE = 8
_POLYNOMIAL = 0x9A6C9329AC4BC9B5
_ONES = (1 << 64) - 1
#: Bytes of a stripe, and of content from which on it is cut into stripes.
_STRIPE, _LONG = 1024, 64 * 1024


def digest(data: bytes) -> str:
    """Return the checksum as headers have it: base64 of its bytes."""
    return base64.b64encode(checksum(data)).decode()


def checksum(data: bytes, before: bytes = bytes(SIZE)) -> bytes:
    """Return the bytes of the checksum, the lowest first.

    :param before: checksum of the content that stands before it.
    """
    crc, place = int.from_bytes(before, "little") ^ _ONES, 0
    if len(data) >= _LONG:
        place = len(data) // _STRIPE * _STRIPE
        shifts = _shifts()
        for stripe in _striped(data, place // _STRIPE):
            shifted = 0
            for table in shifts:
                shifted ^= table[crc & 0xFF]
                crc >>= 8
            crc = shifted ^ stripe
    table = _table()
    for byte in data[place:]:
        crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF]
    return (crc ^ _ONES).to_bytes(SIZE, "little")


def _striped(data: bytes, count: int) -> list[int]:
    """Return the checksum of each stripe, begun with zero."""
    end = count * _STRIPE
    # The n-th bytes of all checksums together.
    planes = [0] * SIZE
    translations = _translations()
    for place in range(_STRIPE):
        column = int.from_bytes(data[place:end:_STRIPE], "little")
        indices = (planes[0] ^ column).to_bytes(count, "little")
        looked_up = [int.from_bytes(indices.translate(table), "little") for table in translations]
        planes = [plane ^ found for plane, found in zip([*planes[1:], 0], looked_up, strict=True)]
    together = bytearray(SIZE * count)
    for number, plane in enumerate(planes):
        together[number::SIZE] = plane.to_bytes(count, "little")
    return [
        int.from_bytes(together[start : start + SIZE], "little") for start in range(0, len(together), SIZE)
    ]


@functools.cache
def _table() -> tuple[int, ...]:
    found = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = crc >> 1 ^ (_POLYNOMIAL if crc & 1 else 0)
        found.append(crc)
    return tuple(found)


@functools.cache
def _translations() -> tuple[bytes, ...]:
    """Return the table by the bytes of its values."""
    table = _table()
    return tuple(bytes(crc >> 8 * number & 0xFF for crc in table) for number in range(SIZE))


@functools.cache
def _shifts() -> tuple[tuple[int, ...], ...]:
    """Return what a stripe of zeros makes of a checksum, by each of its bytes."""
    table = _table()
    basis = []
    for bit in range(64):
        crc = 1 << bit
        for _ in range(_STRIPE):
            crc = crc >> 8 ^ table[crc & 0xFF]
        basis.append(crc)

    def shifted(number: int, byte: int) -> int:
        crc = 0
        for bit in range(8):
            if byte >> bit & 1:
                crc ^= basis[8 * number + bit]
        return crc

    return tuple(tuple(shifted(number, byte) for byte in range(256)) for number in range(SIZE))
