"""What every test may ask for: the package's own fixtures, by shorter names, and a hook."""

from __future__ import annotations

import os
import tempfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_adls.emulator import Emulator
    from airflow_provider_adls.gen1.clouds import Cloud
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
    from airflow_provider_adls.pytest_plugin import Connect

# Airflow reads its environment when it is first imported, so before any test module is.
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="airflow-home-")
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"


@pytest.fixture(scope="session")
def emulator(adls_gen1_emulator: Emulator) -> Emulator:
    """The session's Gen1 service: leave its clock and principals as they are."""
    return adls_gen1_emulator


@pytest.fixture
def account(adls_gen1_account: str) -> str:
    """Name of an account that no other test uses; it is empty."""
    return adls_gen1_account


@pytest.fixture
def cloud(emulator: Emulator) -> Cloud:
    """The emulator as a cloud, path style."""
    from airflow_provider_adls.gen1.clouds import emulator_cloud

    return emulator_cloud(emulator.url)


@pytest.fixture
def connect(adls_gen1_connect: Connect) -> Callable[..., str]:
    """Stores the default connection, in the environment: to the emulator, but for what is given."""
    return adls_gen1_connect


@pytest.fixture
def hook(adls_gen1_connection: str) -> ADLSGen1Hook:
    """A hook of the default connection, in an account of the test's own."""
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook

    return ADLSGen1Hook(adls_gen1_connection)
