"""Values of options: sizes, spans of time, times, and names with values."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import click

_SIZE = re.compile(r"(?P<sign>[+-]?)(?P<number>\d+)(?P<unit>[kKMGT]?)(?:i?B)?")
_UNITS = {"": 0, "k": 1, "K": 1, "M": 2, "G": 3, "T": 4}
_SPAN = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<unit>[smhdw])")
_SPANS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def size(value: str) -> Callable[[int], bool]:
    """Return a condition on a size: larger (+1M), smaller (-1M), equal (1M).

    :raises click.BadParameter: for what is none.
    """
    match = _SIZE.fullmatch(value)
    if not match:
        raise click.BadParameter(f"{value!r} is not a size, as 100, +1M and -2G are")
    wanted = int(match["number"]) * 1024 ** _UNITS[match["unit"]]
    conditions: dict[str, Callable[[int], bool]] = {
        "+": lambda number: number > wanted,
        "-": lambda number: number < wanted,
        "": lambda number: number == wanted,
    }
    return conditions[match["sign"]]


def span(value: str) -> timedelta:
    """Return a span of time.

    :raises click.BadParameter: for one without a unit, and for one that is too long for a date.
    """
    try:
        match = _SPAN.fullmatch(value)
        if match:
            return timedelta(**{_SPANS[match["unit"]]: float(match["number"])})
    except OverflowError:
        pass
    raise click.BadParameter(f"{value!r} is not a span, as 90s, 15m, 12h, 7d and 2w are")


def moment(value: str) -> datetime:
    """Return a time in ISO 8601, with its zone.

    :raises click.BadParameter: for what is none.
    """
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise click.BadParameter(f"{value!r} is not a time with its zone, as 2026-01-31T12:00:00+00:00 is")
    return found


def tag(value: str) -> tuple[str, str]:
    """Return a name and a value, which an equals sign stands between.

    :raises click.BadParameter: for what is none.
    """
    name, equals, text = value.partition("=")
    if not (name and equals):
        raise click.BadParameter(f"{value!r} is not NAME=VALUE")
    return name, text
