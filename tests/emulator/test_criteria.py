"""Criteria that select requests."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from airflow_provider_adls.emulator.criteria import criteria, names_account
from airflow_provider_adls.emulator.errors import ArgumentError
from airflow_provider_adls.emulator.principal import Principal

READER = Principal("0b1e", client_id="6b1f")


class RequestInfo(NamedTuple):
    """A request."""

    service: str = "lake"
    operation: str | None = "APPEND"
    account: str | None = "lake"
    path: str = "/raw/2026/a b.csv"
    principal: Principal | None = READER


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"service": "lake"},
        {"operation": "append"},
        {"account": "Lake.azuredatalakestore.net"},
        {"path": "/raw/2026/a b.csv"},
        {"path": "/raw/*/*.csv"},
        {"path": "/raw/**"},
        {"path": "/**/a?b.[ct]sv"},
        {"under": "/"},
        {"under": "/raw"},
        {"under": "//raw/./2026/"},
        {"under": "/raw/2026/a b.csv"},
        {"principal": READER},
        {"principal": "0b1e"},
        {"principal": "6b1f"},
        {"service": "lake", "operation": "APPEND", "account": "lake", "under": "/raw", "principal": READER},
    ],
)
def test_those_that_fit(wanted):
    """A request fits what names it, in whichever way."""
    assert criteria(**wanted).fit(RequestInfo())


@pytest.mark.parametrize(
    "wanted",
    [
        {"service": "login"},
        {"operation": "CREATE"},
        {"account": "another"},
        {"path": "/raw"},
        {"path": "/raw/*"},
        {"path": "/RAW/**"},
        {"path": "/raw/2026/a b.csv/"},
        {"under": "/ra"},
        {"under": "/raw/2026/a"},
        {"principal": "another"},
        {
            "service": "lake",
            "operation": "APPEND",
            "account": "lake",
            "under": "/raw",
            "principal": "another",
        },
    ],
)
def test_those_that_do_not(wanted):
    """One criterion that it does not meet is enough."""
    assert not criteria(**wanted).fit(RequestInfo())


def test_a_request_without_a_principal():
    """A request whose token proved nothing is not that of any principal, and has no operation."""
    nobody = RequestInfo(principal=None, operation=None, account=None)
    assert criteria(path="/raw/**").fit(nobody)
    assert not criteria(principal="0b1e").fit(nobody)
    assert not criteria(operation="APPEND").fit(nobody)
    assert not criteria(account="lake").fit(nobody)


def test_paths_are_the_file_system_s():
    """A path is one of the file system, unless another service is named."""
    sign_in = RequestInfo(service="login", operation="token", account=None, path="/tenant/oauth2/token")
    assert not criteria(under="/").fit(sign_in)
    assert not criteria(path="/**").fit(sign_in)
    assert criteria(service="login", path="/*/oauth2/token").fit(sign_in)


def test_names_are_taken_as_they_are():
    """Wildcards are plain characters in `under`, and line ends are part of names."""
    assert criteria(under="/a+(b").fit(RequestInfo(path="/a+(b/c\nd"))
    assert criteria(path="/a+(b/*").fit(RequestInfo(path="/a+(b/c\nd"))
    assert not criteria(path="/a").fit(RequestInfo(path="/a\n"))


@pytest.mark.parametrize(
    ("field", "wanted"),
    [
        ("service", {"service": "queue"}),
        ("service", {"service": "arm", "operation": "APPEND"}),
        ("operation", {"operation": "APEND"}),
        ("operation", {"operation": 5}),
        ("account", {"account": "Not_a_name"}),
        ("account", {"account": ""}),
        ("account", {"account": "lake", "service": "login"}),
        ("account", {"account": "lake", "operation": "token"}),
        ("account", {"account": "lake", "operation": "accounts.list"}),
        ("path", {"path": "raw/*"}),
        ("path", {"path": "/raw**"}),
        ("path", {"path": ""}),
        ("path", {"path": "/raw", "under": "/raw"}),
        ("under", {"under": "raw"}),
        ("under", {"under": 5}),
        ("principal", {"principal": ""}),
        ("principal", {"principal": 5}),
    ],
)
def test_what_makes_no_sense_is_refused(field, wanted):
    """Unknown, malformed and contradictory criteria are refused by the field's name."""
    with pytest.raises(ArgumentError, match=field) as caught:
        criteria(**wanted)
    assert caught.value.field == field


def test_only_what_is_asked_for_is_shown():
    """As JSON, criteria are the given values in their normal form."""
    shown = criteria(operation="append", account="Lake", under="/raw/", principal=READER).to_json()
    assert shown == {
        "service": "lake",
        "operation": "APPEND",
        "account": "lake",
        "under": "/raw",
        "principal": "0b1e",
    }


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [
        (None, None, True),
        ("lake", "APPEND", True),
        ("arm", None, True),
        ("arm", "accounts.get", True),
        ("arm", "accounts.list", False),
        ("login", None, False),
        ("login", "token", False),
    ],
)
def test_which_requests_say_an_account(service, operation, expected):
    """Sign-ins and lists of accounts have no account."""
    assert names_account(service, operation) is expected
