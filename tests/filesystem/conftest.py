"""A file system over an empty account of the emulator, for threads and for event loops."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_adls.auth import ClientSecret, DataLakeCredential
from airflow_provider_adls.client import RetryPolicy
from airflow_provider_adls.filesystem import ADLSGen1FileSystem

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from airflow_provider_adls.emulator import Emulator, Fault
    from airflow_provider_adls.model.clouds import Cloud


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
        "skip_instance_cache": True,
    }


@pytest.fixture
def fs(options: dict[str, Any]) -> ADLSGen1FileSystem:
    """A file system of the test's account, which blocks."""
    return ADLSGen1FileSystem(**options)


@pytest.fixture
def other_account(emulator: Emulator, account: str) -> Iterator[str]:
    """Name of a second empty account."""
    name = f"b{account[1:]}"
    emulator.create_account(name)
    yield name
    emulator.delete_account(name)


@pytest.fixture
def credential(emulator: Emulator, cloud: Cloud) -> DataLakeCredential:
    """A credential of the emulator's principal."""
    return DataLakeCredential(
        ClientSecret(emulator.tenant_id, emulator.client_id, emulator.client_secret, cloud, emulator.ca_file)
    )


@pytest.fixture
async def afs(
    emulator: Emulator, account: str, cloud: Cloud, credential: DataLakeCredential
) -> AsyncIterator[ADLSGen1FileSystem]:
    """A file system of the same account, for the test's event loop; it tries three times at once."""
    fs = ADLSGen1FileSystem(
        account,
        credential=credential,
        endpoint_url=cloud.account_endpoint(account),
        ca_file=emulator.ca_file,
        retry=RetryPolicy(attempts=3, first_wait=0.001),
        asynchronous=True,
        skip_instance_cache=True,
    )
    yield fs
    await fs._close()


async def came(rule: Fault) -> None:
    """Wait until a request has come that a rule matches."""
    while not rule.matched:  # noqa: ASYNC110 - the emulator has a thread and a loop of its own
        await asyncio.sleep(0.001)
