"""A request as one line."""

from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.log_format import format_request
from airflow_provider_adls.emulator.principal import Principal
from airflow_provider_adls.emulator.record import RequestRecord

KNOWN = {
    "service": "lake",
    "method": "PUT",
    "path": "/raw/day.csv",
    "status": 201,
    "time": 1_795_577_968.1234,
}


def test_all_that_is_known_is_in_it():
    """A line has time, status, service, operation, account, path, principal and duration, a word each."""
    record = RequestRecord(
        **KNOWN, operation="CREATE", account="lake", principal=Principal("me"), ms=1.25, fault=3
    )
    said = "2026-11-25T03:39:28.123Z 201 lake CREATE lake /raw/day.csv me 1.2ms fault=3"
    assert format_request(record.to_json()) == said


def test_what_is_not_known_is_a_dash():
    """A request that was refused at once has its method, and dashes for account and principal."""
    record = RequestRecord(**KNOWN | {"status": 0})
    assert format_request(record.to_json()) == "2026-11-25T03:39:28.123Z 000 lake PUT - /raw/day.csv - 0.0ms"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a b", r"a\x20b"),
        ("a\nfake line", r"a\nfake\x20line"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("back\\slash", r"back\\slash"),
        ("\u202egpj.exe", r"\u202egpj.exe"),
        ("no\u00a0break", r"no\xa0break"),
        ("\udcff", r"\udcff"),
        ("größe-日本", "größe-日本"),
        ("50%#+", "50%#+"),
    ],
)
def test_no_name_is_a_line_of_its_own(name, shown):
    """Characters that would break the line, a word or a terminal are escaped, and no others."""
    record = RequestRecord(**KNOWN | {"path": f"/{name}"})
    assert format_request(record.to_json()).split(" ")[5] == f"/{shown}"
