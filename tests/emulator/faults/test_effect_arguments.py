"""The arguments of a rule's effect."""

from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.errors import ArgumentError
from airflow_provider_adls.emulator.faults import Faults

#: What a rule says of itself beside what was given.
COUNTS = {"id": 1, "matched": 0, "fired": 0}


@pytest.mark.parametrize(
    ("given", "more"),
    [
        ({"status": 503}, {}),
        ({"status": 503, "delay": 0.5}, {}),
        ({"status": 503, "retry_after": 0}, {}),
        ({"retry_after": 7}, {"status": 429}),
        ({"retry_after": 7, "body": "busy"}, {"status": 429}),
        ({"status": 200, "body": "<html>sign in to the network</html>"}, {}),
        ({"status": 502, "body": ""}, {}),
        (
            {"error": "accesscontrolexception"},
            {"service": "lake", "status": 403, "error": "AccessControlException"},
        ),
        ({"error": "aadsts7000222"}, {"service": "login", "status": 401, "error": "AADSTS7000222"}),
        ({"service": "arm", "error": "ServiceUnavailable"}, {"status": 503}),
        ({"service": "arm", "error": "Odd.One", "status": 418}, {}),
        ({"error": "AADSTS50034", "status": 400, "service": "login"}, {}),
        ({"error": "RuntimeException", "status": 503, "message": "why"}, {"service": "lake"}),
        ({"delay": 0}, {}),
        ({"drop": "before"}, {}),
        ({"drop": "after", "delay": 1}, {}),
        ({"truncate": 0}, {}),
        ({"expire_token": True}, {}),
        ({"expire_token": True, "delay": 1}, {}),
    ],
)
def test_what_a_rule_can_do(given, more):
    """A rule shows its arguments, and the status that follows from them."""
    assert Faults().add(**given).to_json() == {**COUNTS, **given, **more}


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("status", {}),
        ("status", {"operation": "APPEND", "nth": 3}),
        ("status", {"expire_token": False}),
        ("status", {"status": False}),
        ("status", {"status": "503"}),
        ("status", {"status": 399}),
        ("status", {"status": 200}),
        ("status", {"status": 600}),
        ("status", {"status": 100, "body": "x"}),
        ("status", {"status": 204, "body": "x"}),
        ("status", {"status": 304, "body": "x"}),
        ("status", {"body": "x"}),
        ("status", {"message": "x"}),
        ("status", {"service": "arm", "error": "OddOne"}),
        ("status", {"error": "AADSTS50034"}),
        ("error", {"error": "NoSuchException"}),
        ("error", {"error": 5}),
        ("error", {"error": ""}),
        ("error", {"error": "ServiceUnavailable"}),
        ("error", {"service": "arm", "error": "two words"}),
        ("error", {"service": "login", "error": "RuntimeException"}),
        ("error", {"operation": "token", "error": "AccessControlException"}),
        ("error", {"operation": "APPEND", "error": "AADSTS7000222"}),
        ("account", {"account": "lake", "error": "AADSTS7000222"}),
        ("message", {"status": 503, "message": 5}),
        ("message", {"status": 503, "body": "x", "message": "y"}),
        ("error", {"status": 503, "body": "x", "error": "RuntimeException"}),
        ("body", {"status": 503, "body": b"x"}),
        ("retry_after", {"retry_after": -1}),
        ("retry_after", {"retry_after": "soon"}),
        ("delay", {"delay": -1}),
        ("delay", {"delay": float("inf")}),
        ("delay", {"delay": float("nan")}),
        ("delay", {"delay": "1"}),
        ("delay", {"delay": True}),
        ("drop", {"drop": "during"}),
        ("drop", {"drop": True}),
        ("drop", {"drop": "after", "status": 503}),
        ("truncate", {"truncate": -1}),
        ("truncate", {"truncate": 0.5}),
        ("truncate", {"truncate": 1, "drop": "after"}),
        ("truncate", {"truncate": 1, "retry_after": 1}),
        ("expire_token", {"expire_token": "yes"}),
        ("expire_token", {"expire_token": 1}),
        ("expire_token", {"expire_token": True, "status": 401}),
        ("expire_token", {"expire_token": True, "truncate": 1}),
        ("expire_token", {"expire_token": True, "service": "login"}),
        ("expire_token", {"expire_token": True, "operation": "token"}),
    ],
)
def test_what_makes_no_sense_is_refused(field, given):
    """Unknown, contradictory and empty arguments are refused by name, and add no rule."""
    faults = Faults()
    with pytest.raises(ArgumentError, match=field) as caught:
        faults.add(**given)
    assert (caught.value.field, len(faults)) == (field, 0)


def test_unknown_arguments_are_python_s_to_refuse():
    """A misspelt argument is refused by its name."""
    with pytest.raises(TypeError, match="stauts"):
        Faults().add(stauts=503)
