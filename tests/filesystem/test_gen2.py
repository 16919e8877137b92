"""A file system over Gen2: its options, and the forms that its paths come in."""

from __future__ import annotations

import json
import pickle

import pytest

from airflow_provider_adls.auth.storage_key import StorageKey
from airflow_provider_adls.client import DfsClient, WebHdfsClient
from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from airflow_provider_adls.model.errors import ConnectionFieldError, ContainerNotFoundError, PathError

KEY = "c2VjcmV0LWtleQ=="


@pytest.fixture
def gen2(adls_gen2_account):
    """A storage account with an empty container."""
    return adls_gen2_account


@pytest.fixture
def made(emulator, gen2):
    """Makes file systems of the account's container by its key, and with what is given."""

    def make(**options):
        known = {
            "account_name": gen2.name,
            "container": gen2.container,
            "account_key": gen2.key1,
            "endpoint_url": gen2.dfs_url,
            "ca_file": emulator.ca_file,
            "skip_instance_cache": True,
        }
        options = {name: value for name, value in {**known, **options}.items() if value is not None}
        return ADLSGen1FileSystem(**options)

    return make


def works(fs, path="/d/f"):
    fs.pipe(path, b"12345")
    assert fs.cat(path) == b"12345"
    fs.rm(path)
    return True


@pytest.mark.parametrize("tail", ["{name}", "{{account}}", "{name}/"])
def test_endpoint(made, emulator, tail, gen2):
    """The endpoint is what stands before the container, with the account written out or left open."""
    assert works(made(endpoint_url=f"{emulator.url}/dfs/{tail.format(name=gen2.name)}"))
    assert works(made(endpoint_url=None, cloud=emulator.url))


def test_ways_to_sign_in(made, emulator, gen2):
    """A key, a client secret and a credential each sign in."""
    secret = {name: getattr(emulator, name) for name in ("tenant_id", "client_id", "client_secret")}
    assert works(made(account_key=None, cloud=emulator.url, endpoint_url=None, **secret))
    assert works(made(account_key=None, credential=StorageKey(gen2.name, gen2.key2)))


def test_connection_string(made, gen2, emulator):
    """A connection string gives account, key and endpoint; options go before it."""
    text = (
        f"AccountName={gen2.name};AccountKey={gen2.key1};DfsEndpoint={gen2.dfs_url};QueueEndpoint=https://x/"
    )
    assert works(made(account_name=None, account_key=None, endpoint_url=None, connection_string=text))
    fs = ADLSGen1FileSystem(
        connection_string=gen2.connection_string, container="raw", skip_instance_cache=True
    )
    assert fs.client.endpoint == f"https://{gen2.name}.dfs.core.windows.net/raw"
    fs = ADLSGen1FileSystem(
        connection_string=f"BlobEndpoint=https://{gen2.name}.blob.core.windows.net/;SharedAccessSignature=sv=1&sig=x",
        account_name=gen2.name,
        container="raw",
        skip_instance_cache=True,
    )
    assert fs.client.endpoint == f"https://{gen2.name}.dfs.core.windows.net/raw"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"AccountKey={KEY}", "neither AccountName"),
        ("AccountName=lake", "neither AccountKey"),
        (f"AccountName=lake;{KEY.strip('=')}", "part number 2"),
        (f"AccountName=lake;AccountKey={KEY};BlobEndpoint=https://lake.example.com", "no DfsEndpoint"),
    ],
)
def test_a_connection_string_that_lacks_something(text, why):
    """What is missing is named, and the key is not shown."""
    with pytest.raises(ConnectionFieldError, match=why) as caught:
        ADLSGen1FileSystem(connection_string=text, container="raw")
    assert caught.value.field == "connection_string"
    assert KEY.strip("=") not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"account_key": KEY, "sas_token": "sv=1&sig=x"}, "sas_token"),
        ({"account_key": "no key"}, "account_key"),
        ({"account_name": None, "account_key": KEY}, "account_name"),
        ({"container": "No"}, "container"),
        ({"container": ""}, "container"),
        ({"conn_id": "adls", "account_key": KEY}, "account_key"),
        ({"conn_id": "adls", "sas_token": "x"}, "sas_token"),
    ],
)
def test_options_that_do_not_fit(options, field):
    """An option that cannot be is refused when the file system is made, and named."""
    with pytest.raises(ConnectionFieldError) as caught:
        ADLSGen1FileSystem(
            **{"account_name": "lake", "container": "raw", **options}, skip_instance_cache=True
        )
    assert caught.value.field == field


