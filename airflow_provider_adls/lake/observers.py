"""Who is told which files are read and written; Airflow's lineage collector, where there is one.

This floor knows no Airflow: whoever wants to know says so by :func:`observe`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Literal

logger = logging.getLogger(__name__)

#: What becomes of a file, the account's short name, and the path in it.
Observer = Callable[[Literal["read", "written"], str, str], None]
_observers: list[Observer] = []


def observe(observer: Observer) -> None:
    """Tell somebody of each file whose content is read, and of each that is in its place.

    It is called on the event loop, so it must be quick; what it fails of is logged and harms nothing.
    """
    if observer not in _observers:
        _observers.append(observer)


def tell(action: Literal["read", "written"], account: str, path: str) -> None:
    """Tell the observers of a file."""
    for observer in _observers:
        try:
            observer(action, account, path)
        # Whoever looks on must not be in the way.
        except Exception:
            logger.debug("an observer of %s %s failed", action, path, exc_info=True)
