"""A client of an empty account of the emulator, and services that answer as no Gen1 does."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
import requests

from airflow_provider_adls.auth import ClientSecret, DataLakeCredential
from airflow_provider_adls.client import DfsClient, RetryPolicy, WebHdfsClient
from airflow_provider_adls.emulator.well_known import RESOURCE_GROUP
from airflow_provider_adls.model.clouds import STORAGE_AUDIENCE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from airflow_provider_adls.auth import AccessToken
    from airflow_provider_adls.emulator import Emulator
    from airflow_provider_adls.model.clouds import Cloud
    from airflow_provider_adls.pytest_plugin import Gen2Account

#: Repeats without making tests wait.
FAST = RetryPolicy(attempts=4, first_wait=0.001, longest_wait=0.002)


class CountingCredential:
    """The emulator's credential, which counts what it is asked."""

    def __init__(self, emulator: Emulator, cloud: Cloud) -> None:
        self._credential = DataLakeCredential(
            ClientSecret(
                emulator.tenant_id, emulator.client_id, emulator.client_secret, cloud, emulator.ca_file
            )
        )
        self.asked: list[tuple[str, ...]] = []
        self.given: list[str] = []
        self.invalidated: list[str] = []

    def get_token(self, *scopes: str) -> AccessToken:
        self.asked.append(scopes)
        token = self._credential.get_token(*scopes)
        self.given.append(token.token)
        return token

    def invalidate(self, token: str) -> None:
        self.invalidated.append(token)
        self._credential.invalidate(token)


@pytest.fixture
def credential(emulator: Emulator, cloud: Cloud) -> CountingCredential:
    """A credential of the emulator's principal."""
    return CountingCredential(emulator, cloud)


@pytest.fixture
async def client(
    emulator: Emulator, account: str, cloud: Cloud, credential: CountingCredential
) -> AsyncIterator[WebHdfsClient]:
    """A client of an empty account."""
    client = WebHdfsClient(
        account, cloud.account_endpoint(account), credential, ca_file=emulator.ca_file, retry=FAST
    )
    yield client
    await client.close()


@pytest.fixture
def account2(adls_gen2_account: Gen2Account) -> Gen2Account:
    """A storage account with an empty container."""
    return adls_gen2_account


@pytest.fixture
def credential2(emulator: Emulator, cloud: Cloud) -> DataLakeCredential:
    """The credential of the emulator's principal for storage accounts."""
    secret = ClientSecret(
        emulator.tenant_id, emulator.client_id, emulator.client_secret, cloud, emulator.ca_file
    )
    return DataLakeCredential(secret, STORAGE_AUDIENCE)


@pytest.fixture
async def dfs_client(
    emulator: Emulator, account2: Gen2Account, credential2: DataLakeCredential
) -> AsyncIterator[DfsClient]:
    """A client of an empty container."""
    client = DfsClient(
        account2.name, "test", account2.dfs_url, credential2, ca_file=emulator.ca_file, retry=FAST
    )
    yield client
    await client.close()


@pytest.fixture
async def client_of(credential: CountingCredential) -> AsyncIterator[Callable[[str], WebHdfsClient]]:
    """Makes clients of whatever answers at a URL."""
    async with contextlib.AsyncExitStack() as clients:

        def make(url: str) -> WebHdfsClient:
            client = WebHdfsClient("lake", url, credential, retry=FAST)
            clients.push_async_callback(client.close)
            return client

        yield make


@pytest.fixture
def soft_delete(emulator: Emulator, account2: Gen2Account, cloud: Cloud) -> None:
    """Has the storage account keep what is deleted, for a week."""
    secret = ClientSecret(
        emulator.tenant_id, emulator.client_id, emulator.client_secret, cloud, emulator.ca_file
    )
    token = DataLakeCredential(secret, cloud.resource_manager_audience).get_token().token
    groups = f"{emulator.url}/subscriptions/{emulator.subscription_id}/resourceGroups/{RESOURCE_GROUP}"
    answer = requests.put(
        f"{groups}/providers/Microsoft.Storage/storageAccounts/{account2.name}/blobServices/default",
        params={"api-version": "2022-05-01"},
        json={"properties": {"deleteRetentionPolicy": {"enabled": True, "days": 7}}},
        headers={"Authorization": f"Bearer {token}"},
        verify=emulator.ca_file,
        timeout=60,
    )
    assert answer.status_code == 200, answer.text