def test_a_key_without_a_container():
    """A key opens no Gen1 account."""
    fs = ADLSGen1FileSystem("lake", account_key=KEY, skip_instance_cache=True)
    with pytest.raises(ConnectionFieldError, match="give the container of lake"):
        fs.ls("/")


@pytest.mark.parametrize("name", ["anon", "version_aware", "socket_timeout", "request_session"])
def test_options_of_adlfs_that_mean_nothing_here(name):
    """The error says what does the same."""
    with pytest.raises(TypeError, match=f"no option '{name}' of adlfs: give "):
        ADLSGen1FileSystem("lake", container="raw", **{name: None})


def test_no_secret_is_handed_on(gen2):
    """Key, signature and connection string stand in no options, JSON, pickle or text."""
    for option in ("account_key", "sas_token", "connection_string"):
        value = {"account_key": gen2.key1, "connection_string": gen2.connection_string}.get(
            option, "sv=1&sig=x"
        )
        fs = ADLSGen1FileSystem(gen2.name, container="raw", **{option: value}, skip_instance_cache=True)
        assert option not in fs.storage_options
        assert value not in json.dumps(fs.to_dict()) + repr(fs)
        with pytest.raises(TypeError, match=option):
            pickle.dumps(fs)


def test_urls(made, gen2, emulator):
    """A path comes in every form, and results take the form that was asked."""
    emulator_url = f"abfss://{gen2.container}@{gen2.name}.dfs.core.windows.net"
    fs = made()
    fs.pipe("/d/a b", b"1")
    for form in ("/d", f"{gen2.name}/d", f"{gen2.container}@{gen2.name}/d"):
        assert fs.ls(form, detail=False) == [f"{form}/a b"]
        assert fs.cat(f"{form}/a b") == b"1"
        assert fs.find(form) == [f"{form}/a b"]
        assert fs.glob(f"{form}/*") == [f"{form}/a b"]
    assert fs.cat(f"adl://{gen2.name}/d/a b") == b"1"
    assert fs.ls(f"{emulator_url}/d", detail=False) == [f"{emulator_url.removeprefix('abfss://')}/d/a b"]
    assert fs.cat(f"{emulator_url}/d/a b") == b"1"
    assert fs.cat(f"{emulator_url.replace('abfss', 'ABFS')}/d/a b") == b"1"
    with fs.open(f"{emulator_url}/d/new", "wb") as file:
        file.write(b"2")
    fs.mv(f"{emulator_url}/d/new", "/d/newer")
    assert fs.cat("/d/newer") == b"2"
    assert fs.unstrip_protocol("/d") == f"{emulator_url}/d"
    assert fs.unstrip_protocol(f"{gen2.container}@{gen2.name}/d") == f"{emulator_url}/d"


def test_another_container(made, gen2):
    """A URL may name another container of the account, for the same credential; a missing one is named."""
    fs = made()
    with pytest.raises(ContainerNotFoundError, match="no container 'other'"):
        fs.ls(f"abfss://other@{gen2.name}.dfs.core.windows.net/")
    with pytest.raises(ContainerNotFoundError):
        fs.exists(f"abfss://other@{gen2.name}.dfs.core.windows.net/f")


@pytest.mark.parametrize("path", ["abfss://raw/x", "abfss://conn@raw/x", "abfs://raw"])
def test_urls_of_other_programs(path):
    """A URL without an account names no place here, and the error says how one does."""
    fs = ADLSGen1FileSystem("lake", container="raw", account_key=KEY, skip_instance_cache=True)
    with pytest.raises(PathError, match="abfss://container@account"):
        fs.ls(path)


def test_both_services(made, emulator, account, gen2, options):
    """One file system with a credential for both reaches Gen1 and Gen2 accounts, and copies between them."""
    fs = ADLSGen1FileSystem(**options)
    fs.pipe("/d/f", b"1" * 5_000_000)
    other = f"abfss://{gen2.container}@{gen2.name}.dfs.core.windows.net"
    fs.copy("/d/f", f"{other}/d/f")
    assert fs.cat(f"{other}/d/f") == b"1" * 5_000_000
    fs.copy(f"{other}/d/f", "/d/g")
    assert fs.info("/d/g")["size"] == 5_000_000
    assert isinstance(fs.client, WebHdfsClient)
    assert isinstance(fs._place(f"{other}/d").client, DfsClient)
