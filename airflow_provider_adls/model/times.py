"""`Period`: a range of times of modification that files are chosen by; the times and spans that make it.

A time without a zone is UTC, as everywhere in Airflow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias, TypedDict

from airflow_provider_adls.model import checks

#: A time as people write it.
Time: TypeAlias = "datetime | date | str"
#: A span as people write it: a timedelta, a number of seconds, or text.
Span: TypeAlias = "timedelta | float | str"

#: Parts of a span in ISO 8601 that have a fixed length.
_ISO_SPAN = re.compile(
    r"P(?:(?P<weeks>\d+(?:\.\d+)?)W)?(?:(?P<days>\d+(?:\.\d+)?)D)?"
    r"(?:T(?:(?P<hours>\d+(?:\.\d+)?)H)?(?:(?P<minutes>\d+(?:\.\d+)?)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)
#: A timedelta as a template prints it.
_PRINTED_SPAN = re.compile(
    r"(?:(?P<days>\d+) days?, )?(?P<hours>\d+):(?P<minutes>\d\d):(?P<seconds>\d\d(?:\.\d+)?)"
)
#: Months and years, whose length varies.
_CALENDAR = re.compile(r"P(?:\d+Y|\d+M|\d+Y\d+M)(?:\d+[WD])*(?:T.*)?")
_EXAMPLES = "a timedelta, a number of seconds, or text such as P30D and PT12H"


class Times(TypedDict, total=False):
    """Arguments that choose files by their time of modification.

    ``modified_after`` is the earliest time that counts, and ``modified_before`` the first that does not:
    intervals that follow each other choose each file once. ``older_than`` is a span before now.
    """

    modified_after: Time | None
    modified_before: Time | None
    older_than: Span | None


def parse_time(text: str) -> datetime:
    """Return the time that a text in ISO 8601 gives, without a zone where it has none.

    :raises ValueError: for other text.
    """
    try:
        return datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"{text!r} is not a time in ISO 8601, such as 2026-01-31T12:00:00+00:00") from None


def moment(value: Time) -> datetime:
    """Return a time with its zone, UTC where it has none; a date is its midnight.

    :raises ValueError: for text that is not ISO 8601, and for what is not a time.
    """
    if isinstance(value, str):
        value = parse_time(value)
    elif isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    elif not isinstance(value, datetime):
        raise ValueError(f"must be a datetime, a date, or a time in ISO 8601, not {value!r}")  # noqa: TRY004 - a wrong value, as any
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def span(value: Span) -> timedelta:
    """Return a positive span.

    :param value: a timedelta, its seconds, or text: seconds, ISO 8601 in weeks or shorter, ``P30D``, or what
        Python prints of a timedelta.
    :raises ValueError: for what is neither, and for a span of months or years, whose length varies.
    """
    if isinstance(value, bool) or not isinstance(value, (timedelta, int, float, str)):
        raise ValueError(f"must be {_EXAMPLES}, not {value!r}")  # noqa: TRY004 - a wrong value, as any
    if isinstance(value, str) and _CALENDAR.fullmatch(value.strip()):
        raise ValueError(f"the length of {value!r} varies: write days, such as P30D")
    try:
        found = value if isinstance(value, timedelta) else _parsed(value)
    except (OverflowError, ValueError):
        raise ValueError(f"{value!r} is not a span: {_EXAMPLES}") from None
    if found < timedelta(milliseconds=1):
        raise ValueError(f"span {found} is not positive")
    return found


def _parsed(value: float | str) -> timedelta:
    if isinstance(value, str):
        match = _ISO_SPAN.fullmatch(value.strip()) or _PRINTED_SPAN.fullmatch(value.strip())
        parts = {name: float(number) for name, number in match.groupdict().items() if number} if match else {}
        if parts:
            return timedelta(**parts)
    return timedelta(seconds=float(value))


@dataclass(frozen=True)
class Period:
    """Times of modification from a start on, and before an end.

    :param start: the first time of it; None for no bound.
    :param end: the first time after it; None for no bound.
    """

    start: datetime | None = None
    end: datetime | None = None

    @classmethod
    def of(
        cls,
        modified_after: Time | None = None,
        modified_before: Time | None = None,
        older_than: Span | None = None,
        *,
        now: datetime | None = None,
    ) -> Period:
        """Return the period of arguments as people write them.

        :param now: the moment that `older_than` counts from; None for this one.
        :raises ValueError: naming the argument that is wrong.
        """
        start = None if modified_after is None else checks.named("modified_after", moment, modified_after)
        end = None if modified_before is None else checks.named("modified_before", moment, modified_before)
        if start is not None and end is not None and start >= end:
            raise ValueError(f"'modified_after': {start} is not before modified_before, {end}")
        if older_than is not None:
            age = checks.named("older_than", span, older_than)
            try:
                oldest = (now or datetime.now(UTC)) - age
            except OverflowError:
                oldest = datetime.min.replace(tzinfo=UTC)
            end = oldest if end is None else min(end, oldest)
        return cls(start, end)

    def __bool__(self) -> bool:
        """Return whether it has a bound."""
        return self.start is not None or self.end is not None

    def __contains__(self, modified: float) -> bool:
        """Return whether a time, in seconds since 1970, lies in it."""
        return (self.start is None or modified >= self.start.timestamp()) and (
            self.end is None or modified < self.end.timestamp()
        )

    def __str__(self) -> str:
        since = [f"from {self.start.isoformat()} on"] if self.start else []
        until = [f"before {self.end.isoformat()}"] if self.end else []
        return " and ".join(since + until) or "at any time"

    def chooses(self, path: str, modified: float | None) -> bool:
        """Return whether a file is chosen.

        :param modified: its time of modification in seconds since 1970; None where its store does not say.
        :raises ValueError: naming the path, if its time is needed and not known.
        """
        if not self:
            return True
        if modified is None:
            raise ValueError(
                f"{path}: its store does not say when it was modified, so that no time can choose it"
            )
        return modified in self


#: All times.
ALWAYS = Period()
