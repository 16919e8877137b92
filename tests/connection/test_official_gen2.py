"""Connections of the official Gen2 hook's type, `adls`."""

import json

import pytest
from airflow.providers.common.compat.sdk import Connection

from airflow_provider_adls.connection.settings import parse_connection
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.model.errors import ConnectionFieldError
from tests.connection.test_container import CLIENT, KEY, SAS, TENANT

STRING = f"DefaultEndpointsProtocol=https;AccountName=lake;AccountKey={KEY};EndpointSuffix=core.windows.net"
SIGNED = f"BlobEndpoint=https://lake.blob.core.chinacloudapi.cn/;SharedAccessSignature={SAS}"
CHINA = "https://lake.dfs.core.chinacloudapi.cn"


def connection(login=None, password=None, host="lake", **extra):
    return Connection(
        conn_id="official",
        conn_type="adls",
        host=host,
        login=login,
        password=password,
        extra=json.dumps({"container": "raw", **extra}),
    )


@pytest.mark.parametrize(
    ("stored", "method", "endpoint"),
    [
        (connection(CLIENT, "s3cret~", tenant_id=TENANT), "client_secret", None),
        (connection(CLIENT, "s3cret~", extra__adls__tenant_id=TENANT), "client_secret", None),
        (connection(password=KEY), "account_key", None),
        (connection(password=SAS), "sas", None),
        (connection(), "default", None),
        (connection(host="https://lake.dfs.core.windows.net/", password=KEY), "account_key", None),
        (connection(host="lake.blob.core.windows.net", password=KEY), "account_key", None),
        (connection(host="x", account_url=CHINA, password=KEY), "account_key", CHINA),
        (connection(host=None, connection_string=STRING), "account_key", None),
        (connection(host=None, connection_string=SIGNED), "sas", CHINA),
    ],
)
def test_ways_of_signing_in(stored, method, endpoint):
    """Each way that the official hook signs in is ours, with the account and its endpoint."""
    settings = parse_connection(stored)
    assert (settings.auth_method, settings.account_name, settings.container) == (method, "lake", "raw")
    expected = endpoint or "https://lake.dfs.core.windows.net"
    assert settings.cloud.storage_endpoint("lake") == expected
    assert settings.unread == ()
    if method == "account_key":
        assert settings.account_key == KEY


def test_identities():
    """The identities that the official form names are those that azure-identity is asked for."""
    settings = parse_connection(
        connection(managed_identity_client_id=CLIENT, workload_identity_tenant_id=TENANT)
    )
    assert (settings.client_id, settings.tenant_id) == (CLIENT, TENANT)


@pytest.mark.parametrize(
    ("stored", "field", "words"),
    [
        (connection(password=KEY, container=""), "container", 'add "container" to its Extra'),
        (connection(connection_string=f"AccountKey={KEY}"), "connection_string", "AccountName"),
        (connection(CLIENT, tenant_id=TENANT), "password", "secret"),
    ],
)
def test_what_is_missing(stored, field, words):
    """An error names the field, and shows no secret."""
    with pytest.raises(ConnectionFieldError, match=words) as caught:
        parse_connection(stored)
    assert caught.value.field == field
    assert KEY not in str(caught.value)


def test_hook(adls_gen2_account, monkeypatch, emulator):
    """A hook writes and reads by a connection that was made for the official one."""
    account = adls_gen2_account
    extra = {
        "container": account.container,
        "account_url": account.dfs_url,
        "endpoint": account.dfs_url,
        "account_name": account.name,
        "ca_file": emulator.ca_file,
    }
    stored = {"conn_type": "adls", "password": account.key1, "extra": extra}
    monkeypatch.setenv("AIRFLOW_CONN_OFFICIAL", json.dumps(stored))
    hook = ADLSGen1Hook("official")
    hook.write_file("/a b/[1]%.txt", "one")
    assert hook.filesystem.cat("/a b/[1]%.txt") == b"one"
