"""`format_request`: a request as one line of a log."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


def format_request(request: Mapping[str, Any]) -> str:
    """Return a line of a log: time, status, service, operation, account, path, principal and milliseconds.

    A dash stands for an unknown value, and unprintable characters of a path are escaped, as
    are its spaces: no name of a client's makes a line, or a word, of its own. Queries and headers, and so
    secrets and tokens, are in no record.

    :param request: the result of `RequestRecord.to_json()`.
    """
    words = [
        format_time(request["time"]),
        f"{request['status']:03d}",
        request["service"],
        request["operation"] or request["method"],
        request["account"] or "-",
        request["path"],
        request["principal"] or "-",
        f"{request['ms']:.1f}ms",
    ]
    if request["fault"] is not None:
        words.append(f"fault={request['fault']}")
    return " ".join(_plain(word) for word in words)


def format_time(seconds: float) -> str:
    """Return a time, in UTC, to the millisecond: `2026-11-25T03:34:09.120Z`."""
    date = dt.datetime.fromtimestamp(seconds, dt.UTC).replace(tzinfo=None)
    return f"{date.isoformat(timespec='milliseconds')}Z"


def _plain(word: str) -> str:
    return "".join(
        letter if letter.isprintable() and letter not in " \\" else _escape(letter) for letter in word
    )


def _escape(letter: str) -> str:
    return "\\x20" if letter == " " else letter.encode("unicode_escape").decode("ascii")
