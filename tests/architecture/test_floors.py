"""The floors of the package: a module imports its own floor and the floors below it, nothing above."""

from __future__ import annotations

import pytest

from tests.architecture.imports import ARROWS, PACKAGE, ROOMS, imported_names, part

AIRFLOW_FACE = {
    *("hooks", "operators", "sensors", "triggers", "transfers"),
    *("assets", "bundles", "fs", "logs", "policies", "sql", "xcom"),
}
#: What the face stands on, by noun. It may know Airflow too.
NOUNS = {"connection", "accounts", "waiting"}
NETWORK = {"client", "auth", "model"}
#: For each part of the package, the other parts that it may import.
BELOW = {
    **dict.fromkeys(
        AIRFLOW_FACE, AIRFLOW_FACE | NOUNS | NETWORK | {"filesystem", "transfer", "lake", "connection_form"}
    ),
    **dict.fromkeys(NOUNS, NOUNS | NETWORK | {"filesystem", "transfer", "lake", "connection_form"}),
    "filesystem": NETWORK | {"transfer", "lake"},
    "transfer": NETWORK | {"lake"},
    "lake": NETWORK,
    "client": {"auth", "model"},
    "auth": {"model"},
    "model": set(),
    "gen1": {"model"},
    "emulator": {"model"},
    "pytest_plugin": {"emulator"},
    # The command line imports what a command needs when it runs.
    "cli": {"commands"},
    "commands": NOUNS
    | NETWORK
    | {"hooks", "filesystem", "transfer", "lake", "connection_form", "emulator", "__init__"},
    "provider_info": {"connection_form"},
    "connection_form": set(),
    "__init__": set(),
}
#: Arrows up that are still to be turned: (module, what it imports), below the package's name.
TO_TURN: set[tuple[str, str]] = set()
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
#: What `compat` does not have, and why it may be imported all the same.
ELSEWHERE = (
    "airflow.providers.common.compat.",
    # The base of triggers is where it was in every Airflow that we support.
    "airflow.triggers.base.",
    "airflow.triggers.shared_stream.SharedStreamProducer",
    # OpenLineage's provider asks for its own class, and is there if it does.
    "airflow.providers.openlineage.extractors.OperatorLineage",
    # The base of XCom backends, which `compat` has as the one that is configured, and how values are written.
    "airflow.sdk.bases.xcom.BaseXCom",
    "airflow.models.xcom.BaseXCom",
    "airflow.utils.json.XCom",
    # What Airflow 2 has stored of a task's templates.
    "airflow.models.renderedtifields.RenderedTaskInstanceFields",
    # The provider that databases' hooks are of.
    "airflow.providers.common.sql.hooks.sql",
    # Retry policies, which came with 3.3.
    "airflow.sdk.definitions.retry_policy.",
    # The base of DAG bundles, which Airflow 3 has, and of task handlers, which 2.11 needs.
    "airflow.dag_processing.bundles.base.BaseDagBundle",
    "airflow.utils.log.file_task_handler.FileTaskHandler",
)


@pytest.mark.parametrize("own", ROOMS)
def test_imports_point_down(own):
    """A module imports no floor above its own, and only the floors over Airflow import Airflow."""
    assert own in BELOW, f"{own} stands on no floor: say in BELOW which it may import"
    for module in ROOMS[own]:
        for target in ARROWS[module] - {PACKAGE}:
            arrow = tuple(name.removeprefix(f"{PACKAGE}.") for name in (module, target))
            allowed = part(target) in BELOW[own] | {own}
            assert allowed != (arrow in TO_TURN), f"{module} imports {target}"
        for name in imported_names(module):
            if name.partition(".")[0] == "airflow":
                assert own in AIRFLOW_FACE | NOUNS, f"{module} imports {name}"
                assert name.startswith(ELSEWHERE), f"{name} is not in every Airflow we support"
            if own in {"model", "provider_info", "connection_form", "__init__"}:
                assert not any(f"{name}.".startswith(f"{heavy}.") for heavy in SOCKETS), (
                    f"{module} imports {name}"
                )
