"""Each rule of INVARIANTS.md is held by a test, and the test exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RULES = re.split(r"^- ", (ROOT / "INVARIANTS.md").read_text(), flags=re.MULTILINE)[1:]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.partition(".")[0][:40])
def test_a_test_holds_it(rule):
    """The rule names tests, and each is a function of the file that it names."""
    named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", rule)
    assert named
    for file, name in named:
        tree = ast.parse((ROOT / file).read_text())
        functions = [
            one for one in ast.walk(tree) if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef))
        ]
        assert name in [one.name for one in functions], file
