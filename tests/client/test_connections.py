"""Connections: opened late, trusted by the right CA, through the right proxy, and always closed."""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import textwrap
import threading
import warnings
import weakref

import pytest

from airflow_provider_adls.client import Limits, WebHdfsClient
from airflow_provider_adls.client.connections import Connections, environment_proxy, tls_context
from airflow_provider_adls.model.errors import (
    AccountNotFoundError,
    ConnectionFieldError,
    ServiceUnreachableError,
)
from tests.client.conftest import FAST


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch):
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def make(emulator, account, cloud, credential):
    def make(**options) -> WebHdfsClient:
        options = {"ca_file": emulator.ca_file, "retry": FAST, **options}
        return WebHdfsClient(account, cloud.account_endpoint(account), credential, **options)

    return make


async def test_one_session_for_a_loop():
    """All that ask at once in one event loop get the same session, and a new one after it was closed."""
    connections = Connections("https://127.0.0.1:1")
    first, *others = await asyncio.gather(*(connections.session() for _ in range(5)))
    assert {id(first)} == {id(other) for other in others}
    await connections.close()
    assert first.closed
    assert await connections.session() is not first
    await connections.close()
    await connections.close()


def test_end_of_a_loop(make):
    """`asyncio.run` leaves no session open, though nobody closed it; the client serves the next loop."""
    client = make()
    assert [asyncio.run(client.status("/")).is_directory for _ in range(2)] == [True, True]


def test_a_request_that_broke_off_leaves_nothing_open(make, emulator, fault):
    """Its connection ends with the loop, though nobody answers TLS's goodbye: else Python warns of it."""
    held, go = threading.Event(), threading.Event()

    async def break_off():
        client = make()
        rule = fault(operation="GETFILESTATUS", delay=3600)
        asking = asyncio.create_task(client.status("/"))
        while not rule.fired:  # noqa: ASYNC110 - the emulator has a thread and a loop of its own
            await asyncio.sleep(0.001)
        holding.start()
        await asyncio.to_thread(held.wait)
        asking.cancel()
        await asyncio.wait([asking])
        await client.close()

    def hold():
        held.set()
        go.wait(180)

    holding = threading.Thread(target=emulator._running.thread.call, args=(hold,))
    gc.collect()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", ResourceWarning)
        asyncio.run(break_off())
        gc.collect()
    go.set()
    holding.join()
    assert [str(one.message) for one in said] == []


def test_dropped_while_its_loop_ends(make):
    """A client closes once where the loop's end ends both it and the generator that used it."""
    unhandled = []

    async def use():
        client = make()
        await client.status("/")
        yield

    async def leave_in_the_middle():
        asyncio.get_running_loop().set_exception_handler(lambda _loop, context: unhandled.append(context))
        using.append(use())
        await anext(using[0])

    using = []
    asyncio.run(leave_in_the_middle())
    assert unhandled == []


async def test_dropped(make):
    """A client that is dropped, in a cycle too, closes its connections: else aiohttp warns of them."""
    client = make()
    await client.status("/")
    session = weakref.ref(await client._connections.session())
    client.itself = client
    gone = weakref.ref(client)
    del client
    gc.collect()
    assert gone() is None
    async with asyncio.timeout(180):
        while session() is not None:
            # The event loop has to get a turn.
            await asyncio.sleep(0.001)
            gc.collect()


@pytest.mark.parametrize("loop", ["fsspec", "asyncio.run", "none"])
def test_end_of_the_process(loop, emulator, account):
    """A process that ends with open connections says nothing about them."""
    script = f"""
        import asyncio, sys
        from airflow_provider_adls.filesystem import ADLSGen1FileSystem
        asynchronous = {loop != "fsspec"}
        fs = ADLSGen1FileSystem(
            {account!r}, tenant_id={emulator.tenant_id!r}, client_id={emulator.client_id!r},
            client_secret={emulator.client_secret!r}, cloud={emulator.url!r}, ca_file={emulator.ca_file!r},
            asynchronous=asynchronous,
        )
        if {loop == "fsspec"}:
            print(fs.ls("/"))
        elif {loop == "asyncio.run"}:
            print(asyncio.run(fs._ls("/")))
        else:
            print([])
    """
    process = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "always", "-c", textwrap.dedent(script)],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert (process.returncode, process.stdout) == (0, "[]\n")
    ours = [line for line in process.stderr.splitlines() if "nclosed" in line or "never" in line]
    assert not ours, process.stderr


