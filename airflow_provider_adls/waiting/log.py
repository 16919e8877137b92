"""`ChangeLog`: a trigger's log, without repetition, and without blocking the event loop of all triggers."""

from __future__ import annotations

import asyncio
from typing import Any


class ChangeLog:
    """Mixin that logs what has changed: a trigger that waits for a day would repeat a line a thousand times.

    On Airflow 3 a trigger's log goes through a socket to the triggerer's other process, and after some
    hundred lines a write blocks until that process reads. It does not read while it sends triggers that are
    to be started, so that an event loop blocked in a write would never receive them: a deadlock.
    """

    log: Any
    _last_key = ""

    async def log_change(self, text: str, *, key: str | None = None, is_error: bool = False) -> None:
        """Log a text, unless its key is that of the last one.

        :param key: what has to differ from the last time; by default the text.
        :param is_error: whether it is logged as an error.
        """
        key = key or text
        if key != self._last_key:
            self._last_key = key
            await asyncio.to_thread(self._write_line, text, is_error=is_error)

    def _write_line(self, text: str, *, is_error: bool) -> None:
        (self.log.error if is_error else self.log.info)("%s", text)
