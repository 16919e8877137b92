"""One Airflow for all system tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.stack import Stack

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A healthy Airflow with the example DAGs, connected to an emulator that has the account `lake`."""
    with Stack(tmp_path_factory.mktemp("stack"), ROOT / "example_dags", "lake") as stack:
        stack.start()
        yield stack