async def test_bound_of_connections(make, emulator):
    """No more connections are open at once than the limits say."""
    client = make(limits=Limits(connections=2))
    await asyncio.gather(*(client.status("/") for _ in range(20)))
    session = await client._connections.session()
    assert len(session.connector._conns) >= 1
    assert sum(len(pool) for pool in session.connector._conns.values()) <= 2
    await client.close()


async def test_certificate_of_another_ca(make):
    """A certificate that is not trusted is reported as such, once, with what to do."""
    client = make(ca_file=None)
    with pytest.raises(ServiceUnreachableError, match=r"no trusted connection.*ca_file"):
        await client.status("/")
    await client.close()


async def test_ca_of_the_environment(make, emulator, monkeypatch):
    """REQUESTS_CA_BUNDLE is trusted, as by the SDKs."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", emulator.ca_file)
    client = make(ca_file=None)
    assert (await client.status("/")).is_directory
    await client.close()


@pytest.mark.parametrize("content", [None, "no certificate"])
async def test_ca_file_that_cannot_be_read(make, tmp_path, content):
    """A CA file that is missing or none is a fault of the option, not a missing path of the lake."""
    ca_file = tmp_path / "ca.pem"
    if content is not None:
        ca_file.write_text(content)
    client = make(ca_file=str(ca_file))
    with pytest.raises(ConnectionFieldError, match="cannot be read") as caught:
        await client.status("/")
    assert caught.value.field == "ca_file"


def test_folder_of_cas(tmp_path):
    """A folder of certificates may stand for the file."""
    assert tls_context(str(tmp_path)).get_ca_certs() == []


@pytest.mark.parametrize(
    ("environment", "url", "expected"),
    [
        ({}, "https://lake.example.com", None),
        ({"HTTPS_PROXY": "http://p:1"}, "https://lake.example.com", "http://p:1"),
        ({"https_proxy": "http://p:1"}, "https://lake.example.com", "http://p:1"),
        ({"HTTP_PROXY": "http://p:1"}, "https://lake.example.com", None),
        ({"ALL_PROXY": "http://p:1"}, "https://lake.example.com", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "example.com"}, "https://lake.example.com", None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "127.0.0.1"}, "https://127.0.0.1:10443", None),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, "https://lake.example.com", None),
    ],
)
def test_proxy_of_the_environment(monkeypatch, environment, url, expected):
    """HTTPS_PROXY and NO_PROXY mean what they mean to other programs."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert expected == environment_proxy(url)


@pytest.mark.parametrize("by_option", [True, False])
async def test_through_the_proxy(emulator, account, credential, monkeypatch, by_option):
    """The account's own host name is reached through a proxy, named by option or environment."""
    if not by_option:
        monkeypatch.setenv("HTTPS_PROXY", emulator.proxy_url)
    client = WebHdfsClient(
        account,
        f"https://{account}.azuredatalakestore.net",
        credential,
        ca_file=emulator.ca_file,
        proxy=emulator.proxy_url if by_option else None,
        retry=FAST,
    )
    # Signing in goes to the emulator's own URL.
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert (await client.status("/")).is_directory
    await client.close()


async def test_account_that_the_proxy_does_not_reach(emulator, credential):
    """Behind a proxy, too, an account without a host is reported as such."""
    client = WebHdfsClient(
        "nosuch",
        "https://nosuch.azuredatalakestore.net",
        credential,
        ca_file=emulator.ca_file,
        proxy=emulator.proxy_url,
        retry=FAST,
    )
    with pytest.raises(AccountNotFoundError, match=r"the proxy does not connect.*29 February 2024"):
        await client.status("/")
    await client.close()


async def test_proxy_that_is_not_there(make, closed_port):
    """A proxy that does not answer is reported as the proxy."""
    client = make(proxy=f"http://127.0.0.1:{closed_port}")
    with pytest.raises(ServiceUnreachableError, match=r"the proxy cannot be reached.*check the proxy"):
        await client.status("/")
    await client.close()
