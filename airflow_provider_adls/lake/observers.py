"""Observers of the files that are read and written; Airflow's lineage collector is one.

This floor does not import Airflow: observers register by :func:`observe`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Literal

logger = logging.getLogger(__name__)

#: Takes what is done with a file, what a `Location` names its account by, and the path in it.
Observer = Callable[[Literal["read", "written"], str, str], None]
_observers: list[Observer] = []


def observe(observer: Observer) -> None:
    """Call an observer for each file whose content is read, and each that is put in its place.

    It is called on the event loop, so it must be quick; its failures are logged at DEBUG.
    """
    if observer not in _observers:
        _observers.append(observer)


def report(action: Literal["read", "written"], account: str, path: str) -> None:
    """Report a file to the observers."""
    for observer in _observers:
        try:
            observer(action, account, path)
        # An observer must not stop the work.
        except Exception:
            logger.debug("an observer of %s %s failed", action, path, exc_info=True)
