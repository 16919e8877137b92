"""`LookLog` chooses the looks of a long wait that are logged, `ChangeLog` logs them without blocking."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import cached_property
from typing import Any

#: Seconds after which a line is repeated, so that a log shows that the wait goes on.
_HOUR = 3600.0


class LookLog:
    """Chooses the looks that a log needs a line for: the first, each with another result, and one an hour.

    :param clock: returns seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last_key = ""
        self._logged_at = 0.0
        self._looks = 0

    def line(self, text: str, *, key: str | None = None) -> str | None:
        """Return the line for one more look; None if it needs none.

        :param key: value that has to differ from the last time; the text by default.
        """
        key = key or text
        self._looks += 1
        now = self._clock()
        if key != self._last_key:
            line = text
        elif now >= self._logged_at + _HOUR:
            line = f"{text} (after {self._looks} looks)"
        else:
            return None
        self._last_key, self._logged_at = key, now
        return line


class ChangeLog:
    """Mixin that logs what has changed: a trigger that waits for a day would repeat a line a thousand times.

    On Airflow 3 a trigger's log goes through a socket to the triggerer's other process, and after some
    hundred lines a write blocks until that process reads. It does not read while it sends triggers that are
    to be started, so that an event loop blocked in a write would never receive them: a deadlock.
    """

    log: Any

    @cached_property
    def look_log(self) -> LookLog:
        """The looks that were logged."""
        return LookLog()

    async def log_change(self, text: str, *, key: str | None = None, is_error: bool = False) -> None:
        """Log the result of a look if it needs a line, as `LookLog` says.

        :param key: value that has to differ from the last time; the text by default.
        :param is_error: whether it is logged as an error.
        """
        if line := self.look_log.line(text, key=key):
            await asyncio.to_thread(self._write_line, line, is_error=is_error)

    def _write_line(self, text: str, *, is_error: bool) -> None:
        (self.log.error if is_error else self.log.info)("%s", text)
