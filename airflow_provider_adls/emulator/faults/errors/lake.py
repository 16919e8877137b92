"""The file system's errors, by the names that its specification lists (filesystem.json 2016-11-01)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.faults.errors.vocabulary import listed
from airflow_provider_adls.emulator.lake_service import Unauthorized
from airflow_provider_adls.emulator.rules import refusals
from airflow_provider_adls.emulator.rules.refusals import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_adls.emulator.faults.effect import Effect
    from airflow_provider_adls.emulator.faults.subject import Subject


class Throttled(Refusal):
    """Too many requests. Name and status documented (filesystem.json), the rest assumed."""

    status = 429
    code = "0x83090003"
    exception = "ThrottledException"


_ERRORS: dict[str, tuple[int, Callable[[str, str], Refusal]]] = {
    "AccessControlException": (403, lambda _path, _words: refusals.Denied()),
    "BadOffsetException": (400, lambda _path, _words: refusals.BadOffset()),
    "FileAlreadyExistsException": (403, lambda path, _words: refusals.Exists(f"{path} exists already")),
    "FileNotFoundException": (404, lambda path, _words: refusals.Missing(path)),
    "IllegalArgumentException": (400, lambda _path, words: refusals.Invalid(words)),
    # The one error of this name that a client is known to look for.
    "IOException": (400, lambda _path, _words: refusals.Leased()),
    "RuntimeException": (500, lambda _path, words: refusals.Failed(words)),
    "SecurityException": (401, lambda _path, _words: Unauthorized("expired")),
    "ThrottledException": (429, lambda _path, words: Throttled(words)),
    "UnsupportedOperationException": (400, lambda _path, words: refusals.Unsupported(words)),
}
_BY_STATUS = {
    401: "SecurityException",
    403: "AccessControlException",
    404: "FileNotFoundException",
    409: "FileAlreadyExistsException",
    429: "ThrottledException",
}
VOCABULARY = listed(f"one of {', '.join(_ERRORS)}", {name: status for name, (status, _) in _ERRORS.items()})


def refusal(effect: Effect, asked: Subject, words: str) -> Refusal:
    """Return the refusal of a rule's answer.

    :param words: the text of an error whose own words are not known.
    """
    assert effect.status is not None
    otherwise = "IllegalArgumentException" if effect.status < 500 else "RuntimeException"
    _, make = _ERRORS[effect.error or _BY_STATUS.get(effect.status, otherwise)]
    made = make(asked.path, f"{{operation}} failed: {words}")
    made.status = effect.status
    made.message = made.message if effect.message is None else effect.message
    return made
