"""`Vocabulary`: the errors of a service that a rule can answer with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple


class Vocabulary(NamedTuple):
    """The names of a service's errors.

    :param form: the form of a name, for messages.
    :param known: returns a name as the service writes it; None if it is not one.
    :param statuses: statuses of the errors for which they are known, by name.
    """

    form: str
    known: Callable[[str], str | None]
    statuses: Mapping[str, int]


def listed(form: str, statuses: Mapping[str, int]) -> Vocabulary:
    """Return the vocabulary of a service all of whose errors are known, by names in any case."""
    by_lower = {name.lower(): name for name in statuses}
    return Vocabulary(form, lambda error: by_lower.get(error.lower()), statuses)
