"""One Airflow for all system tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.stack import Stack

ROOT = Path(__file__).parents[2]
#: Seconds that a test of a real Airflow has, on a machine that does other things too.
TIMEOUT = 1800


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give a test that starts an Airflow, or is the first to need it, more time than others."""
    for item in items:
        if item.get_closest_marker("airflow_stack") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(TIMEOUT))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A healthy Airflow with the example DAGs, connected to an emulator that has the account `lake`."""
    with Stack(tmp_path_factory.mktemp("stack"), ROOT / "example_dags", "lake") as stack:
        database = {"conn_type": "sqlite", "host": str(stack.folder / "example.db")}
        stack.environment["AIRFLOW_CONN_ADLS_GEN1_EXAMPLE_DATABASE"] = json.dumps(database)
        stack.start()
        yield stack
