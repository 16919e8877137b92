"""The emulator as a context manager."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from urllib.parse import urlsplit

import aiohttp
import pytest
import requests
from azure.datalake.store.core import AzureDLFileSystem

from airflow_provider_adls.auth import ClientSecret, DataLakeCredential
from airflow_provider_adls.emulator import Emulator, EmulatorError
from airflow_provider_adls.filesystem.sdk import sdk_filesystem
from airflow_provider_adls.model.clouds import emulator_cloud
from airflow_provider_adls.model.errors import PathError
from tests.emulator.conftest import ADDRESS

LAKE = "https://datalake.azure.net/"
LISTING = {"op": "LISTSTATUS", "api-version": "2018-09-01"}


def servers():
    """The threads that answer requests; other threads of the process come and go as they like."""
    return [thread for thread in threading.enumerate() if thread.name == "adls-gen1-emulator"]


def test_ready_says_all_that_a_client_needs(emulator):
    """The ready document has the agreed keys, and its values are the emulator's."""
    assert emulator.ready == {
        "url": emulator.url,
        "proxy_url": emulator.proxy_url,
        "ca_file": emulator.ca_file,
        "tenant_id": emulator.tenant_id,
        "client_id": emulator.client_id,
        "client_secret": emulator.client_secret,
        "subscription_id": emulator.subscription_id,
        "resource_group": "rg",
        "storage_accounts": {},
    }


def test_sdk_file_system_works_over_it(emulator, account, cloud):
    """The SDK's file system writes, lists, reads and deletes in an account, by the path style URL."""
    source = ClientSecret(
        emulator.tenant_id, emulator.client_id, emulator.client_secret, cloud, emulator.ca_file
    )
    endpoint = cloud.account_endpoint(account)
    lake = sdk_filesystem(account, DataLakeCredential(source), endpoint, emulator.ca_file)
    assert isinstance(lake, AzureDLFileSystem)
    with lake.open("/raw/a b/ü.csv", "wb") as file:
        file.write(b"x" * 5_000_000)
    assert lake.du("/raw/a b") == {"raw/a b/ü.csv": 5_000_000}
    assert lake.cat("/raw/a b/ü.csv") == b"x" * 5_000_000
    lake.rm("/raw", recursive=True)
    assert lake.ls("/") == []


def test_nothing_is_left_behind():
    """After its block the emulator has no thread, its ports are free, and it can be started again."""
    before = servers()
    emulator = Emulator(accounts=("lake",), host=ADDRESS)
    with emulator:
        url = emulator.url
    assert servers() == before
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=180)
    port = int(url.rpartition(":")[2])
    with Emulator(port=port, host=ADDRESS) as again:
        assert again.url == url
    with emulator:
        assert emulator.ready["url"] == emulator.url


def test_block_that_raises_stops_it():
    """An exception in the block is raised, and the emulator is stopped."""
    before = servers()
    with pytest.raises(ZeroDivisionError), Emulator() as emulator:
        1 / len(emulator.requests)
    assert servers() == before


def test_clients_that_hang_on_do_not_hold_it_up():
    """A request under way and an idle tunnel are cut when the emulator stops."""
    with contextlib.ExitStack() as stack:
        with Emulator(latency_ms=600_000) as emulator:
            ports = [urlsplit(url).port for url in (emulator.url, emulator.proxy_url)]
            waiting, idle = (
                stack.enter_context(socket.create_connection(("127.0.0.1", port))) for port in ports
            )
            context = ssl.create_default_context(cafile=emulator.ca_file)
            waiting = stack.enter_context(context.wrap_socket(waiting, server_hostname="localhost"))
            waiting.sendall(b"GET /subscriptions HTTP/1.1\r\nHost: localhost\r\n\r\n")
            idle.sendall(b"CONNECT management.azure.com:443 HTTP/1.1\r\n\r\n")
            tunnel = stack.enter_context(idle.makefile("rb"))
            assert tunnel.readline().startswith(b"HTTP/1.1 200")
        with contextlib.suppress(ConnectionResetError):
            assert tunnel.read() == b"\r\n"
        with contextlib.suppress(ConnectionResetError, ssl.SSLEOFError):
            assert waiting.recv(100) == b""


def test_several_run_at_once(browse):
    """Emulators in one process share nothing: one's token and accounts are not the other's."""
    with (
        Emulator(accounts=("one",)) as first,
        Emulator(accounts=("two",)) as second,
        browse(first) as one,
        browse(second) as two,
    ):
        assert one.lake("GET", "one", "/", params=LISTING).status_code == 200
        assert two.lake("GET", "one", "/", params=LISTING).status_code == 421
        assert two.lake("GET", "two", "/", params=LISTING, headers=one.bearer(LAKE)).status_code == 401


def test_accounts_and_files_outlive_it(tmp_path, browse):
    """A second emulator over the same folder has the first one's accounts and files."""
    with Emulator(accounts=("lake",), data=tmp_path) as emulator, browse(emulator) as browser:
        browser.lake("PUT", "lake", "/kept", params={"op": "CREATE", "write": "true"}, data=b"content")
    with Emulator(accounts=("lake",), data=tmp_path) as emulator, browse(emulator) as browser:
        answer = browser.lake("GET", "lake", "/kept", params={"op": "OPEN", "read": "true"})
    assert answer.content == b"content"


