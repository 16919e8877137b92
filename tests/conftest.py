"""What every test may ask for."""

from __future__ import annotations

import os
import tempfile
import uuid
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from airflow_provider_adls.emulator import Emulator
    from airflow_provider_adls.gen1.clouds import Cloud

# Airflow reads its environment when it is first imported, so before any test module is.
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="airflow-home-")
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    """A Gen1 service in memory, for the whole session: leave its clock and principals as they are."""
    from airflow_provider_adls.emulator import Emulator

    with Emulator() as running:
        yield running


@pytest.fixture
def account(emulator: Emulator) -> Iterator[str]:
    """Name of an account that no other test uses; it is empty."""
    name = f"test{uuid.uuid4().hex[:16]}"
    emulator.create_account(name)
    yield name
    emulator.delete_account(name)


@pytest.fixture
def cloud(emulator: Emulator) -> Cloud:
    """The emulator as a cloud, path style."""
    from airflow_provider_adls.gen1.clouds import emulator_cloud

    return emulator_cloud(emulator.url)
