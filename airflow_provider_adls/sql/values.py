"""Values of databases in formats of text: how they are written, and what a type reads them as."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any


def plain(value: Any) -> Any:  # noqa: PLR0911 - a line for each kind
    """Return a value as JSON has it: None, a boolean, a number, a text, a list or a dictionary.

    A decimal is a text, of all its digits; dates and times are ISO 8601, bytes base64. Anything else, as a
    UUID, is the text of it.
    """
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    # A large object of Oracle's driver is read when it is needed.
    return plain(value.read()) if hasattr(value, "read") else str(value)


def as_text(value: Any) -> str | None:
    """Return a value as a field of CSV; None stays None."""
    value = plain(value)
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    words = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}
    return words[str(value).lower()]


def _whole(value: Any) -> int:
    if isinstance(value, float) and not value.is_integer():
        raise ValueError("it has a fraction")
    return int(value)


#: Readers of each type, for a field of CSV or a value of JSON.
TYPES: dict[str, Callable[[Any], Any]] = {
    "text": lambda value: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False),
    "int": _whole,
    "float": float,
    "decimal": lambda value: Decimal(str(value)),
    "bool": _boolean,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "bytes": lambda value: base64.b64decode(value, validate=True),
}


def typed(value: Any, kind: str | None) -> Any:
    """Return a value as its type; None stays None, and lists and dictionaries without a type are JSON texts.

    :raises ValueError: for a value that is not of the type.
    """
    if value is None:
        return None
    if kind is None:
        return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value
    try:
        return TYPES[kind](value)
    except (ArithmeticError, KeyError, TypeError, ValueError):
        raise ValueError(f"{_short(value)} is not of type {kind}") from None


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 100 else f"{text[:100]}…"
