"""Plain words: what a test can hold of the rules in docs/glossary.md."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.architecture.imports import FILES, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def _functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(_tree(file)):
        # A property is a noun, and says which (PEP 257 speaks of functions and methods).
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not any(
            "property" in ast.unparse(decorator) for decorator in node.decorator_list
        ):
            yield node


def _texts(file: Path) -> Iterator[tuple[int, str]]:
    """Yield each comment and each string of a module, with its line."""
    with io.StringIO(file.read_text()) as lines:
        for token in tokenize.generate_tokens(lines.readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


@pytest.mark.parametrize("module", FILES)
def test_a_function_is_described_by_what_it_does(module):
    """The docstring of a function or method begins with a verb in the imperative: "Return", "Upload"."""
    found = {
        f"{node.name}: {docstring.split()[0]}"
        for node in _functions(FILES[module])
        if (docstring := ast.get_docstring(node)) and docstring.split()[0].rstrip(".,:;") not in VERBS
    }
    assert not found


def test_docstrings_of_tests_use_the_same_words():
    """The docstrings of tests and their helpers keep to the words of the package, too."""
    files = [file for file in TESTS.rglob("*.py") if file != Path(__file__)]
    assert files
    found = [
        f"{file.relative_to(TESTS)}:{node.body[0].lineno}: {match[0]}"
        for file in files
        for node in ast.walk(_tree(file))
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        for match in BANNED.finditer(ast.get_docstring(node) or "")
    ]
    assert not found


@pytest.mark.parametrize("module", FILES)
def test_a_module_class_or_property_is_described_by_a_noun(module):
    """Other docstrings begin with a noun, not with a clause: "What the service says", "Where files are"."""
    found = [
        f"{FILES[module].relative_to(ROOT)}:{node.body[0].lineno}: {match[0]}"
        for node in ast.walk(_tree(FILES[module]))
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and (match := HEADLESS.match(ast.get_docstring(node) or ""))
    ]
    assert not found


@pytest.mark.parametrize("module", FILES)
def test_a_parameter_is_described_by_a_noun(module):
    """Parameters and results have names: "stores that keep them", and not "where they are kept"."""
    lines = FILES[module].read_text().splitlines()
    assert [line.strip() for line in lines if CLAUSE.search(line)] == []


@pytest.mark.parametrize("module", FILES)
def test_words_that_readers_stumble_over_are_not_used(module):
    """Docstrings, comments and messages say who does what: no "told", "what is there", "is no …"."""
    found = [
        f"{FILES[module].relative_to(ROOT)}:{line}: {match[0]}"
        for line, text in _texts(FILES[module])
        for pattern in (BANNED, ACTORS)
        for match in pattern.finditer(text)
    ]
    assert not found


@pytest.mark.parametrize("module", FILES)
def test_an_exception_to_a_check_has_a_reason(module):
    """A line that turns off a rule of ruff or mypy says why: ``noqa: S608 - our own SQL``."""
    found = [
        f"{FILES[module].relative_to(ROOT)}:{line}: {text}"
        for line, text in _texts(FILES[module])
        if UNREASONED.search(text)
    ]
    assert not found
