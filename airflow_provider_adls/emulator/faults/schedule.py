"""`Schedule`: at which of its matching requests a rule fires."""

from __future__ import annotations

from typing import NamedTuple

from airflow_provider_adls.emulator.errors import ArgumentError
from airflow_provider_adls.emulator.faults.checks import whole


class Schedule(NamedTuple):
    """The requests, by their count, at which a rule fires.

    :param nth: the one call that it fires at, from 1 on.
    :param after: calls that come first.
    :param times: how often it fires at most.
    """

    nth: int | None = None
    after: int | None = None
    times: int | None = None

    def to_json(self) -> dict[str, int]:
        """Return the arguments that were given."""
        return {name: value for name, value in self._asdict().items() if value is not None}

    def fires_at(self, matched: int, fired: int) -> bool:
        """Return whether the rule fires at this call.

        :param matched: calls that matched so far, this one counted.
        :param fired: how often the rule has fired before.
        """
        if self.nth is not None:
            return matched == self.nth
        return matched > (self.after or 0) and (self.times is None or fired < self.times)


def schedule(nth: int | None, after: int | None, times: int | None) -> Schedule:
    """Return the schedule of a rule, checked.

    :raises ArgumentError: for an invalid number, or one that contradicts another.
    """
    if nth is not None:
        for field, value in (("after", after), ("times", times)):
            if value is not None:
                raise ArgumentError(field, f"{field} and nth exclude each other")
    return Schedule(whole("nth", nth, least=1), whole("after", after), whole("times", times, least=1))
