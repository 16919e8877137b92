"""`Rate`: how many requests a second an account takes before it throttles."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.errors import ArgumentError
from airflow_provider_adls.emulator.faults.checks import whole

if TYPE_CHECKING:
    from collections.abc import Callable

#: Seconds of requests that may come at once.
_BURST = 0.1


class Rate:
    """A bucket of requests for each account, which fills again at a steady rate.

    :param now: returns seconds on a steady clock.
    """

    def __init__(self, a_second: int, now: Callable[[], float] = time.monotonic) -> None:
        self.a_second = a_second
        self._most = max(1.0, a_second * _BURST)
        self._now = now
        self._left: dict[str | None, tuple[float, float]] = {}

    def take(self, account: str | None) -> bool:
        """Return whether a request to an account is within the rate, and count it if it is."""
        now = self._now()
        left, at = self._left.get(account, (self._most, now))
        left = min(self._most, left + (now - at) * self.a_second)
        taken = left >= 1
        self._left[account] = (left - taken, now)
        return taken


def rate(value: int | None, **others: int | None) -> Rate | None:
    """Return the rate of a rule, checked; None for a rule without.

    :param others: arguments that say otherwise at which requests the rule fires.
    :raises ArgumentError: for a rate that is not a whole number from 1 on, or stands beside another argument.
    """
    if value is None:
        return None
    whole("rate", value, least=1)
    for name, other in others.items():
        if other is not None:
            raise ArgumentError(name, f"{name} and rate exclude each other")
    return Rate(value)
