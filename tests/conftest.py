"""What every test may ask for."""

from __future__ import annotations

import json
import os
import tempfile
import uuid
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from airflow_provider_adls.emulator import Emulator
    from airflow_provider_adls.gen1.clouds import Cloud
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook

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


@pytest.fixture
def connect(
    emulator: Emulator,
    account: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., None]:
    """Stores the default connection, in the environment: to the emulator, but for what is given."""
    ready = tmp_path_factory.mktemp("ready") / "ready.json"
    ready.write_text(json.dumps(emulator.ready))
    monkeypatch.setenv("ADLS_GEN1_EMULATOR", str(ready))

    def store(login: str | None = None, password: str | None = None, **extra: object) -> None:
        fields = {"cloud": "emulator", "account_name": account, "resource_group": "rg", **extra}
        connection = {"conn_type": "adls_gen1", "login": login, "password": password, "extra": fields}
        monkeypatch.setenv("AIRFLOW_CONN_ADLS_GEN1_DEFAULT", json.dumps(connection))

    return store


@pytest.fixture
def hook(connect: Callable[..., None]) -> ADLSGen1Hook:
    """A hook of the default connection, in an account of the test's own."""
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook

    connect()
    return ADLSGen1Hook()
