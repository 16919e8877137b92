"""The modules of the package, and which of them each one imports."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import airflow_provider_adls

ROOT = Path(airflow_provider_adls.__file__).parent
PACKAGE = ROOT.name


def _name(file: Path) -> str:
    return ".".join([PACKAGE, *file.relative_to(ROOT).with_suffix("").parts]).removesuffix(".__init__")


FILES = {_name(file): file for file in sorted(ROOT.rglob("*.py"))}


@cache
def nodes(file: Path) -> list[ast.AST]:
    """Return every node of a file's syntax tree."""
    return list(ast.walk(ast.parse(file.read_text())))


def part(module: str) -> str:
    """Return the first folder or file below the package that a module stands in."""
    return [*module.split("."), "__init__"][1]


def imported_names(module: str) -> set[str]:
    """Return every name that a module imports, whenever and wherever it does so."""
    found: set[str] = set()
    for node in nodes(FILES[module]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative imports hide the floor"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def imported_modules(module: str) -> set[str]:
    """Return the package's own modules that a module imports."""
    names = imported_names(module)
    return {name if name in FILES else name.rpartition(".")[0] for name in names} & FILES.keys() - {module}


#: The modules of each part.
ROOMS: dict[str, list[str]] = {}
for _module in FILES:
    ROOMS.setdefault(part(_module), []).append(_module)
ARROWS = {module: imported_modules(module) for module in FILES}
