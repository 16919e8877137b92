"""Keeps adal's tracebacks out of a task's log while our own errors say the same, and what to do."""

from __future__ import annotations

import contextlib
import logging
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The one logger that all of adal's modules write to (`adal.log.ADAL_LOGGER_NAME`, 1.2.7).
LOGGER = logging.getLogger("adal-python")
_reported_by_us: ContextVar[bool] = ContextVar("reported_by_us", default=False)


@contextlib.contextmanager
def reported_by_us() -> Iterator[None]:
    """Keep adal's own log lines away while an error of ours reports the failure.

    adal logs what it fails of as an error with a traceback, also where the next try succeeds. A user who has
    set its logger to DEBUG gets them all the same, but for an answer of the authority that adal cannot read:
    it would be logged whole, and a token may stand in it.
    """
    if _passes not in LOGGER.filters:
        LOGGER.addFilter(_passes)
    token = _reported_by_us.set(True)
    try:
        yield
    finally:
        _reported_by_us.reset(token)


def _passes(record: logging.LogRecord) -> bool:
    if not _reported_by_us.get() or record.levelno < logging.ERROR:
        return True
    answered = isinstance(record.args, dict) and "token_response" in record.args
    return LOGGER.isEnabledFor(logging.DEBUG) and not answered
