"""How long and how often."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from airflow_provider_adls.client.retry import TRANSIENT, Attempts, RetryPolicy, retry_after
from airflow_provider_adls.client.webhdfs_dialect import REPEATABLE
from airflow_provider_adls.model.operations import OPERATIONS


def test_waits_grow_to_their_bound_with_full_jitter():
    """Each wait is anywhere between 0 and a bound that doubles up to the longest."""
    policy = RetryPolicy(first_wait=1, longest_wait=5)
    for failures, bound in [(1, 1), (2, 2), (3, 4), (4, 5), (50, 5)]:
        waits = [policy.wait(failures) for _ in range(300)]
        assert 0 <= min(waits) < bound * 0.2
        assert bound * 0.8 < max(waits) <= bound


def test_the_service_s_wait_comes_first():
    """What Retry-After says is waited, exactly."""
    assert RetryPolicy(first_wait=1).wait(1, 17.0) == 17.0


def test_attempts_end():
    """The policy's number of attempts includes the first one."""
    attempts = Attempts(RetryPolicy(attempts=3, first_wait=0))
    assert [attempts.next_wait(None) for _ in range(3)] == [0.0, 0.0, None]


def test_time_ends():
    """A wait that would go beyond the policy's time is not begun."""
    assert Attempts(RetryPolicy(total_seconds=10)).next_wait(11.0) is None
    assert Attempts(RetryPolicy(total_seconds=10)).next_wait(1.0) == 1.0


@pytest.mark.parametrize(
    "wrong", [{"attempts": 0}, {"first_wait": -1}, {"longest_wait": -0.1}, {"total_seconds": -5}]
)
def test_policies_that_make_no_sense(wrong):
    """A policy says what is wrong with it when it is made."""
    with pytest.raises(ValueError, match=r"attempts must|must not be negative"):
        RetryPolicy(**wrong)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("0", 0.0),
        ("12", 12.0),
        (" 3 ", 3.0),
        ("soon", None),
        ("-1", None),
        ("9" * 5000, float("inf")),
        ("Mon, 99999999999999999999 Jan 9", None),
    ],
)
def test_retry_after_in_seconds(header, seconds):
    """A number of seconds is read, and what is none is left out."""
    assert retry_after(header) == seconds


def test_retry_after_as_a_date():
    """A date is read as the seconds until it, and as none where it is past."""
    soon = datetime.now(UTC) + timedelta(days=1)
    assert 80_000 < retry_after(format_datetime(soon, usegmt=True)) <= 86_400
    assert 80_000 < retry_after(format_datetime(soon.replace(tzinfo=None))) <= 86_400
    assert retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0


def test_only_known_operations_are_repeatable():
    """The table of repeatable operations names none that does not exist, and none that adds or removes."""
    assert set(OPERATIONS) > REPEATABLE
    assert not REPEATABLE & {"APPEND", "CONCAT", "CREATE", "DELETE", "MSCONCAT", "RENAME"}
    assert {501, 505}.isdisjoint(TRANSIENT)
