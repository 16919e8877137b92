"""A file system over an empty account of the emulator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_adls.filesystem import ADLSGen1FileSystem

if TYPE_CHECKING:
    from airflow_provider_adls.emulator import Emulator


@pytest.fixture
def options(emulator: Emulator, account: str) -> dict[str, Any]:
    """What a file system of the test's account is made with."""
    return {
        "account_name": account,
        "tenant_id": emulator.tenant_id,
        "client_id": emulator.client_id,
        "client_secret": emulator.client_secret,
        "cloud": emulator.url,
        "ca_file": emulator.ca_file,
    }


@pytest.fixture
def fs(options: dict[str, Any]) -> ADLSGen1FileSystem:
    """A file system of the test's account, which blocks."""
    return ADLSGen1FileSystem(**options, skip_instance_cache=True)
