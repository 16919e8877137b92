"""The floors of the package: a module imports its own floor and the floors below it, nothing above."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import airflow_provider_adls

ROOT = Path(airflow_provider_adls.__file__).parent
PACKAGE = ROOT.name
AIRFLOW_FACE = {"hooks", "operators", "sensors", "triggers", "transfers", "assets", "fs"}
#: For each part of the package, the other parts that it may import.
BELOW = {
    **dict.fromkeys(AIRFLOW_FACE, AIRFLOW_FACE | {"filesystem", "client", "auth", "gen1", "connection_form"}),
    "filesystem": {"client", "auth", "gen1"},
    "client": {"auth", "gen1"},
    "auth": {"gen1"},
    "gen1": set(),
    "emulator": {"gen1"},
    "pytest_plugin": {"emulator"},
    # The command line imports each of its commands when it is asked for.
    "cli": {"emulator", "hooks"},
    "provider_info": {"connection_form"},
    "connection_form": set(),
    "__init__": set(),
}
SOCKETS = {
    "adal",
    "aiohttp",
    "azure",
    "http",
    "msrest",
    "msrestazure",
    "requests",
    "socket",
    "ssl",
    "urllib.request",
}
#: The base of triggers is where it was in every Airflow that we support, and `compat` does not have it.
#: OpenLineage's provider asks for its own class, and is there if it does.
OPENLINEAGE = "airflow.providers.openlineage.extractors.OperatorLineage"
TRIGGERS = ("airflow.triggers.base.", "airflow.triggers.shared_stream.SharedStreamProducer")
MODULES = sorted(ROOT.rglob("*.py"))


def part(module: Path) -> str:
    return module.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(module: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative imports hide the floor"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda module: str(module.relative_to(ROOT)))
def test_imports_point_down(module):
    """A module imports no floor above its own, and only Airflow's face imports Airflow."""
    own = part(module)
    assert own in BELOW, f"{own} stands on no floor: say in BELOW which it may import"
    for name in imports(module):
        top, _, rest = name.partition(".")
        if top == PACKAGE and rest != "__version__":
            assert rest.split(".")[0] in BELOW[own] | {own}, f"{own} imports {name}"
        if top == "airflow":
            assert own in AIRFLOW_FACE, f"{own} imports {name}"
            assert name.startswith(("airflow.providers.common.compat.", *TRIGGERS, OPENLINEAGE)), (
                f"{name} is not in every Airflow we support"
            )
        if own in {"gen1", "provider_info", "connection_form", "__init__"}:
            assert not any(f"{name}.".startswith(f"{heavy}.") for heavy in SOCKETS), f"{own} imports {name}"
