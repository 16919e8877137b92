"""The ways in to storage accounts."""

from __future__ import annotations

import pytest

from airflow_provider_adls.emulator import Emulator, EmulatorError
from airflow_provider_adls.emulator.app import Target, target
from airflow_provider_adls.emulator.gen2 import start


@pytest.mark.parametrize(
    ("host", "path", "expected"),
    [
        ("gen2.dfs.core.windows.net", "/c/a", Target("dfs", "gen2")),
        ("Gen2.BLOB.core.windows.net:443", "/", Target("blob", "gen2")),
        ("127.0.0.1:1", "/dfs/gen2/c/a", Target("dfs", "gen2", "/dfs/gen2")),
        ("127.0.0.1:1", "/blob/Gen2", Target("blob", "gen2", "/blob/Gen2")),
        ("a.b.dfs.core.windows.net", "/", None),
        ("gen2.dfs.emulator:10443", "/raw", Target("dfs", "gen2")),
        ("gen2.blob.localhost", "/raw", Target("blob", "gen2")),
        ("gen2.dfs", "/raw", None),
        (".dfs.core.windows.net", "/", None),
        ("127.0.0.1:1", "/dfs/", None),
        ("gen2.file.core.windows.net", "/", None),
    ],
)
def test_host_or_path_leads_to_a_face(host, path, expected):
    """Both host names of an account, and a path for each face, lead to the service and the account."""
    assert target(host, path) == expected


@pytest.mark.parametrize(
    ("specifications", "expected"),
    [
        (["gen2"], [("gen2", ())]),
        (["gen2=raw, curated,raw"], [("gen2", ("raw", "curated"))]),
        (["gen2=raw", "gen2=curated", "other="], [("gen2", ("raw", "curated")), ("other", ())]),
        ({"gen2": ["raw"]}, [("gen2", ("raw",))]),
    ],
)
def test_specifications(specifications, expected):
    """An account is named with its containers, in words or as a mapping; naming one twice adds to it."""
    assert list(start.wanted(specifications)) == expected


@pytest.mark.parametrize(
    ("specification", "words"),
    [
        ("Gen2", "storage account 'Gen2'"),
        ("", "storage account ''"),
        ("gen2=Raw", "container 'Raw' of storage account gen2"),
        ("gen2=a--b", "container 'a--b'"),
        ("gen2=ab", "container 'ab'"),
    ],
)
def test_names_that_cannot_be(specification, words):
    """A name that no account or container can have is refused before anything starts."""
    with pytest.raises(EmulatorError, match=words):
        Emulator(storage_accounts=[specification])


def test_keys_outlive_a_restart(tmp_path):
    """An account made at the start has the same keys in every emulator; its containers are made once."""
    with Emulator(storage_accounts=["gen2=raw"], data=tmp_path) as emulator:
        first = emulator.storage_accounts["gen2"]
    with Emulator(storage_accounts=["gen2=raw,more"], data=tmp_path) as emulator:
        second = emulator.ready["storage_accounts"]["gen2"]
        assert second["dfs_url"] == f"{emulator.url}/dfs/gen2"
        assert second["blob_url"] == f"{emulator.url}/blob/gen2"
    assert [first[name] for name in ("key1", "key2")] == [second[name] for name in ("key1", "key2")]
    assert first["key1"] != first["key2"]


def test_accounts_come_and_go(own_browser):
    """An account can be made and deleted without a request; a deleted one's host is not served."""
    emulator = own_browser.emulator
    made = emulator.create_storage_account("gen2", ["raw"])
    assert emulator.storage_accounts == {"gen2": made}
    emulator.delete_storage_account("gen2")
    answer = own_browser.send("GET", "/dfs/gen2/raw")
    assert (answer.status_code, answer.headers["x-ms-error-code"]) == (421, "AccountNotFound")
    assert emulator.storage_accounts == {}


def test_host_names_are_in_the_certificate(tmp_path):
    """Clients find an account below a name of the emulator's own, and its certificate has that name."""
    import socket
    import ssl

    with Emulator(storage_accounts=["gen2"], host_names=["Emulator.test"], data=tmp_path) as emulator:
        context = ssl.create_default_context(cafile=emulator.ca_file)
        port = int(emulator.url.rpartition(":")[2])
        for host in (
            "emulator.test",
            "gen2.dfs.emulator.test",
            "gen2.blob.emulator.test",
            "gen2.dfs.localhost",
        ):
            with (
                socket.create_connection(("127.0.0.1", port)) as plain,
                context.wrap_socket(plain, server_hostname=host) as connection,
            ):
                connection.sendall(f"GET /raw/a HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
                answer = connection.recv(65536).decode()
            assert ("NoAuthenticationInformation" in answer) == host.startswith("gen2"), host


@pytest.mark.parametrize("name", ["", "a b", "-a", "https://a", "a/b", "*.a"])
def test_host_names_that_cannot_be(name):
    """A host name that no certificate can have is refused before anything starts."""
    with pytest.raises(EmulatorError, match="host name"):
        Emulator(host_names=[name])


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_absolute_form_reaches_the_hosts(browser, scheme):
    """A request in absolute form, as axios sends it to the proxy, reaches the hosts of an account."""
    import socket

    name = "absolute"
    browser.emulator.create_storage_account(name, ["raw"])
    token = browser.bearer("https://storage.azure.com/")["Authorization"]
    host, port = browser.emulator.proxy_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        url = f"{scheme}://{name}.dfs.core.windows.net/?resource=account"
        head = f"Host: {name}.dfs.core.windows.net\r\nAuthorization: {token}\r\nConnection: close"
        connection.sendall(f"GET {url} HTTP/1.1\r\n{head}\r\n\r\n".encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    browser.emulator.delete_storage_account(name)
    assert b'"name":"raw"' in answer


def test_a_deletion_that_was_killed_leaves_an_account_that_works(tmp_path):
    """An account whose files were deleted, but not yet the account itself, is empty after the next start."""
    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.rules.gen2.namespaces import Namespaces
    from airflow_provider_adls.emulator.store import open_store

    with Emulator(storage_accounts=["gen2=raw"], data=tmp_path):
        pass
    store = open_store(tmp_path)
    Namespaces(store, Clock()).delete_account("gen2")
    store.close()
    with Emulator(storage_accounts=["gen2=other"], data=tmp_path) as emulator:
        import requests

        status = requests.get(f"{emulator.url}/emulator/status", verify=emulator.ca_file).json()
    assert status["storage_accounts"] == {"gen2": ["other"]}
