"""Plain words: what a test can hold of the rules in docs/glossary.md."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.imports import FILES, ROOMS, ROOT, nodes

TESTS = Path(__file__).parents[1]
#: The first words of functions' docstrings. A verb that is missing is added to the file.
VERBS = frozenset(Path(__file__).with_name("verbs.txt").read_text().split())
BANNED = re.compile(
    r"\b(told|tells?|telling|becomes? of|what is there|by itself|(?<!there )is no [a-z]+"
    r"|who(ever)? asks|keepers?|somebody who)\b",
    re.IGNORECASE,
)

#: Words for an actor whose name the reader needs: the caller, the user, the waiter.
ACTORS = re.compile(r"\b(whoever|somebody|anybody|everybody)\b", re.IGNORECASE)
#: What turns off a check, and does not say why.
UNREASONED = re.compile(r"# (noqa\b(?!: [A-Z0-9, ]+ - \S)|type: ignore(?!\[[\w, -]+\] # \S))")
#: A parameter, or a result, that a clause describes.
CLAUSE = re.compile(r":(param \w+|returns): (what|who|whom|where|which|as|that (?!of))\b")
#: The beginning of a clause without a noun.
HEADLESS = re.compile(r"(What|Who|Whom|Whose|Where|How)\b")


DESCRIBED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def _is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Return whether a function is a property: it is a noun (PEP 257 speaks of functions and methods)."""
    return any("property" in ast.unparse(decorator) for decorator in node.decorator_list)


@cache
def _texts(file: Path) -> list[tuple[str, str]]:
    """Return each comment and each string of a module, with its place."""
    with io.StringIO(file.read_text()) as lines:
        tokens = [
            token for token in tokenize.generate_tokens(lines.readline) if token.type == tokenize.COMMENT
        ]
    found = [(token.start[0], token.string) for token in tokens]
    found += [
        (node.lineno, node.value)
        for node in nodes(file)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return [(f"{file.relative_to(ROOT)}:{line}", text) for line, text in found]


@pytest.fixture(params=ROOMS)
def files(request):
    """The files of a part of the package."""
    return [FILES[module] for module in ROOMS[request.param]]


def test_a_function_is_described_by_what_it_does(files):
    """The docstring of a function or method begins with a verb in the imperative: "Return", "Upload"."""
    found = {
        f"{file.relative_to(ROOT)}: {node.name}: {docstring.split()[0]}"
        for file in files
        for node in nodes(file)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and (docstring := ast.get_docstring(node))
        and docstring.split()[0].rstrip(".,:;") not in VERBS
        and not _is_property(node)
    }
    assert not found


def test_docstrings_of_tests_use_the_same_words():
    """The docstrings and the names of tests and their helpers keep to the words of the package, too."""
    files = [file for file in TESTS.rglob("*.py") if file != Path(__file__)]
    assert files
    found = [
        f"{file.relative_to(TESTS)}:{node.body[0].lineno}: {match[0]}"
        for file in files
        for node in nodes(file)
        if isinstance(node, DESCRIBED)
        for text in (getattr(node, "name", "").replace("_", " "), ast.get_docstring(node) or "")
        for match in BANNED.finditer(text)
    ]
    assert not found


def test_a_module_class_or_property_is_described_by_a_noun(files):
    """Other docstrings begin with a noun, not with a clause: "What the service says", "Where files are"."""
    found = [
        f"{file.relative_to(ROOT)}:{node.body[0].lineno}: {match[0]}"
        for file in files
        for node in nodes(file)
        if isinstance(node, DESCRIBED) and (match := HEADLESS.match(ast.get_docstring(node) or ""))
    ]
    assert not found


def test_a_parameter_is_described_by_a_noun(files):
    """Parameters and results have names: "stores that keep them", and not "where they are kept"."""
    lines = [(file.name, line.strip()) for file in files for line in file.read_text().splitlines()]
    assert [(name, line) for name, line in lines if CLAUSE.search(line)] == []


def test_words_that_readers_stumble_over_are_not_used(files):
    """Docstrings, comments and messages say who does what: no "told", "what is there", "is no …"."""
    found = [
        f"{place}: {match[0]}"
        for file in files
        for place, text in _texts(file)
        for pattern in (BANNED, ACTORS)
        for match in pattern.finditer(text)
    ]
    assert not found


def test_an_exception_to_a_check_has_a_reason(files):
    """A line that turns off a rule of ruff or mypy says why: ``noqa: S608 - our own SQL``."""
    found = [f"{place}: {text}" for file in files for place, text in _texts(file) if UNREASONED.search(text)]
    assert not found
