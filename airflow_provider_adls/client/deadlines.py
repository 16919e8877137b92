"""`Deadline`: the most time that an answer takes, at the cost of no timer for a request that is in time."""

from __future__ import annotations

import asyncio
from contextvars import Context, ContextVar
from functools import cache
from math import inf
from typing import TYPE_CHECKING

from airflow_provider_adls.client.loops import PerLoop

if TYPE_CHECKING:
    from types import TracebackType


class Deadline:
    """The most time from a connection to the head of an answer; waiting for a connection is not in it.

    :param watch: of the running event loop.
    :param seconds: the time.
    """

    __slots__ = ("_before", "_cancelling", "_seconds", "_task", "_watch", "at", "is_over")

    def __init__(self, watch: Watch, seconds: float) -> None:
        self._watch = watch
        self._seconds = seconds
        self.is_over = False
        #: When it ends, by the clock of the event loop.
        self.at = inf

    def begin(self) -> None:
        """Let the time begin."""
        self._watch.add(self, self._seconds)

    def end(self) -> None:
        """Cancel the task, whose time is over."""
        self.is_over = True
        self._task.cancel()

    def __enter__(self) -> None:
        task = asyncio.current_task(self._watch.loop)
        assert task is not None
        self._task = task
        self._cancelling = task.cancelling()
        self._before = DEADLINE.set(self)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        DEADLINE.reset(self._before)
        self._watch.remove(self)
        task = self._task
        # A cancelled timer of aiohttp's holds the context that it was made in, and with that this object.
        del self._task
        # As `asyncio.timeout` does: a cancellation that came from elsewhere too goes on.
        if self.is_over and task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error


#: That of the request that is being sent.
DEADLINE: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


class Watch:
    """Ends what is over in one event loop.

    It has one timer, for the first deadline that it knew of. When that comes, it looks for the next: those of
    the requests that were answered meanwhile are gone.
    """

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._open: set[Deadline] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._wakes = inf

    def add(self, deadline: Deadline, seconds: float) -> None:
        """Watch a deadline."""
        deadline.at = self.loop.time() + seconds
        self._open.add(deadline)
        if deadline.at < self._wakes:
            self._wake_at(deadline.at)

    def remove(self, deadline: Deadline) -> None:
        """Watch a deadline no more."""
        self._open.discard(deadline)

    def _wake_at(self, moment: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._wakes = moment
        # A timer holds the context that it was made in, and with that the task of the request.
        self._timer = self.loop.call_at(moment, self._look, context=Context())

    def _look(self) -> None:
        self._timer, self._wakes = None, inf
        now = self.loop.time()
        for deadline in [deadline for deadline in self._open if deadline.at <= now]:
            self._open.discard(deadline)
            deadline.end()
        if self._open:
            self._wake_at(min(deadline.at for deadline in self._open))


@cache
def _watches() -> PerLoop[Watch]:
    return PerLoop()


def watch() -> Watch:
    """Return the watch of the running event loop."""
    known = _watches().get()
    if known is None:
        _watches().set(known := Watch())
    return known
