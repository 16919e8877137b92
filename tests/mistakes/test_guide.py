"""The guide to mistakes says nothing that no test provokes."""

from __future__ import annotations

from pathlib import Path

from tests.mistakes.conftest import guide


def test_every_entry_is_provoked():
    """Each message of the guide is compared with a real one by a test of this folder."""
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    assert len(guide()) >= 20
    assert [mistake for mistake in guide() if f'"{mistake}"' not in tests] == []
