"""`Intervals`: how long a trigger waits between two looks."""

from __future__ import annotations

import random

#: Most doublings of the poke interval: beyond any sensor's timeout.
_MOST_DOUBLINGS = 30
#: Least seconds between two looks.
_SHORTEST = 0.05
#: Share by which an interval varies, so that triggers that started together spread.
_JITTER = 0.1
#: Most seconds between two looks of a watcher that is refused.
_LONGEST_REFUSED = 600.0


class Intervals:
    """Mixin for the seconds between the looks of a trigger.

    :param poke_interval: seconds between two looks, a tenth more or less.
    :param exponential_backoff: whether the interval doubles after each look, as Airflow's does.
    :param max_wait: seconds that the interval grows to at most; None for no limit.
    """

    poke_interval: float
    exponential_backoff: bool
    max_wait: float | None

    def interval(self, looks: int, refusals: int = 0) -> float:
        """Return the seconds until the next look.

        :param looks: number of the looks before the last.
        :param refusals: number of the last looks that failed.
        """
        if self.exponential_backoff:
            # As Airflow does: between the interval of this look and that of the next.
            least = max(self.poke_interval * 2.0 ** (min(looks, _MOST_DOUBLINGS) - 1), _SHORTEST)
            wait = least * random.uniform(1, 2)  # noqa: S311 - it spreads load and keeps no secret
            if self.max_wait is not None:
                wait = min(wait, self.max_wait)
        elif looks == 0:
            # Triggers that a restart started at the same time are apart from here on.
            wait = self.poke_interval * random.uniform(_JITTER, 1)  # noqa: S311 - as above
        else:
            wait = self.poke_interval * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311 - as above
        if refusals:
            wait = max(wait, min(wait * 2.0 ** min(refusals, _MOST_DOUBLINGS), _LONGEST_REFUSED))
        return max(wait, _SHORTEST)
