"""`period_of`: the period of the arguments that choose files by their time of modification."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.model.times import Period, Times

if TYPE_CHECKING:
    from collections.abc import Mapping

logger = logging.getLogger(__name__)


def period_of(times: Mapping[str, Any]) -> Period:
    """Return the period of a call, and log it: `older_than` counts from this moment.

    :param times: some of `model.times.Times`.
    :raises ValueError: naming the argument that is wrong.
    """
    period = Period.of(**{name: times.get(name) for name in Times.__annotations__})
    if period:
        logger.info("Only files count that were modified %s", period)
    return period


def without_times(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a call that are not times."""
    return {name: value for name, value in options.items() if name not in Times.__annotations__}
