"""Times and spans as people write them, and the period that they make."""

from datetime import UTC, date, datetime, timedelta

import pendulum
import pytest

from airflow_provider_adls.model.times import ALWAYS, Period, moment, span

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-29T12:00:00+00:00",
        "2026-11-29 12:00:00+00:00",
        "2026-11-29T12:00:00Z",
        "2026-11-29T14:00:00+02:00",
        "20261129T120000+0000",
        "2026-11-29T12:00:00",
        " 2026-11-29 12:00:00 ",
        datetime(2026, 11, 29, 12),  # noqa: DTZ001 - without a zone
        pendulum.datetime(2026, 11, 29, 13, tz="Europe/Berlin"),
        str(pendulum.datetime(2026, 11, 29, 12)),
    ],
)
def test_time(text):
    """A time is read in each form that a template or a DAG has for it; without a zone it is UTC."""
    assert moment(text) == NOON


@pytest.mark.parametrize("day", [date(2026, 11, 29), "2026-11-29", "20261129"])
def test_date(day):
    """A date is its midnight, UTC."""
    assert moment(day) == datetime(2026, 11, 29, tzinfo=UTC)


@pytest.mark.parametrize("value", ["", "None", "noon", "12:00", 5, None, timedelta(1), ["2026-11-29"]])
def test_wrong_time(value):
    """What is not a time is refused."""
    with pytest.raises(ValueError, match="ISO 8601"):
        moment(value)


@pytest.mark.parametrize(
    "value",
    [
        timedelta(hours=36),
        pendulum.duration(hours=36),
        129600,
        129600.0,
        "129600",
        "P1DT12H",
        "PT36H",
        "P1.5D",
        str(timedelta(hours=36)),
        "36:00:00",
    ],
)
def test_span(value):
    """A span is read from a timedelta, seconds, ISO 8601 and what a template prints of a timedelta."""
    assert span(value) == timedelta(hours=36)


def test_weeks():
    """Weeks have a fixed length."""
    assert span("P2W") == timedelta(days=14)


@pytest.mark.parametrize("value", ["P1M", "P1Y", "P1Y2M3D", "P1MT1H"])
def test_calendar(value):
    """A month and a year have no fixed length, and are refused as that."""
    with pytest.raises(ValueError, match="varies: write days"):
        span(value)


@pytest.mark.parametrize(
    "value",
    ["", "P", "PT", "30 days ago", "None", True, None, [5], float("nan"), float("inf"), "P99999999999W"],
)
def test_wrong_span(value):
    """What is not a span is refused."""
    with pytest.raises(ValueError, match="a timedelta, a number of seconds, or text"):
        span(value)


@pytest.mark.parametrize("value", [0, -1, "PT0S", timedelta(0), "-5"])
def test_span_that_is_not_positive(value):
    """A span of nothing, or into the future, is refused."""
    with pytest.raises(ValueError, match="not positive"):
        span(value)


def test_intervals_share_no_time():
    """Each time, to the microsecond, lies in just one of two intervals that follow each other."""
    hours = [NOON + timedelta(hours=n) for n in range(3)]
    first, second = Period(hours[0], hours[1]), Period(hours[1], hours[2])
    for shift in (-1000, -1, 0, 1, 999, 1000):
        when = (hours[1] + timedelta(microseconds=shift)).timestamp()
        assert (when in first, when in second) == (shift < 0, shift >= 0)
    millisecond = round(hours[1].timestamp() * 1000)
    assert (millisecond / 1000 in first, millisecond / 1000 in second) == (False, True)


def test_older_than_is_a_bound():
    """The earlier one of `modified_before` and `older_than` counts."""
    before = datetime.now(UTC)
    period = Period.of(modified_before=before, older_than="P30D")
    assert period.end is not None
    assert before <= period.end + timedelta(days=30) <= datetime.now(UTC)
    assert Period.of(modified_before="2000-01-01", older_than=5).end == datetime(2000, 1, 1, tzinfo=UTC)
    assert Period.of(older_than=timedelta(days=900_000)).end == datetime.min.replace(tzinfo=UTC)


def test_no_bound():
    """Without bounds a period holds every time, and one that is not known."""
    assert not ALWAYS
    assert ALWAYS.chooses("/f", None)
    assert str(ALWAYS) == "at any time"


def test_unknown_time():
    """A file whose store does not say its time is neither chosen nor passed over."""
    with pytest.raises(ValueError, match="/f: its store does not say when it was modified"):
        Period(NOON).chooses("/f", None)


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ({"modified_after": "soon"}, "modified_after"),
        ({"modified_before": 5}, "modified_before"),
        ({"older_than": "soon"}, "older_than"),
        ({"modified_after": NOON, "modified_before": NOON}, "modified_after"),
    ],
)
def test_wrong_period(arguments, name):
    """The error names the argument that is wrong."""
    with pytest.raises(ValueError, match=f"^'{name}': "):
        Period.of(**arguments)
