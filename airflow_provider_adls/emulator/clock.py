"""The emulator's clock, which a test can move."""

from __future__ import annotations

import time


class Clock:
    """Wall time plus an offset.

    :param offset: seconds that are added to this machine's time; may be changed at any moment.
    """

    def __init__(self, offset: float = 0.0) -> None:
        self.offset = offset

    def now(self) -> float:
        """Seconds since 1970, UTC."""
        return time.time() + self.offset

    def now_ms(self) -> int:
        """Milliseconds since 1970, UTC: the unit of the service's times."""
        return int(self.now() * 1000)
