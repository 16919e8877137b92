"""A file system over an empty account of the emulator, for threads and for event loops."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from airflow_provider_adls.auth import ClientSecret, DataLakeCredential
from airflow_provider_adls.client import RetryPolicy
from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from tests.services import GEN1, gen1_name, gen2_faults

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from airflow_provider_adls.emulator import Emulator, Fault
    from airflow_provider_adls.model.clouds import Cloud
    from airflow_provider_adls.pytest_plugin import AddFault

#: Fixtures that the tests of the floors below take over.
__all__ = ["account", "afs", "asked", "container", "credential", "fault", "fs", "options", "other_account"]


@pytest.fixture
def account(service: str, request: pytest.FixtureRequest) -> str:
    """Name of an account that no other test uses; it is empty, or has an empty container."""
    if service == GEN1:
        return request.getfixturevalue("adls_gen1_account")
    return request.getfixturevalue("adls_gen2_account").name


@pytest.fixture
def container(service: str) -> str | None:
    """The container of the test's account, None on Gen1."""
    return None if service == GEN1 else "test"


@pytest.fixture
def fault(adls_gen1_fault: AddFault, account: str, container: str | None) -> AddFault:
    """Lets requests to the test's account fail; operations have Gen1's names."""

    def add(**rule: Any) -> Fault:
        return adls_gen1_fault(**{"account": account, **rule})

    return (lambda **rule: gen2_faults(add, container, rule)) if container else add


@pytest.fixture
def asked(emulator: Emulator, account: str) -> Callable[[], list[str | None]]:
    """Returns which operations the test's account was asked for, in order, by Gen1's names."""

    def operations() -> list[str | None]:
        found = emulator.requests(account=account)
        of_files = [request for request in found if request.service in ("lake", "dfs", "blob")]
        return [gen1_name(request.operation) for request in of_files]

    return operations


@pytest.fixture
def options(emulator: Emulator, account: str, container: str | None) -> dict[str, Any]:
    """What a file system of the test's account is made with."""
    return {
        **({"container": container} if container else {}),
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
def other_account(emulator: Emulator, account: str, container: str | None) -> Iterator[str]:
    """Name of a second empty account, or of one with an empty container of the same name."""
    name = f"b{account[1:]}"
    if container:
        emulator.create_storage_account(name, [container])
        yield name
        emulator.delete_storage_account(name)
    else:
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
    emulator: Emulator, account: str, container: str | None, cloud: Cloud, credential: DataLakeCredential
) -> AsyncIterator[ADLSGen1FileSystem]:
    """A file system of the same account, for the test's event loop; it tries three times at once."""
    endpoint = cloud.storage_endpoint if container else cloud.account_endpoint
    fs = ADLSGen1FileSystem(
        account,
        container=container,
        credential=credential,
        endpoint_url=endpoint(account),
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
