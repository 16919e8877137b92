"""Connections by id: found, read once and late, and overridden by options."""

from __future__ import annotations

import asyncio
import pickle

import pytest

from airflow_provider_adls.client import RetryPolicy
from airflow_provider_adls.filesystem import ADLSGen1FileSystem, connections
from airflow_provider_adls.filesystem.connections import Connection, NamedConnection, connection_reader
from airflow_provider_adls.filesystem.options import Access
from airflow_provider_adls.fs.adls_gen1 import read_connection
from airflow_provider_adls.model.clouds import PUBLIC
from airflow_provider_adls.model.errors import ConnectionFieldError, PathError


class ConnectionReader:
    """Knows one connection, and counts the calls."""

    def __init__(self, access, account_name="lake"):
        self.asked = []
        self.failures = 0
        self.connection = Connection(account_name, access)

    async def __call__(self, conn_id):
        self.asked.append(conn_id)
        await asyncio.sleep(0)
        if self.failures:
            self.failures -= 1
            raise KeyError(conn_id)
        return self.connection


@pytest.fixture
def kept(mocker, cloud, credential, emulator, account):
    """A reader of a connection to the emulator, in Airflow's place."""
    kept = ConnectionReader(Access(cloud, credential, emulator.ca_file), account)
    mocker.patch.object(connections, "connection_reader", return_value=kept)
    return kept


def test_airflow_keeps_connections():
    """The entry point of this package leads to Airflow's connections."""
    assert connection_reader() is read_connection


def test_nobody_keeps_connections(mocker):
    """Without Airflow's connections the first call says so."""
    mocker.patch.object(connections, "entry_points", return_value=[])
    fs = ADLSGen1FileSystem(conn_id="lake", skip_instance_cache=True)
    with pytest.raises(ConnectionFieldError, match="no stored connections here"):
        fs.ls("/")


def test_read_once_and_late(kept):
    """Nothing that only looks at the file system reads the connection; the first call does, once for all."""
    fs = ADLSGen1FileSystem(conn_id="mine", skip_instance_cache=True)
    assert repr(fs) == "ADLSGen1FileSystem(account_name=None, conn_id='mine')"
    assert fs.fsid == "adl-mine-None"
    assert fs.storage_options == {"conn_id": "mine"}
    assert "mine" in fs.to_json()
    assert pickle.loads(pickle.dumps(fs)).storage_options == {"conn_id": "mine"}
    assert fs._strip_protocol("adl://mine@lake/x") == "lake/x"
    assert kept.asked == []
    fs.pipe({f"/{number}": b"1" for number in range(10)})
    assert (kept.asked, len(fs.ls("/"))) == (["mine"], 10)


@pytest.mark.parametrize(
    "call",
    [
        lambda fs: fs.open("/f", "wb").close(),
        lambda fs: fs.open("/f", "xb").close(),
        lambda fs: fs.unstrip_protocol("/f"),
        lambda fs: fs.exists("/f"),
        lambda fs: list(fs.walk("/")),
        lambda fs: fs.content_summary("/"),
    ],
)
def test_whatever_the_first_call_is(kept, call):
    """Each way of being first reads the connection."""
    call(ADLSGen1FileSystem(conn_id="mine", skip_instance_cache=True))
    assert kept.asked == ["mine"]


def test_failure_is_not_kept(kept):
    """A connection that could not be read is read again."""
    kept.failures = 1
    fs = ADLSGen1FileSystem(conn_id="mine", skip_instance_cache=True)
    with pytest.raises(KeyError):
        fs.ls("/")
    assert fs.ls("/") == []


async def test_on_an_event_loop(kept):
    """The coroutines read it too, and many at once read it once."""
    fs = ADLSGen1FileSystem(conn_id="mine", asynchronous=True, skip_instance_cache=True)
    assert await asyncio.gather(*(fs._exists("/x") for _ in range(5))) == [False] * 5
    assert kept.asked == ["mine"]
    await fs._close()


async def test_options_go_before_it(mocker):
    """What is given beside the id takes the place of what the connection says, the rest stays."""
    access = Access(PUBLIC, None, "/theirs.pem")
    mocker.patch.object(connections, "connection_reader", return_value=ConnectionReader(access))
    retry = RetryPolicy(attempts=1)
    named = NamedConnection("mine", endpoint_url="https://lake.example.com", proxy="http://p:1", retry=retry)
    found = (await named.read()).access
    assert found == Access(
        PUBLIC.with_endpoint("https://lake.example.com"), None, "/theirs.pem", "http://p:1", retry
    )
    assert (await NamedConnection("mine", ca_file="/ours.pem").read()).access.ca_file == "/ours.pem"
    with pytest.raises(ConnectionFieldError, match="endpoint"):
        NamedConnection("mine", endpoint_url="http://lake.example.com")


def test_account_of_the_option(kept, other_account, account):
    """The own account is the option's, else the connection's; paths may name any."""
    fs = ADLSGen1FileSystem(other_account, conn_id="mine", skip_instance_cache=True)
    fs.pipe({"/x": b"1", f"{account}/y": b"2"})
    assert (fs.find("/"), fs.find(account)) == (["/x"], [f"{account}/y"])


def test_connection_without_an_account(mocker, cloud, credential, emulator, account):
    """Where nobody names the own account, only paths that name theirs lead anywhere."""
    kept = ConnectionReader(Access(cloud, credential, emulator.ca_file), None)
    mocker.patch.object(connections, "connection_reader", return_value=kept)
    fs = ADLSGen1FileSystem(conn_id="mine", skip_instance_cache=True)
    with pytest.raises(PathError, match="none of its own"):
        fs.ls("/")
    assert fs.ls(account) == []


@pytest.mark.parametrize("name", ["tenant_id", "client_id", "client_secret", "credential", "cloud"])
def test_two_who_sign_in(name):
    """Who signs in, and where, is said by the connection or by options, and not by both."""
    with pytest.raises(ConnectionFieldError, match=f"{name} and conn_id") as caught:
        ADLSGen1FileSystem(conn_id="mine", **{name: "hush"})
    assert caught.value.field == name
    assert "hush" not in str(caught.value)
