"""`Clock`: the emulator's clock, which a test can set and move."""

from __future__ import annotations

import datetime as dt
import math
import time
from typing import TypeGuard

from airflow_provider_adls.emulator.errors import ArgumentError

#: The year 9999, the last that the answers can write.
_LAST = dt.datetime(9999, 1, 1, tzinfo=dt.UTC).timestamp()


class Clock:
    """This machine's time, until it is set or moved; it goes on from there, second by second.

    Whatever the emulator does by time follows it: tokens and secrets end, files expire, leases lapse. What
    has come to pass stays so when the clock goes back: an expired file is gone.

    :ivar offset: seconds that it is ahead of this machine's time.
    """

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> float:
        """Return seconds since 1970, UTC."""
        return time.time() + self.offset

    def now_ms(self) -> int:
        """Return milliseconds since 1970, UTC: the unit of the service's times."""
        return int(self.now() * 1000)

    def set(self, moment: float | dt.datetime) -> None:
        """Set it, to earlier or later; tokens issued later than the new time are not valid yet.

        :param moment: seconds since 1970, or a time with its zone.
        :raises ArgumentError: for a time without a zone, before 1970 or after 9998.
        """
        self._go_to(_seconds(moment), "time", moment)

    def move(self, seconds: float) -> None:
        """Let time pass. Time goes on only; an earlier time is :meth:`set`.

        :raises ArgumentError: for less than 0 seconds, or beyond the year 9998.
        """
        if not _is_number(seconds) or not seconds >= 0:
            raise ArgumentError("move", f"move must be seconds, 0 or more, not {seconds!r}")
        self._go_to(self.now() + seconds, "move", seconds)

    def reset(self) -> None:
        """Go back to this machine's time."""
        self.offset = 0.0

    def _go_to(self, seconds: float, field: str, given: object) -> None:
        if not 0 <= seconds < _LAST:
            raise ArgumentError(field, f"{field} must lead to a time from 1970 to 9998, not by {given!r}")
        self.offset = seconds - time.time()


def _seconds(moment: object) -> float:
    if isinstance(moment, dt.datetime):
        if moment.tzinfo is None:
            raise ArgumentError("time", f"time must have a zone: {moment.isoformat()} has none")
        return moment.timestamp()
    if not _is_number(moment):
        raise ArgumentError("time", f"time must be seconds since 1970 or a date, not {moment!r}")
    return moment


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
