"""The clock that a test sets and moves."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from airflow_provider_adls.emulator.clock import Clock
from airflow_provider_adls.emulator.errors import ArgumentError

LAKE = "https://datalake.azure.net/"
NOON = dt.datetime(2024, 2, 29, 12, tzinfo=dt.UTC)


@pytest.fixture
def clock(mocker):
    """A clock on a machine whose time stands still."""
    mocker.patch("airflow_provider_adls.emulator.clock.time.time", return_value=1_000_000.0)
    return Clock()


def test_it_shows_the_machine_s_time(clock):
    """Untouched, it is the machine's time."""
    assert (clock.now(), clock.now_ms(), clock.offset) == (1_000_000.0, 1_000_000_000, 0.0)


@pytest.mark.parametrize(
    "moment", [NOON, NOON.timestamp(), NOON.astimezone(dt.timezone(dt.timedelta(hours=5)))]
)
def test_it_is_set(clock, moment):
    """A date in any zone or seconds since 1970 set it, and it goes on from there."""
    clock.set(moment)
    assert clock.now() == NOON.timestamp()
    time.time.return_value += 5
    assert clock.now() == NOON.timestamp() + 5


def test_it_is_set_back(clock):
    """An earlier time than the machine's is a time too."""
    clock.set(0)
    assert (clock.now(), clock.offset) == (0.0, -1_000_000.0)


def test_moves_add_up(clock):
    """Each move goes on from where the last one led, until it goes back to the machine's time."""
    clock.set(NOON)
    clock.move(60)
    clock.move(0.5)
    assert clock.now() == NOON.timestamp() + 60.5
    clock.reset()
    assert clock.now() == 1_000_000.0


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), True, "60", None, 1e12])
def test_time_goes_on_only(clock, seconds):
    """A move back, beyond all dates, or by anything but a number is refused, and changes nothing."""
    with pytest.raises(ArgumentError, match="move") as caught:
        clock.move(seconds)
    assert (caught.value.field, clock.offset) == ("move", 0.0)


@pytest.mark.parametrize(
    "moment", [NOON.replace(tzinfo=None), -1, 1e12, float("nan"), True, "2026-01-01", None]
)
def test_times_that_are_none(clock, moment):
    """A date without a zone, out of range, or malformed is refused by name."""
    with pytest.raises(ArgumentError, match="time") as caught:
        clock.set(moment)
    assert (caught.value.field, clock.offset) == ("time", 0.0)


def test_the_service_follows(own_browser):
    """Files expire and tokens end by it, and expired files stay gone when the clock goes back."""
    clock = own_browser.emulator.clock
    headers = own_browser.bearer(LAKE)

    def ask(method, path, **parameters):
        return own_browser.lake(method, "lake", path, params=parameters, headers=headers).status_code

    assert ask("PUT", "/f", op="CREATE", write="true") == 201
    expiry = {"op": "SETEXPIRY", "expiryOption": "RelativeToNow", "expireTime": "60000"}
    assert (
        own_browser.send("PUT", "/adls/lake/webhdfsext/f", params=expiry, headers=headers).status_code == 200
    )
    clock.move(61)
    assert ask("GET", "/f", op="GETFILESTATUS") == 404
    clock.move(3600)
    assert ask("GET", "/f", op="GETFILESTATUS") == 401
    clock.reset()
    assert ask("GET", "/f", op="GETFILESTATUS") == 404