def test_second_one_on_a_folder_is_refused(tmp_path):
    """A folder in use is refused by name."""
    with Emulator(data=tmp_path), pytest.raises(EmulatorError, match=str(tmp_path)):
        Emulator(data=tmp_path).start()


def test_unusable_folder_is_named(tmp_path):
    """A folder that cannot be made, or holds malformed keys, is an error of one line."""
    (tmp_path / "file").write_text("")
    with pytest.raises(EmulatorError, match="cannot be used"):
        Emulator(data=tmp_path / "file" / "data").start()
    with Emulator(data=tmp_path / "data"):
        pass
    (tmp_path / "data" / "private" / "token-key.pem").write_text("no key")
    with pytest.raises(EmulatorError, match="cannot be used"):
        Emulator(data=tmp_path / "data").start()


def test_failed_start_leaves_nothing_behind():
    """A port in use is reported, and the other port is released."""
    with Emulator() as emulator:
        port = int(emulator.url.rpartition(":")[2])
        with pytest.raises(EmulatorError, match=f"cannot listen at 127.0.0.1 port {port}"):
            Emulator(proxy_port=port).start()


def test_it_is_started_once(emulator):
    """A running emulator is not started again, and one that does not run has no address."""
    with pytest.raises(EmulatorError, match="running already"):
        emulator.start()
    idle = Emulator()
    idle.stop()
    with pytest.raises(EmulatorError, match="not running"):
        _ = idle.url


@pytest.mark.parametrize(
    "options", [{"accounts": ("Not_a_name",)}, {"latency_ms": -1}, {"azure_networks": ["here"]}]
)
def test_wrong_arguments_are_refused_at_once(options):
    """An account name, a network or a latency that cannot be is refused before anything starts."""
    with pytest.raises(EmulatorError):
        Emulator(**options)


def test_accounts_come_and_go(emulator, browse):
    """An account is made and deleted without a request; a second creation does nothing."""
    with browse(emulator) as browser:
        emulator.create_account("comesandgoes")
        emulator.create_account("comesandgoes.azuredatalakestore.net")
        assert browser.lake("GET", "comesandgoes", "/", params=LISTING).status_code == 200
        emulator.delete_account("comesandgoes")
        emulator.delete_account("comesandgoes")
        assert browser.lake("GET", "comesandgoes", "/", params=LISTING).status_code == 421
    with pytest.raises(PathError):
        emulator.create_account("Not_a_name")


def test_added_principal_is_bound_by_permissions(own_browser):
    """A principal that is not a super user has the rights that ACLs give it, and no others."""
    emulator = own_browser.emulator
    principal = emulator.add_principal("app", "app-secret")
    app = own_browser.bearer(LAKE, client_id="app", client_secret="app-secret")
    own_browser.lake("PUT", "lake", "/d", params={"op": "MKDIRS"})
    assert own_browser.lake("GET", "lake", "/d", params=LISTING, headers=app).status_code == 403
    for path, rights in (("/", "--x"), ("/d", "r-x")):
        spec = {"op": "MODIFYACLENTRIES", "aclspec": f"user:{principal.object_id}:{rights}"}
        assert own_browser.lake("PUT", "lake", path, params=spec).status_code == 200
    assert own_browser.lake("GET", "lake", "/d", params=LISTING, headers=app).status_code == 200
    emulator.add_principal("app", "app-secret", super_user=True)
    assert own_browser.lake("PUT", "lake", "/d/e", params={"op": "MKDIRS"}, headers=app).status_code == 200


def test_ipv6_loopback_is_a_host(browse):
    """The emulator listens at an IPv6 address too, and writes it into its URLs as one."""
    with Emulator(accounts=("lake",), host="::1") as emulator, browse(emulator) as browser:
        assert emulator.url.startswith("https://[::1]:")
        assert browser.lake("GET", "lake", "/", params=LISTING).status_code == 200


def test_every_address_is_reached_at_loopback(browse):
    """An emulator at every address names loopback in its URLs, where its own machine finds it."""
    with Emulator(accounts=("lake",), host="0.0.0.0") as emulator, browse(emulator) as browser:
        assert emulator.url.startswith("https://127.0.0.1:")
        assert browser.lake("GET", "lake", "/", params=LISTING).status_code == 200


def test_many_clients_at_once_are_served(emulator, account, browse):
    """Sixty-four requests in flight from one asynchronous client are all answered and recorded."""
    with browse(emulator) as browser:
        headers = browser.bearer(LAKE)
    context = ssl.create_default_context(cafile=emulator.ca_file)
    url = f"{emulator_cloud(emulator.url).account_endpoint(account)}/webhdfs/v1/f"

    async def write():
        connector = aiohttp.TCPConnector(ssl=context, limit=64)
        async with aiohttp.ClientSession(connector=connector, headers=headers) as session:

            async def one(number):
                query = "?op=CREATE&write=true&overwrite=true"
                async with session.put(f"{url}{number}{query}", data=b"x" * 1024) as answer:
                    return answer.status

            return await asyncio.gather(*(one(number) for number in range(200)))

    assert set(asyncio.run(write())) == {201}
    creates = [record for record in emulator.requests if record.account == account]
    assert {(record.operation, record.status) for record in creates} == {("CREATE", 201)}
    assert len(creates) == 200
