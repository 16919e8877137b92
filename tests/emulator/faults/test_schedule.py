"""At which requests a rule fires."""

from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.errors import ArgumentError
from airflow_provider_adls.emulator.faults.schedule import schedule


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, [1, 2, 3, 4, 5]),
        ({"nth": 1}, [1]),
        ({"nth": 3}, [3]),
        ({"after": 0}, [1, 2, 3, 4, 5]),
        ({"after": 3}, [4, 5]),
        ({"times": 2}, [1, 2]),
        ({"after": 1, "times": 2}, [2, 3]),
        ({"nth": 6}, []),
    ],
)
def test_calls_are_counted_from_one(given, expected):
    """A rule fires at the n-th call, or after some, or a number of times, and by default at each."""
    when = schedule(given.get("nth"), given.get("after"), given.get("times"))
    fired: list[int] = []
    for call in range(1, 6):
        if when.fires_at(call, len(fired)):
            fired.append(call)
    assert (fired, when.to_json()) == (expected, given)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("nth", {"nth": 0}),
        ("nth", {"nth": "3"}),
        ("nth", {"nth": 1.0}),
        ("nth", {"nth": True}),
        ("after", {"after": -1}),
        ("times", {"times": 0}),
        ("after", {"nth": 1, "after": 1}),
        ("times", {"nth": 1, "times": 1}),
    ],
)
def test_numbers_that_make_no_sense(field, given):
    """A malformed or contradictory number is refused by name."""
    with pytest.raises(ArgumentError, match=field) as caught:
        schedule(given.get("nth"), given.get("after"), given.get("times"))
    assert caught.value.field == field
