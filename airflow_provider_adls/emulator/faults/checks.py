"""`whole`, `seconds` and `text`: checks of a rule's single arguments."""

from __future__ import annotations

import math

from airflow_provider_adls.emulator.errors import ArgumentError


def whole(field: str, value: int | None, *, least: int = 0) -> int | None:
    """Return a whole number, or None without one.

    :raises ArgumentError: for any other value, or less than `least`.
    """
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < least):
        raise ArgumentError(field, f"{field} must be a whole number from {least}, not {value!r}")
    return value


def seconds(field: str, value: float | None) -> float | None:
    """Return seconds, or None without them.

    :raises ArgumentError: for any other value, or less than 0.
    """
    if value is None:
        return None
    number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if not number or value < 0:
        raise ArgumentError(field, f"{field} must be seconds, 0 or more, not {value!r}")
    return value


def text(field: str, value: str | None) -> str | None:
    """Return a text, or None without one.

    :raises ArgumentError: for any other value.
    """
    if value is not None and not isinstance(value, str):
        raise ArgumentError(field, f"{field} must be a text, not {value!r}")
    return value
