"""Versions: the numbers behind ETags, which are times in ticks of 100 ns since the year 1 (recorded)."""

from __future__ import annotations

_TICKS_PER_MS = 10_000
_EPOCH = 621_355_968_000_000_000
#: The same, since the year 1601: how listings and deletion ids write times (recorded).
_FILE_EPOCH = 116_444_736_000_000_000


class Versions:
    """Gives each change of the store a number of its own, greater than all before."""

    def __init__(self) -> None:
        self._last = 0

    def next(self, now: int, above: int = 0) -> int:
        """Return a new number.

        :param now: milliseconds since 1970.
        :param above: number that it is greater than: that of the version before.
        """
        self._last = max(now * _TICKS_PER_MS + _EPOCH, self._last + 1, above + 1)
        return self._last


def etag(version: int) -> str:
    """Return an ETag, without quotes."""
    return f"0x{version:X}"


def file_time(milliseconds: int) -> int:
    """Return a time in ticks of 100 ns since 1601.

    :param milliseconds: since 1970.
    """
    return milliseconds * _TICKS_PER_MS + _FILE_EPOCH
