"""The table of what cannot be the same on both services."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.services import ONE_ALONE

TESTS = Path(__file__).parent


@pytest.mark.parametrize("test", ONE_ALONE)
def test_the_table_names_tests(test):
    """A test that is excused exists, so that none is excused for longer than it must be."""
    file, _, name = test.partition("::")
    assert (TESTS / file).is_file()
    if not name:
        return
    tree = ast.parse((TESTS / file).read_text(encoding="utf-8"))
    assert name in {
        node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    }
