"""`Lanes`: how many requests are in flight to one account, for all clients of a process.

Requests that are answered quickly need few: more of them only wait for each other, and each needs a
connection of its own. Requests over a distance need many. So the number grows while answers take no longer
than twice the quickest one, as in TCP Vegas, and is halved when the service throttles.
"""

from __future__ import annotations

import asyncio
import time
import weakref
from collections import deque
from collections.abc import Callable
from math import inf

from airflow_provider_adls.client.loops import PerLoop

#: Lanes at the beginning.
FIRST = 16
#: Lanes that are left, however often the service throttles.
LEAST = 2
#: Answers take no longer than this many times the quickest.
_STRETCH = 2.0
#: Weight of a new answer in the average.
_WEIGHT = 1 / 16
#: Seconds after a halving in which further refusals are of the same burst.
_BURST = 1.0


class Gate:
    """The requests of one event loop."""

    __slots__ = ("in_flight", "waiting")

    def __init__(self) -> None:
        self.in_flight = 0
        self.waiting: deque[asyncio.Future[None]] = deque()


class Lanes:
    """The lanes to one account.

    :param most: lanes at most.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.number = min(FIRST, most)
        #: Until when no request begins, by the monotonic clock.
        self.held_until = -inf
        #: Requests that were sent, that the service throttled, and that were sent again.
        self.requests = self.refusals = self.retries = 0
        self._growth = 1.0
        self._grown = 0.0
        self._quickest = inf
        self._average = 0.0
        self._halved = -inf
        self._gates: PerLoop[Gate] = PerLoop()

    def gate(self) -> Gate:
        """Return the gate of the running event loop."""
        gate = self._gates.get()
        if gate is None:
            self._gates.set(gate := Gate())
        return gate

    async def enter(self, gate: Gate, patience: Callable[[], float]) -> None:
        """Wait for a lane, for one request.

        :param patience: returns the most seconds that a `Retry-After` of another request is waited for; one
            that asks for more is left to the service's own answer.
        """
        self.requests += 1
        if self.held_until > time.monotonic():
            await self._released(patience())
        if gate.in_flight < self.number:
            gate.in_flight += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        gate.waiting.append(turn)
        try:
            # The work that leaves a lane gives it to the next.
            await turn
        except BaseException:
            if turn.done() and not turn.cancelled():
                self.leave(gate)
            raise

    async def _released(self, patience: float) -> None:
        # What is held meanwhile is held longer.
        end = time.monotonic() + patience
        while time.monotonic() < self.held_until <= end:  # noqa: ASYNC110 - a time, not a condition
            await asyncio.sleep(self.held_until - time.monotonic())

    def leave(self, gate: Gate) -> None:
        """Give a lane back."""
        gate.in_flight -= 1
        while gate.waiting and gate.in_flight < self.number:
            turn = gate.waiting.popleft()
            if not turn.done():
                gate.in_flight += 1
                turn.set_result(None)

    def answered(self, seconds: float) -> None:
        """Count an answer to a small request.

        :param seconds: from its sending to its end.
        """
        self._quickest = min(self._quickest, seconds)
        self._average += _WEIGHT * (seconds - self._average)
        if self.number < self.most and self._average <= _STRETCH * self._quickest:
            self._grown += self._growth
            if self._grown >= 1:
                self._grown -= 1
                self.number += 1

    def throttled(self, retry_after: float | None) -> None:
        """Count an answer by which the service throttles.

        :param retry_after: seconds that the service asks for; all lanes wait so long.
        """
        self.refusals += 1
        now = time.monotonic()
        if retry_after is not None:
            self.held_until = max(self.held_until, now + retry_after)
        if now - self._halved > _BURST:
            self._halved = now
            self.number = max(min(LEAST, self.most), self.number // 2)
            # From here on it grows by one in the time that all lanes take, not by one for each answer.
            self._growth = 1 / self.number


_LANES: weakref.WeakValueDictionary[str, Lanes] = weakref.WeakValueDictionary()


def lanes_to(endpoint: str, most: int) -> Lanes:
    """Return the lanes to an account, which the clients of a process share.

    :param endpoint: URL of the account.
    :param most: lanes at most, as the client that opens them wants it; the least of all counts.
    """
    lanes = _LANES.get(endpoint)
    if lanes is None:
        lanes = _LANES[endpoint] = Lanes(most)
    lanes.most = min(lanes.most, most)
    lanes.number = min(lanes.number, lanes.most)
    return lanes
