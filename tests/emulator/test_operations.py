"""The names of operations."""

from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.errors import ArgumentError
from airflow_provider_adls.emulator.operations import known


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("append", ("APPEND", "lake")),
        ("CREATENONRECURSIVE", ("CREATENONRECURSIVE", "lake")),
        ("Accounts.Create", ("accounts.create", "arm")),
        ("metadata", ("metadata", "arm")),
        ("TOKEN", ("token", "login")),
        ("discovery", ("discovery", "login")),
    ],
)
def test_each_is_one_service_s(name, expected):
    """A name is known in any case, with its service."""
    assert known(name) == expected


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("APEND", "'APEND' .*; APPEND is one"),
        ("accounts.creat", "accounts.create is one"),
        ("", "''"),
        (5, "5"),
    ],
)
def test_others_are_refused(name, words):
    """An unknown name is refused, with a similar one as a hint."""
    with pytest.raises(ArgumentError, match=words) as caught:
        known(name)
    assert caught.value.field == "operation"
