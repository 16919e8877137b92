"""When a request is sent again, after how long, and how often."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum

#: Answers after which the same request may succeed: what every SDK of the service repeats
#: (`azure.datalake.store.retry`, ExponentialRetryPolicy, which leaves out 501 and 505).
TRANSIENT = frozenset({408, 429, *range(500, 600)} - {501, 505})


class Effect(Enum):
    """The effect of a failed request on the lake."""

    NONE = "it was refused, or never arrived: it may be sent again"
    UNKNOWN = "its answer was lost: it may have been done"
    FINAL = "it was answered: sending it again would end the same"


@dataclass(frozen=True)
class RetryPolicy:
    """Number and times of a request's repetitions.

    Waits grow exponentially with full jitter: each is drawn evenly between 0 and its bound. A
    `Retry-After` of the service takes the place of the drawn wait.

    :param attempts: most times that one request is sent; 1 for no retry.
    :param total_seconds: after this long no further attempt begins.
    :param first_wait: seconds, bound of the first wait; it doubles each time.
    :param longest_wait: seconds, most that the bound grows to.
    """

    attempts: int = 6
    total_seconds: float = 120.0
    first_wait: float = 0.5
    longest_wait: float = 30.0

    def __post_init__(self) -> None:
        if self.attempts < 1:
            raise ValueError(f"attempts must be at least 1, not {self.attempts}")
        if min(self.total_seconds, self.first_wait, self.longest_wait) < 0:
            raise ValueError("a retry policy's times must not be negative")

    def wait(self, failures: int, retry_after: float | None = None) -> float:
        """Return seconds before the next attempt.

        :param failures: attempts that have failed, at least 1.
        :param retry_after: seconds that the service asked for.
        """
        if retry_after is not None:
            return retry_after
        bound = min(self.longest_wait, self.first_wait * 2.0 ** (failures - 1))
        return random.uniform(0, bound)  # noqa: S311 - it spreads load and keeps no secret


@dataclass(frozen=True)
class Patience:
    """Limit of a transfer's wait for a service that throttles, beyond the attempts of the policy.

    :param report: is called with each wait.
    :param seconds: most that pass in all for one request.
    """

    report: Callable[[str], object]
    seconds: float = 900.0


#: That of the transfer that sends.
PATIENCE: ContextVar[Patience | None] = ContextVar("patience", default=None)


@contextmanager
def patient(report: Callable[[str], object]) -> Iterator[None]:
    """Have the requests of a block wait for a service that throttles, as transfers do."""
    before = PATIENCE.set(Patience(report))
    try:
        yield
    finally:
        PATIENCE.reset(before)


class Attempts:
    """The attempts of one request: counts them, and says how long to wait before the next.

    :param began: when the first one began, by the monotonic clock; None for now.
    """

    def __init__(self, policy: RetryPolicy, began: float | None = None) -> None:
        self._policy = policy
        self._began = time.monotonic() if began is None else began
        self.failures = 0

    def next_wait(self, retry_after: float | None, *, throttled: bool = False) -> float | None:
        """Count a failure.

        :param retry_after: seconds that the service asked for.
        :param throttled: whether the service throttles.
        :returns: seconds to wait before the next attempt; None if there is to be none.
        """
        self.failures += 1
        if self._policy.attempts == 1:
            return None
        patience = PATIENCE.get() if throttled else None
        if patience is not None:
            return self._patient_wait(patience, retry_after)
        if self.failures >= self._policy.attempts:
            return None
        wait = self._policy.wait(self.failures, retry_after)
        spent = time.monotonic() - self._began
        return wait if spent + wait <= self._policy.total_seconds else None

    def _patient_wait(self, patience: Patience, retry_after: float | None) -> float | None:
        wait = self._policy.wait(self.failures, retry_after)
        spent = time.monotonic() - self._began
        if spent + wait > patience.seconds:
            return None
        if self.failures > 1:
            patience.report(f"the service throttles: {spent:.0f} s so far, next attempt in {wait:.1f} s")
        return wait


def retry_after(value: str | None) -> float | None:
    """Return seconds that a `Retry-After` header asks for: a number, or a date (RFC 9110, 10.2.3)."""
    if value is None:
        return None
    try:
        return max(0.0, float(value)) if value.strip().isdigit() else _until(value)
    except (ValueError, OverflowError, TypeError):
        return None


def _until(date: str) -> float:
    moment = parsedate_to_datetime(date)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
