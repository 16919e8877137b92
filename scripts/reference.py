"""Writes the API reference's pages, in Markdown, from the docstrings of what users import."""

from __future__ import annotations

import importlib
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

PACKAGE = "airflow_provider_adls"
#: Title and modules of each page, by the page's name.
PAGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "hook": ("The hook", ("hooks.adls_gen1",)),
    "file-operators": (
        "Operators of files",
        tuple(
            f"operators.{name}"
            for name in (
                *("files", "content", "transform", "sync", "distributed", "status"),
                *("rights", "acls", "expiry", "trash"),
            )
        ),
    ),
    "account-operators": (
        "Operators of accounts",
        tuple(
            f"operators.{name}"
            for name in ("accounts", "account_queries", "account_rules", "account_encryption")
        ),
    ),
    "transfers": (
        "Transfers",
        tuple(
            f"transfers.{name}"
            for name in (
                *("local_to_adls_gen1", "adls_gen1_to_local", "adls_gen1_to_adls_gen1"),
                *("object_storage_to_adls_gen1", "adls_gen1_to_object_storage"),
                *("sql_to_adls_gen1", "adls_gen1_to_sql"),
            )
        ),
    ),
    "many-tasks": ("Transfers of many tasks", ("transfers.distributed", "operators.distributed")),
    "sensors": ("Sensors", ("sensors.adls_gen1", "sensors.accounts")),
    "triggers": ("Triggers", ("triggers.adls_gen1", "triggers.accounts")),
    "file-system": ("The file system", ("filesystem",)),
    "assets": ("Assets", ("assets.adls_gen1",)),
    "airflow": (
        "Logs, DAG bundle, XComs and retries",
        (
            *("logs.remote:ADLSGen1RemoteLogIO", "bundles.adls_gen1"),
            *("xcom.backend", "policies.retry:ADLSGen1RetryPolicy"),
        ),
    ),
    "auth": ("Credentials", ("auth",)),
    "emulator": ("The emulator", ("emulator",)),
    "errors": ("Errors", ("model.errors",)),
}
_ROLE = re.compile(r":(?:class|meth|func|attr|mod|data|exc):`~?([^`]+)`")
_FIELD = re.compile(r"^:(\w+)(?: ([\w*, ]+))?: ?(.*)$")
#: Bases whose methods a reader looks for in the class itself.
_WITH_METHODS = ("ADLSGen1Hook", "ADLSGen1FileSystem", "Emulator", "Faults", "Requests")


@dataclass
class Docstring:
    """A docstring taken apart.

    :param text: Markdown before the fields.
    :param parameters: description of each parameter.
    :param returns: what is returned; empty if nothing is said.
    :param raises: error and cause of each.
    """

    text: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    returns: str = ""
    raises: list[tuple[str, str]] = field(default_factory=list)


def parse(doc: str | None) -> Docstring:
    """Return a docstring with fields of reStructuredText, taken apart and in Markdown."""
    result = Docstring()
    head: list[str] = []
    fields: list[list[str]] = []
    for line in inspect.cleandoc(doc or "").splitlines():
        if _FIELD.match(line):
            fields.append([line])
        elif fields and (line.startswith(" ") or not line):
            fields[-1].append(line.strip())
        else:
            # Text may go on after the fields.
            head.append(line)
    result.text = to_markdown("\n".join(head))
    for lines in fields:
        match = _FIELD.match(lines[0])
        assert match
        kind, name = match[1], (match[2] or "").strip()
        text = to_markdown(" ".join(part for part in (match[3], *lines[1:]) if part))
        if kind == "param":
            result.parameters[name] = text
        elif kind in {"return", "returns"}:
            result.returns = text
        elif kind == "raises":
            result.raises.append((name, text))
    return result


def to_markdown(text: str) -> str:
    """Return reStructuredText of our docstrings as Markdown."""
    lines: list[str] = []
    rows = iter(text.splitlines())
    for row in rows:
        if not row.startswith(".. code-block:: "):
            lines.append(row)
            continue
        language = row.removeprefix(".. code-block:: ")
        code: list[str] = []
        after = ""
        for inner in rows:
            if inner and not inner.startswith(" "):
                after = inner
                break
            code.append(inner)
        lines += [f"```{language}", *textwrap.dedent("\n".join(code)).strip().splitlines(), "```", "", after]
    return _ROLE.sub(r"`\1`", "\n".join(lines)).strip()


def page(title: str, modules: tuple[str, ...]) -> str:
    """Return one page.

    :param modules: those whose classes and functions stand in it; ``module:Name`` for one of them alone.
    """
    parts = [f"# {title}"]
    for entry in modules:
        name, _, only = entry.partition(":")
        module = importlib.import_module(f"{PACKAGE}.{name}")
        for member_name, member in [(only, getattr(module, only))] if only else members(module):
            parts.append(describe(f"{PACKAGE}.{name}", member_name, member))
    return "\n\n".join(parts) + "\n"


