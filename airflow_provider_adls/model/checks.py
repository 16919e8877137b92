"""`whole_number`, `seconds`, `flag` and `text`: checks of values that come from outside.

Each returns the value, or raises a `ValueError` whose message the caller puts the value's name before.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def whole_number(value: object, *, least: int = 0, most: int | None = None) -> int:
    """Return a whole number; True and False are none, though Python counts them as such.

    :param least: smallest number that is taken.
    :param most: largest; None for no bound.
    :raises ValueError: for anything else.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < least or not _is_within(value, most):
        bounds = f"{least} or more" if most is None else f"{least} to {most}"
        raise ValueError(f"must be a whole number, {bounds}, not {value!r:.100}")
    return value


def seconds(value: object, *, zero: bool = False) -> float:
    """Return a number of seconds, as it was given.

    :param zero: whether 0 is one.
    :raises ValueError: for anything else, infinity and what is not a number too.
    """
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or not (0 <= value < math.inf if zero else 0 < value < math.inf)
    ):
        raise ValueError(f"must be seconds, {'0 or more' if zero else 'more than 0'}, not {value!r:.100}")
    return value


def flag(value: object) -> bool:
    """Return True or False; any string, "false" too, would count as true.

    :raises ValueError: for anything else.
    """
    if not isinstance(value, bool):
        raise ValueError(f"must be True or False, not {value!r:.100}")  # noqa: TRY004 - a wrong value, as any
    return value


def text(value: object) -> str:
    """Return a string that is not empty.

    :raises ValueError: for anything else.
    """
    if not isinstance(value, str):
        raise ValueError(f"must be a string, not {type(value).__name__}")  # noqa: TRY004 - as above
    if not value.strip():
        raise ValueError("must not be empty")
    return value


def _is_within(value: int, most: int | None) -> bool:
    return most is None or value <= most


def named(name: str, check: Callable[..., T], value: object, **bounds: int) -> T:
    """Return a value that a check takes; its error begins with the value's name.

    :param bounds: arguments of the check.
    :raises ValueError: of the check.
    """
    try:
        return check(value, **bounds)
    except ValueError as error:
        raise ValueError(f"{name!r}: {error}") from None
