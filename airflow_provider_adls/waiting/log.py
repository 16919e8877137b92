"""What a trigger says in its log, without holding up the event loop that all triggers share."""

from __future__ import annotations

import asyncio
from typing import Any


class Saying:
    """Logs what is new; a trigger that waits for a day would say the same a thousand times.

    On Airflow 3 a trigger's log goes through a socket to the triggerer's other process, and after some
    hundred lines a write blocks until that one reads. While it sends the triggers that are to be started it
    does not, so that a loop that is blocked in a write would never read them: both would wait for ever.
    """

    log: Any
    _said = ""

    async def say(self, text: str, *, news: str | None = None, lasts: bool = False) -> None:
        """Log a text.

        :param news: what must be another than the last time; the text, if nothing else is given.
        :param lasts: whether it is an error.
        """
        news = news or text
        if news != self._said:
            self._said = news
            await asyncio.to_thread(self._write_line, text, lasts=lasts)

    def _write_line(self, text: str, *, lasts: bool) -> None:
        (self.log.error if lasts else self.log.info)("%s", text)
