"""`RequestLog`: the record of requests, for tests and the page."""

from __future__ import annotations

import logging
import time
from collections import deque
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow_provider_adls.emulator.log_format import format_request

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.hosts import Service
    from airflow_provider_adls.emulator.principal import Principal

#: Takes a line for each request, at level DEBUG: Airflow logs all that is INFO.
logger = logging.getLogger("airflow_provider_adls.emulator.requests")

#: Requests that are remembered; the oldest go first.
REMEMBERED = 100_000


class RequestRecord(NamedTuple):
    """One request, recorded before the first byte of its answer is sent.

    :param service: the service that it went to.
    :param method: HTTP method.
    :param path: path in the account for the file system, otherwise the request's own path.
    :param status: HTTP status of the answer, also of one that a fault rule dropped after the work; 0 where
        no answer was sent, because a rule dropped the request before or the client had hung up.
    :param operation: the service's name of the operation, `GETFILESTATUS`, `accounts.create` or
        `token` for instance; None if it was refused before that was known.
    :param account: short name of the account it was about.
    :param principal: the caller, as far as a token or secret proved it.
    :param time: when it came, in seconds since 1970 by the emulator's clock.
    :param fault: id of the fault rule that it met.
    :param number: its place among all since the emulator's start, by their answers, from 1 on.
    :param ms: milliseconds until its answer began.
    """

    service: Service
    method: str
    path: str
    status: int
    operation: str | None = None
    account: str | None = None
    principal: Principal | None = None
    time: float = 0.0
    fault: int | None = None
    number: int = 0
    ms: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the fields by name; of the principal its two ids."""
        principal = self.principal
        return {
            "number": self.number,
            "time": self.time,
            "service": self.service,
            "method": self.method,
            "path": self.path,
            "operation": self.operation,
            "account": self.account,
            "principal": principal and principal.object_id,
            "client_id": principal and principal.client_id,
            "status": self.status,
            "fault": self.fault,
            "ms": round(self.ms, 3),
        }


#: Known fields of the request that this task is answering. aiohttp's own place for this, the
#: request's mapping, takes strings in its older releases and typed keys alone in its newer ones.
_current: ContextVar[dict[str, Any] | None] = ContextVar("adls_gen1_request", default=None)


def note(**known: Any) -> None:
    """Set fields in the record of the request that is being answered."""
    fields = _current.get()
    if fields is not None:
        fields.update(known)


class RequestLog:
    """The last requests, oldest first; safe to read from any thread.

    :param clock: time of their arrival.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._records: deque[RequestRecord] = deque(maxlen=REMEMBERED)
        self._count = 0

    def begin(self, service: Service, method: str, path: str) -> None:
        """Begin the record of a request that is answered in this task."""
        _current.set(
            {
                "service": service,
                "method": method,
                "path": path,
                "time": self._clock.now(),
                "ms": time.perf_counter() * 1000,
            }
        )

    def end(self, status: int) -> None:
        """Complete the record just before the answer is sent; only the first call counts."""
        fields = _current.get()
        if fields is not None:
            _current.set(None)
            self._count += 1
            fields["ms"] = time.perf_counter() * 1000 - fields["ms"]
            record = RequestRecord(**fields, status=status, number=self._count)
            self._records.append(record)
            if logger.isEnabledFor(logging.DEBUG):
                logger.debug("%s", format_request(record.to_json()))

    def clear(self) -> None:
        """Forget all of them."""
        self._records.clear()

    def __len__(self) -> int:
        return len(self._records)

    def records(self) -> list[RequestRecord]:
        """Return a copy of the records."""
        return list(self._records.copy())
