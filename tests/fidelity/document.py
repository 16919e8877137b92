"""Writes docs/emulator-fidelity.md: `python -m tests.fidelity.document`.

Its rows are the table of operations, and the tests of the emulator's rules with their mark `fidelity`:
how a behaviour is known, and whence.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from airflow_provider_adls.gen1.operations import OPERATIONS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "emulator-fidelity.md"
RULES = ROOT / "tests" / "emulator" / "rules"
#: Files whose tests are about the emulator's inside, not about what the service does.
INSIDE = {"test_calls.py"}
KINDS = ("recorded", "documented", "assumed")
RECORDED = ("recorded", "")
#: How the request and the answer of each operation are known.
EVIDENCE: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        [
            "APPEND",
            "CREATE",
            "DELETE",
            "GETCONTENTSUMMARY",
            "GETFILESTATUS",
            "LISTSTATUS",
            "MKDIRS",
            "MODIFYACLENTRIES",
            "MSCONCAT",
            "MSGETACLSTATUS",
            "OPEN",
            "REMOVEACL",
            "REMOVEACLENTRIES",
            "REMOVEDEFAULTACL",
            "RENAME",
            "SETACL",
            "SETEXPIRY",
            "SETOWNER",
            "SETPERMISSION",
        ],
        RECORDED,
    ),
    "CHECKACCESS": ("documented", "filesystem.json 2016-11-01"),
    "CONCAT": ("documented", "filesystem.json 2016-11-01"),
    "CONCURRENTAPPEND": ("documented", "filesystem.json 2016-11-01; Java SDK"),
    "ENUMERATEDELETEDITEMS": ("documented", ".NET SDK"),
    "GETACLSTATUS": ("documented", "Java and .NET SDKs; answered as MSGETACLSTATUS"),
    "GETFILEINFO": (
        "assumed",
        "only named in the Java SDK; answered as GETFILESTATUS, whose name is nearest",
    ),
    "MSGETFILESTATUS": ("documented", "Java SDK; answered as GETFILESTATUS"),
    "MSLISTSTATUS": ("documented", "Java SDK, and the Node SDK lists with it; answered as LISTSTATUS"),
    "RESTOREDELETEDITEMS": ("documented", ".NET SDK"),
    "SETTIMES": ("documented", "Java SDK; Hadoop's WebHDFS for -1"),
}
HEAD = """# What the emulator knows of the service

Each operation, and each rule behind them, is

- *recorded*: a recording of the real service shows it;
- *documented*: the source is named;
- *assumed*: no source says, and the reason for the choice stands here.

This page is written by `python -m tests.fidelity.document` from the table of operations and the marks of the
tests that hold each rule; a test fails if it is stale. Which refusals are recorded stands beside each, in
`airflow_provider_adls/emulator/rules/refusals.py`.
"""


def page() -> str:
    """The text of the page."""
    operations = [
        f"| {operation.verb} `{operation.prefix}` | {name} | {' | '.join(EVIDENCE[name])} |"
        for name, operation in sorted(OPERATIONS.items())
    ]
    rules = [f"| {rule} | {kind} | {source} |" for _, rule, kind, source in marked()]
    return "\n".join(
        [
            f"{HEAD}\n## Operations\n\n| request | operation | known | whence, or why |",
            "| --- | --- | --- | --- |",
            *operations,
            "\n## Rules\n\n| rule | known | whence, or why |\n| --- | --- | --- |",
            *rules,
            "",
        ]
    )


def marked() -> Iterator[tuple[str, str, str, str]]:
    """Of each rule's test its name, what it shows, how that is known (empty if unmarked), and whence."""
    for path in sorted(RULES.glob("test_*.py")):
        if path.name in INSIDE:
            continue
        for test in ast.parse(path.read_text()).body:
            if isinstance(test, ast.FunctionDef) and test.name.startswith("test_"):
                shown = " ".join((ast.get_docstring(test) or "").split()).replace("|", "\\|")
                kind, source = _mark(test)
                yield f"{path.name}::{test.name}", shown, kind, source


def _mark(test: ast.FunctionDef) -> tuple[str, str]:
    for decorator in test.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.fidelity":
            words = [str(ast.literal_eval(word)) for word in decorator.args]
            return words[0], " ".join(words[1:])
    return "", ""


if __name__ == "__main__":
    PAGE.write_text(page())
