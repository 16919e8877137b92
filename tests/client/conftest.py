"""A client of an empty account of the emulator, and services that answer as no Gen1 does."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest

from airflow_provider_adls.auth import ClientSecret, DataLakeCredential
from airflow_provider_adls.client import RetryPolicy, WebHdfsClient

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from airflow_provider_adls.auth import AccessToken
    from airflow_provider_adls.emulator import Emulator
    from airflow_provider_adls.model.clouds import Cloud

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
async def client_of(credential: CountingCredential) -> AsyncIterator[Callable[[str], WebHdfsClient]]:
    """Makes clients of whatever answers at a URL."""
    async with contextlib.AsyncExitStack() as clients:

        def make(url: str) -> WebHdfsClient:
            client = WebHdfsClient("lake", url, credential, retry=FAST)
            clients.push_async_callback(client.close)
            return client

        yield make
