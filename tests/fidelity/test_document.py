"""The page of what is known says what the tables and tests say."""

from __future__ import annotations

import pytest

from airflow_provider_adls.gen1.operations import OPERATIONS
from tests.fidelity.document import EVIDENCE, KINDS, PAGE, marked, page
from tests.fidelity.recordings import FILE, load


def test_the_page_is_fresh():
    """docs/emulator-fidelity.md is what `python -m tests.fidelity.document` would write."""
    assert page() == PAGE.read_text()


def test_all_is_marked():
    """Each operation and each rule's test says how it is known; what is not recorded says whence, or why."""
    assert set(EVIDENCE) == set(OPERATIONS)
    known = [*((name, *evidence) for name, evidence in EVIDENCE.items())]
    known += [(name, kind, source) for name, _, kind, source in marked()]
    assert [name for name, kind, _ in known if kind not in KINDS] == []
    assert [name for name, kind, source in known if kind != "recorded" and not source] == []


@pytest.mark.skipif(
    not FILE.exists(),
    reason="the recordings of the real service are not beside the repository (shared/golden)",
)
def test_what_is_called_recorded_is():
    """The operations that are called recorded are those that the recordings hold."""
    recorded = {exchange.operation for run in load() for exchange in run.exchanges}
    assert {name for name, (kind, _) in EVIDENCE.items() if kind == "recorded"} == recorded
