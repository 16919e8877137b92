"""Ranges: the stretch of a file that a read asks for."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from airflow_provider_adls.emulator.gen2.errors import refused

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.faces.asks import Ask

_RANGE = re.compile(r"bytes=(\d+)-(\d*)")
#: An end from which on a range counts as none (recorded, of one near 2 ** 64).
_NO_END = 1 << 63


class Stretch(NamedTuple):
    """Bytes of a file from `start` up to `end`.

    :param partial: whether a range was asked for.
    """

    start: int
    end: int
    partial: bool


def stretch(ask: Ask, length: int) -> Stretch:
    """Return what a read asks for of a file of a length; a malformed range asks for all of it (docs).

    :raises StorageError: if the range begins at the end of the file or beyond it (recorded).
    """
    match = _RANGE.fullmatch(ask.header("x-ms-range") or ask.header("Range"))
    if match is None:
        return Stretch(0, length, partial=False)
    start, last = int(match[1]), int(match[2]) if match[2] else length - 1
    if last >= _NO_END or (match[2] and last < start):
        return Stretch(0, length, partial=False)
    if start >= length:
        raise refused("InvalidRange", {"Content-Range": f"bytes */{length}"})
    return Stretch(start, min(last + 1, length), partial=True)
