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
_STACK = pytest.StashKey[Stack]()


def _shares_stack(item: pytest.Item) -> bool:
    """Return whether a test runs on the Airflow of this file."""
    if not isinstance(item, pytest.Function):
        return False
    fixtures = item._fixtureinfo.name2fixturedefs.get("stack", ())
    return bool(fixtures) and fixtures[-1].func.__module__ == __name__


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that share an Airflow, and give those that wait for one more time than others."""
    items.sort(key=lambda item: not _shares_stack(item))
    for item in items:
        if item.get_closest_marker("airflow_stack") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(TIMEOUT))


def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Stop the Airflow with the last test that shares it: even idle it takes a fifth of a processor."""
    stack = item.config.stash.get(_STACK, None)
    if stack and not (nextitem and _shares_stack(nextitem)):
        stack.stop()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Stack]:
    """A healthy Airflow with the example DAGs, connected to an emulator that has the account `lake`."""
    with Stack(tmp_path_factory.mktemp("stack"), ROOT / "example_dags", "lake") as stack:
        pytestconfig.stash[_STACK] = stack
        database = {"conn_type": "sqlite", "host": str(stack.folder / "example.db")}
        stack.environment["AIRFLOW_CONN_ADLS_GEN1_EXAMPLE_DATABASE"] = json.dumps(database)
        stack.start()
        yield stack
