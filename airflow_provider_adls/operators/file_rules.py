"""Rules of arguments that only operators on files have."""

from __future__ import annotations

import re
from typing import Any

from airflow_provider_adls.hooks import expiry
from airflow_provider_adls.hooks.content import as_bytes
from airflow_provider_adls.hooks.rights import acl_entries
from airflow_provider_adls.model.modes import check
from airflow_provider_adls.operators.arguments import text

_RIGHTS = re.compile(r"[r-][w-][x-]")


def data(value: Any) -> None:
    """Text, bytes, or what JSON can hold."""
    as_bytes(value)


def encoding(value: Any) -> None:
    """Name of an encoding that Python has for text."""
    try:
        "".encode(text(value))
    except LookupError:
        raise ValueError(f"{value!r} is no encoding of text") from None


def number(value: Any) -> None:
    """A whole number from 1 on."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"must be a whole number from 1 on, not {value!r}")


def moment(value: Any) -> None:
    """A time with its zone, or the same in ISO 8601."""
    if not hasattr(value, "tzinfo"):
        text(value)
    expiry.moment(value)


def span(value: Any) -> None:
    """A positive span, or its seconds."""
    try:
        expiry.span(value)
    except TypeError:
        raise ValueError(f"must be a timedelta or a number of seconds, not {value!r}") from None


def mode(value: Any) -> None:
    """Octal digits, or what `chmod` takes."""
    check(text(value))


def rights(value: Any) -> None:
    """Three characters, of which at least one asks for something."""
    if not _RIGHTS.fullmatch(text(value)) or value == "---":
        raise ValueError(f"must read rwx, with - for each right that is not asked for, not {value!r}")


def acl(value: Any) -> None:
    """Entries of an access control list, as text or as a list of them."""
    acl_entries(_entries(value))


def whole_acl(value: Any) -> None:
    """The same, with those of owner, owning group and other, which no list is without."""
    own = {entry.type for entry in acl_entries(_entries(value)) if not entry.default and not entry.qualifier}
    if missing := [kind for kind in ("user", "group", "other") if kind not in own]:
        raise ValueError(f"a whole ACL needs the entry {missing[0]}::rwx, with the rights that it is to have")


def acl_to_remove(value: Any) -> None:
    """The same, with rights or without; those that no list is without stay."""
    for entry in acl_entries(_entries(value), rights=False):
        if not (entry.default or entry.qualifier or entry.type == "mask"):
            raise ValueError(f"{entry.type}:: cannot be removed: no ACL is without it")


def _entries(value: Any) -> Any:
    return value if isinstance(value, str) else strings(value)


def strings(value: Any) -> Any:
    """A list of strings."""
    if not isinstance(value, (list, tuple)) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"must be a list of strings, not {value!r}")
    return value


def command(value: Any) -> None:
    """A program, or a list of a program and its arguments."""
    if not isinstance(value, str):
        strings(value)
    text(value if isinstance(value, str) else (value or [""])[0])


def function(value: Any) -> None:
    """Something that can be called."""
    if not callable(value):
        raise ValueError(f"must be a function, not {value!r}")  # noqa: TRY004 - a wrong value, as any


def keywords(value: Any) -> None:
    """A dictionary whose keys are names."""
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise ValueError(f"must be a dictionary with names for keys, not {value!r}")
