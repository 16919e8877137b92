"""Fault rules over HTTP."""

from __future__ import annotations

import pytest

LAKE = "https://datalake.azure.net/"
RULE = {"operation": "GETFILESTATUS", "under": "/raw", "nth": 2, "status": 503}


def test_a_rule_comes_and_goes(own_browser):
    """A rule is added, shows how often it matched and fired, also in the answer to its removal."""
    added = own_browser.send("POST", "/emulator/faults", json=RULE)
    shown = {"id": 1, "service": "lake", **RULE, "matched": 0, "fired": 0}
    assert (added.status_code, added.json()) == (201, shown)
    headers = own_browser.bearer(LAKE)
    status = {"op": "GETFILESTATUS"}
    asked = [own_browser.lake("GET", "lake", "/raw", params=status, headers=headers) for _ in range(3)]
    assert [answer.status_code for answer in asked] == [404, 503, 404]
    shown |= {"matched": 3, "fired": 1}
    assert own_browser.send("GET", "/emulator/faults/1").json() == shown
    assert own_browser.send("GET", "/emulator/faults").json() == {"faults": [shown]}
    assert own_browser.send("GET", "/emulator/status").json()["faults"] == 1
    assert own_browser.send("GET", "/emulator/requests?status=503").json()["requests"][0]["fault"] == 1
    assert own_browser.send("DELETE", "/emulator/faults/1").json() == shown
    assert own_browser.send("GET", "/emulator/faults").json() == {"faults": []}
    for method in ("GET", "DELETE"):
        answer = own_browser.send(method, "/emulator/faults/1")
        assert (answer.status_code, answer.json()["error"]["field"]) == (404, "id")


def test_all_rules_are_those_of_python_too(own_browser):
    """Rules that were added in Python are listed over HTTP, and removed all at once."""
    faults = own_browser.emulator.faults
    rules = [faults.add(delay=1), faults.add(truncate=5, path="/raw/*.csv", times=3)]
    removed = own_browser.send("DELETE", "/emulator/faults").json()["faults"]
    assert removed == [rule.to_json() for rule in rules]
    assert len(faults) == 0


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ({}, "status"),
        ({"stauts": 503}, "stauts"),
        ({"status": "503"}, "status"),
        ({"status": False}, "status"),
        ({"operation": "APEND", "status": 503}, "operation"),
        ({"operation": ["APPEND"], "status": 503}, "operation"),
        ({"account": 5, "status": 503}, "account"),
        ({"path": "/a", "under": "/a", "status": 503}, "path"),
        ({"nth": 1, "times": 1, "status": 503}, "times"),
        ({"drop": "after", "truncate": 5}, "truncate"),
        ({"delay": "long"}, "delay"),
        ({"self": 1}, "self"),
        ([RULE], "content"),
        ("text", "content"),
    ],
)
def test_what_makes_no_sense_is_refused(own_browser, content, field):
    """A wrong rule is refused, and the answer names the argument."""
    answer = own_browser.send("POST", "/emulator/faults", json=content)
    assert (answer.status_code, answer.json()["error"]["field"]) == (400, field)
    assert len(own_browser.emulator.faults) == 0


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999", "1.0", "%31%2F"])
def test_ids_that_are_none(own_browser, number):
    """An unknown id of any form is reported."""
    own_browser.emulator.faults.add(delay=0)
    answer = own_browser.send("DELETE", f"/emulator/faults/{number}")
    assert answer.status_code in {400, 404}
    assert len(own_browser.emulator.faults) == 1
