"""The page on security names tests that there are."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_named_tests_are_there():
    """Each test that the page names holds what it is named for, and none of the file is left out."""
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "security.md").read_text()))
    there = set(
        re.findall(r"^def (test_\w+)", (ROOT / "tests/security/test_secrets.py").read_text(), re.MULTILINE)
    )
    assert named == there
