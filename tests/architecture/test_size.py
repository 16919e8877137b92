"""How large a module may grow, and that no two public classes share a name."""

from __future__ import annotations

import ast
from collections import defaultdict

from tests.architecture.imports import FILES, nodes, part

LINES = 400


def test_a_module_holds_one_idea():
    """A module past 400 lines holds a second idea, which gets a module of its own."""
    lengths = {module: len(file.read_text().splitlines()) for module, file in FILES.items()}
    assert {module: lines for module, lines in lengths.items() if lines > LINES} == {}


def test_a_public_class_name_is_used_once():
    """Outside the emulator, which is a program of its own, a class's name says which class it is."""
    homes = defaultdict(set)
    for module, file in FILES.items():
        if part(module) == "emulator":
            continue
        for node in nodes(file)[0].body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].add(module)
    shared = {name: modules for name, modules in homes.items() if len(modules) > 1}
    assert shared == {}
