from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.gen2.errors import StorageError
from airflow_provider_adls.emulator.rules.gen2.conditions import Conditions

OTHER = ("0x1",)


@pytest.fixture
def node(make):
    return make("/f")


def status(conditions: Conditions, node, *, read: bool = False) -> int:
    try:
        conditions.check(node, read=read)
    except StorageError as error:
        return error.status if error.code == "ConditionNotMet" else 0
    return 200


@pytest.mark.fidelity("recorded")
def test_etags_are_compared(node):
    """If-Match takes one of its ETags, If-None-Match none; a read answers 304 to the latter."""
    own = (f"0x{node.etag:X}",)
    assert status(Conditions(match=own), node) == status(Conditions(match=("*",)), node) == 200
    assert status(Conditions(match=OTHER), node) == 412
    assert status(Conditions(match=OTHER), node, read=True) == 412
    assert status(Conditions(none_match=OTHER), node) == 200
    assert status(Conditions(none_match=own), node) == 412
    assert status(Conditions(none_match=own), node, read=True) == 304


@pytest.mark.fidelity("recorded")
def test_times_are_compared_in_whole_seconds(node):
    """A path was modified since a second before its own, and not since its own."""
    second = node.modified // 1000
    assert status(Conditions(modified_since=second - 1), node) == 200
    assert status(Conditions(modified_since=second), node) == 412
    assert status(Conditions(modified_since=second), node, read=True) == 304
    assert status(Conditions(unmodified_since=second), node) == 200
    assert status(Conditions(unmodified_since=second - 1), node) == 412


@pytest.mark.fidelity("assumed", "what does not exist has no version and was never modified")
def test_what_does_not_exist(node):
    """A missing path fails If-Match and If-Unmodified-Since, and meets the others."""
    assert status(Conditions(match=("*",)), None) == status(Conditions(unmodified_since=1), None) == 412
    assert status(Conditions(none_match=("*",), modified_since=1), None) == 200