def members(module: Any) -> Iterator[tuple[str, Any]]:
    """Yield the classes and functions that a module has for users, in its order."""
    names = getattr(module, "__all__", None) or [
        name for name, member in vars(module).items() if getattr(member, "__module__", "") == module.__name__
    ]
    for name in names:
        member = getattr(module, name)
        if not name.startswith("_") and (inspect.isclass(member) or inspect.isfunction(member)):
            yield name, member


def describe(module: str, name: str, member: Any) -> str:
    """Return the Markdown of one class or function."""
    parts = [f"## {name}", f"```python\nfrom {module} import {name}\n```"]
    doc = parse(member.__doc__)
    parts.append(doc.text)
    if inspect.isclass(member):
        if not issubclass(member, Exception):
            parts += arguments(doc, member)
        parts += results(doc)
        if name in _WITH_METHODS:
            parts += [method(found, call) for found, call in methods(member)]
    else:
        parts += [*arguments(doc, member), *results(doc)]
    return "\n\n".join(part for part in parts if part)


def methods(cls: type) -> Iterator[tuple[str, Any]]:
    """Yield the public methods and properties of a class that this package defines, by name."""
    found: dict[str, Any] = {}
    for base in cls.__mro__:
        if base.__module__.startswith(PACKAGE):
            for name, member in vars(base).items():
                if not name.startswith("_") and (inspect.isfunction(member) or isinstance(member, property)):
                    found.setdefault(name, member)
    for name, member in sorted(found.items()):
        if inspect.getdoc(member):
            yield name, member


def method(name: str, member: Any) -> str:
    """Return the Markdown of one method or property."""
    doc = parse(inspect.getdoc(member))
    if isinstance(member, property):
        return f"### `{name}`\n\n{doc.text}"
    parts = [f"### `{name}`", f"```python\n{signature(name, member)}\n```", doc.text]
    rows = [f"- `{parameter}`: {text}" for parameter, text in doc.parameters.items()]
    return "\n\n".join(part for part in (*parts, "\n".join(rows), *results(doc)) if part)


def signature(name: str, call: Callable[..., Any]) -> str:
    """Return how a method is called, one argument a line where it has many."""
    found = inspect.signature(call)
    rows: list[str] = []
    for parameter in found.parameters.values():
        if parameter.name in {"self", "cls"}:
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and not any(row.startswith("*") for row in rows):
            rows.append("*")
        stars = {"VAR_POSITIONAL": "*", "VAR_KEYWORD": "**"}.get(parameter.kind.name, "")
        default = "" if parameter.default is parameter.empty else f" = {parameter.default!r}"
        rows.append(f"{stars}{parameter.name}: {parameter.annotation}{default}")
    arrow = f" -> {found.return_annotation}"
    short = f"{name}({', '.join(rows)}){arrow}"
    return short if len(short) <= 100 else f"{name}(\n    " + ",\n    ".join(rows) + f",\n){arrow}"


def defaults_of(member: Any) -> dict[str, Any]:
    """Return the default of each parameter of a function, or of the constructors of a class and its bases."""
    calls = (
        [vars(one)["__init__"] for one in member.__mro__ if "__init__" in vars(one)]
        if inspect.isclass(member)
        else [member]
    )
    found: dict[str, Any] = {}
    for call in calls:
        # A constructor that C defines has no signature to read.
        if inspect.isfunction(call):
            for name, parameter in inspect.signature(call).parameters.items():
                found.setdefault(name, parameter.default)
    return found


def arguments(doc: Docstring, member: Any) -> list[str]:
    """Return the table of a class's or function's arguments, if it has any."""
    if not doc.parameters:
        return []
    defaults = defaults_of(member)
    # An operator's table says what is templated.
    table = getattr(member, "argument_table", {})
    rows = ["| argument | default | |", "|---|---|---|"]
    for name, text in doc.parameters.items():
        default = defaults.get(name, inspect.Parameter.empty)
        row = table.get(name)
        shown = "*required*" if default is inspect.Parameter.empty else f"`{default!r}`"
        words = text.removesuffix(" (templated)").replace("|", "\\|").replace("\n", " ")
        rows.append(f"| `{name}` | {shown} | {words}{' *Templated.*' if row and row.templated else ''} |")
    return ["\n".join(rows)]


def results(doc: Docstring) -> list[str]:
    """Return what a call returns and raises, a paragraph each."""
    parts = [f"**Returns** {doc.returns}"] if doc.returns else []
    return parts + [f"**Raises** `{error}` {cause}" for error, cause in doc.raises]
