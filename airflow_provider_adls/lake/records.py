"""`log_done`: the line of a log that says what was changed, whatever becomes an XCom."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from airflow_provider_adls.lake.places import NAMED

logger = logging.getLogger(__name__)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural unless it is one: ``1 file``, ``2 files``."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def listed(done: str, paths: Sequence[str], total: int) -> str:
    """Return a line with the first hundred of the paths, and the number of the others.

    :param done: work that was done, with its numbers.
    :param total: number of paths, of which `paths` are the first.
    """
    named = ", ".join(paths[:NAMED])
    left = total - min(len(paths), NAMED)
    more = f", and {left} more" if left > 0 else ""
    return f"{done}{': ' if named else ''}{named}{more}"


def log_done(done: str, paths: Sequence[str], total: int | None = None) -> None:
    """Log what was done, and the first hundred paths.

    :param done: work that was done, with its numbers.
    :param total: number of paths, if `paths` are the first of them; None if they are all.
    """
    logger.info("%s", listed(done, paths, len(paths) if total is None else total))
