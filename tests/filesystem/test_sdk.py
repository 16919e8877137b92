import pickle

import certifi
import pytest
from azure.datalake.store.core import AzureDLFileSystem

from airflow_provider_adls.auth import ClientSecret, DataLakeCredential
from airflow_provider_adls.auth.tokens import TOKENS, AccessToken
from airflow_provider_adls.filesystem.sdk import sdk_filesystem
from airflow_provider_adls.model.clouds import emulator_cloud


@pytest.fixture
def lake(emulator, account):
    """The SDK's file system at the emulator."""
    cloud = emulator_cloud(emulator.url)
    source = ClientSecret(
        emulator.tenant_id, emulator.client_id, emulator.client_secret, cloud, emulator.ca_file
    )
    return sdk_filesystem(
        account, DataLakeCredential(source), cloud.account_endpoint(account), emulator.ca_file
    )


def test_the_sdk_writes_and_reads(lake):
    """The SDK's calls work at the endpoint: make, write, list, read, move, remove."""
    lake.mkdir("/raw")
    with lake.open("/raw/ä #1+%.csv", "wb") as file:
        file.write(b"x" * 10)
    assert lake.ls("/raw") == ["raw/ä #1+%.csv"]
    assert lake.cat("/raw/ä #1+%.csv") == b"x" * 10
    lake.mv("/raw/ä #1+%.csv", "/raw/b.csv")
    assert lake.info("/raw/b.csv")["length"] == 10
    lake.rm("/raw", recursive=True)
    assert not lake.exists("/raw")


def test_the_ca_file_goes_before_the_environment(lake, monkeypatch, emulator, tmp_path):
    """A bundle in the environment does not take the place of the connection's CA file."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certifi.where())
    assert lake.ls("/") == []


def test_a_pickled_one_goes_to_the_same_endpoint(lake):
    """The SDK's process pool pickles its file system: the copy works as the original."""
    lake.touch("/a")
    assert pickle.loads(pickle.dumps(lake)).ls("/") == ["a"]


def test_a_refused_token_is_replaced(lake, emulator):
    """After a 401 the SDK's own second try goes with a fresh token."""
    lake.touch("/a")
    shared = lake.credential._shared
    entry = TOKENS._entries[shared.source.key(shared.audience)]
    entry.token = AccessToken(entry.token.token[:-6] + "forged", entry.token.expires_on)
    emulator.clear_requests()
    assert lake.ls("/") == ["a"]
    assert [request.status for request in emulator.requests] == [401, 200, 200]


def test_the_sdk_takes_the_credential(emulator, account, lake, monkeypatch):
    """The SDK's own class, unmodified and behind the proxy, signs in by the credential, in any version."""
    monkeypatch.setenv("HTTPS_PROXY", emulator.proxy_url)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", emulator.ca_file)
    monkeypatch.setenv("NO_PROXY", "")
    source = ClientSecret(emulator.tenant_id, emulator.client_id, emulator.client_secret)
    unmodified = AzureDLFileSystem(DataLakeCredential(source), store_name=account)
    unmodified.touch("/a")
    assert lake.ls("/") == ["a"]
