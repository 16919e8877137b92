"""The CONNECT proxy, and unmodified clients behind it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

UNMODIFIED = textwrap.dedent(
    """
    import os, sys, adal
    from azure.datalake.store.core import AzureDLFileSystem
    from azure.mgmt.datalake.store import DataLakeStoreAccountManagementClient
    from azure.mgmt.datalake.store.models import CreateDataLakeStoreAccountParameters
    from collections import namedtuple
    from msrestazure.azure_active_directory import AADTokenCredentials

    tenant, client, secret, subscription, name = sys.argv[1:]
    context = adal.AuthenticationContext(f"https://login.microsoftonline.com/{tenant}")

    def token(resource):
        return context.acquire_token_with_client_credentials(resource, client, secret)

    accounts = DataLakeStoreAccountManagementClient(
        AADTokenCredentials(token("https://management.core.windows.net/"), client), subscription
    ).accounts
    accounts.create("rg", name, CreateDataLakeStoreAccountParameters(location="eastus2")).result()

    Token = namedtuple("Token", "token expires_on")

    class Credential:
        def get_token(self, *scopes, **_):
            return Token(token("https://datalake.azure.net/")["accessToken"], 2**33)

    lake = AzureDLFileSystem(token_credential=Credential(), store_name=name)
    lake.mkdir("a b/ü")
    with lake.open("a b/ü/x#1.csv", "wb") as file:
        file.write(b"content")
    print(lake.cat("a b/ü/x#1.csv").decode(), lake.ls("a b/ü"), accounts.get("rg", name).state.value)
    accounts.delete("rg", name).result()
    """
)

AZURE_IDENTITY = textwrap.dedent(
    """
    import json, sys
    from azure.datalake.store.core import AzureDLFileSystem
    from azure.identity import ClientSecretCredential

    tenant, client, secret, account, options = sys.argv[1:]
    with ClientSecretCredential(tenant, client, secret, **json.loads(options)) as credential:
        lake = AzureDLFileSystem(token_credential=credential, store_name=account)
        lake.touch("raw/x")
        print(lake.ls("raw"))
    """
)


def speak(emulator, request):
    """First line of the proxy's answer to these bytes."""
    parts = urlsplit(emulator.proxy_url)
    with socket.create_connection((parts.hostname, parts.port), timeout=180) as connection:
        # As much as it takes: what is refused early has its answer all the same.
        with contextlib.suppress(ConnectionError):
            connection.sendall(request)
        return connection.makefile("rb").readline().decode().strip()


def connect(emulator, destination):
    return speak(emulator, f"CONNECT {destination} HTTP/1.1\r\nHost: {destination}\r\n\r\n".encode())


def run_behind_the_proxy(emulator, script, *arguments, no_proxy=""):
    """A Python that knows of the emulator from its environment alone."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")},
        "HTTPS_PROXY": emulator.proxy_url,
        "REQUESTS_CA_BUNDLE": emulator.ca_file,
        "NO_PROXY": no_proxy,
    }
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
    )


def test_unmodified_clients_find_the_cloud(emulator):
    """Both SDKs with adal work unmodified, with only the proxy and the CA in their environment."""
    arguments = (emulator.tenant_id, emulator.client_id, emulator.client_secret, emulator.subscription_id)
    done = run_behind_the_proxy(emulator, UNMODIFIED, *arguments, "unmodified")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "content ['a b/ü/x#1.csv'] Active"


@pytest.mark.parametrize(
    ("options", "no_proxy", "operations"),
    [
        ({}, "", ["openid-configuration", "token"]),
        ({"authority": "{url}"}, "", ["discovery", "openid-configuration", "token"]),
        (
            {"authority": "{url}", "disable_instance_discovery": True},
            "127.0.0.1",
            ["openid-configuration", "token"],
        ),
    ],
    ids=["the cloud's authority", "authority", "authority without discovery or proxy"],
)
def test_azure_identity_signs_the_sdk_in(emulator, account, options, no_proxy, operations):
    """ClientSecretCredential opens the SDK's file system: by the cloud's authority or by the emulator's.

    The emulator's own URL is reached directly with NO_PROXY, and without discovery if so configured.
    """
    options = {name: emulator.url if value == "{url}" else value for name, value in options.items()}
    arguments = (emulator.tenant_id, emulator.client_id, emulator.client_secret, account, json.dumps(options))
    emulator.clear_requests()
    done = run_behind_the_proxy(emulator, AZURE_IDENTITY, *arguments, no_proxy=no_proxy)
    assert (done.returncode, done.stdout.strip()) == (0, "['raw/x']"), done.stderr
    assert [record.operation for record in emulator.requests if record.service == "login"] == operations


def test_guide_is_right(emulator):
    """The program of the emulator's guide runs as it stands, behind the proxy."""
    guide = Path(__file__).parents[2] / "docs" / "emulator.md"
    (program,) = re.findall(r"^```python\n(.*?)^```", guide.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    emulator.create_account("mylake")
    done = run_behind_the_proxy(emulator, program)
    emulator.delete_account("mylake")
    assert (done.returncode, done.stdout.strip()) == (0, "['raw']"), done.stderr


def test_adal_asks_the_cloud_about_an_unknown_authority(emulator):
    """Adal's instance discovery, which goes to the public cloud, vouches for the emulator's own URL."""
    script = (
        "import adal, sys; url, tenant, client, secret = sys.argv[1:];"
        "context = adal.AuthenticationContext(f'{url}/{tenant}');"
        "resource = 'https://datalake.azure.net/';"
        "print(context.acquire_token_with_client_credentials(resource, client, secret)['resource'])"
    )
    arguments = (emulator.url, emulator.tenant_id, emulator.client_id, emulator.client_secret)
    emulator.clear_requests()
    done = run_behind_the_proxy(emulator, script, *arguments)
    assert (done.returncode, done.stdout.strip()) == (0, "https://datalake.azure.net/"), done.stderr
    assert [record.operation for record in emulator.requests] == ["discovery", "token"]


@pytest.mark.parametrize(
    "destination", ["login.microsoftonline.com:443", "management.azure.com:443", "MANAGEMENT.azure.com:443"]
)
def test_emulated_hosts_are_reached(emulator, destination):
    """The hosts that the emulator stands for have a tunnel."""
    assert connect(emulator, destination) == "HTTP/1.1 200 Connection established"


def test_account_has_a_host_as_long_as_it_exists(emulator, account):
    """An account's host is reached, and one that no account has is as a name that does not resolve."""
    assert connect(emulator, f"{account}.azuredatalakestore.net:443").split()[1] == "200"
    emulator.delete_account(account)
    assert connect(emulator, f"{account}.azuredatalakestore.net:443").split()[1] == "502"


def test_emulator_is_reached_by_its_own_address(emulator):
    """A client that sends everything through the proxy gets the path style URLs too."""
    assert connect(emulator, urlsplit(emulator.url).netloc).split()[1] == "200"


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"CONNECT example.com:443 HTTP/1.1", "403"),
        (b"CONNECT management.azure.com:22 HTTP/1.1", "403"),
        (b"CONNECT 127.0.0.1:22 HTTP/1.1", "403"),
        (b"CONNECT [::1]:22 HTTP/1.1", "403"),
        (b"CONNECT azuredatalakestore.net:443 HTTP/1.1", "403"),
        (b"CONNECT a.b.azuredatalakestore.net:443 HTTP/1.1", "403"),
        (b"CONNECT nosuchaccount.azuredatalakestore.net:443 HTTP/1.1", "502"),
        (b"GET http://example.com/ HTTP/1.1", "403"),
        (b"POST https://management.azure.com:22/ HTTP/1.1", "403"),
        (b"GET http://127.0.0.1:22/ HTTP/1.1", "403"),
        (b"GET http://management.azure.com@example.com/ HTTP/1.1", "403"),
        (b"GET https://nosuchaccount.azuredatalakestore.net/webhdfs/v1/?op=LISTSTATUS HTTP/1.1", "502"),
        (b"GET ftp://management.azure.com/ HTTP/1.1", "400"),
        (b"GET / HTTP/1.1\r\nHost: management.azure.com", "400"),
        (b"nonsense", "400"),
        (b"CONNECT x:443 HTTP/1.1\r\nLong: " + b"x" * 70_000, "431"),
    ],
)
def test_it_is_not_an_open_proxy(emulator, request_line, status):
    """Nothing but the emulated hosts on their port is reached."""
    assert speak(emulator, request_line + b"\r\n\r\n").split()[1] == status


@pytest.fixture
def plainly(emulator):
    """Sends a request to the proxy itself, with a whole URL for its target; returns its answer."""

    def ask(method, url, body=None, headers=None):
        parts = urlsplit(emulator.proxy_url)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=180)
        with contextlib.closing(connection):
            connection.request(method, url, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()

    return ask


def token(plainly, emulator, url):
    form = {
        "grant_type": "client_credentials",
        "client_id": emulator.client_id,
        "client_secret": emulator.client_secret,
        "resource": "https://datalake.azure.net/",
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Proxy-Connection": "keep-alive"}
    status, _, content = plainly("POST", f"{url}/{emulator.tenant_id}/oauth2/token", urlencode(form), headers)
    assert status == 200, content
    return {"Authorization": f"Bearer {json.loads(content)['access_token']}"}


@pytest.mark.parametrize("scheme", ["https", "http"])
@pytest.mark.parametrize("port", ["", ":443", ":80"])
def test_requests_in_absolute_form_are_passed_on(plainly, emulator, account, scheme, port):
    """A client that sends whole URLs to the proxy signs in, writes 5 MiB and reads."""
    headers = token(plainly, emulator, f"{scheme}://login.microsoftonline.com{port}")
    lake = f"{scheme}://{account}.azuredatalakestore.net{port}/webhdfs/v1/a%20b%2F%C3%BC+%231.csv"
    data = bytes(range(256)) * 20_480
    for body in (data, iter([data[:70_000], data[70_000:]])):
        status, answered, _ = plainly("PUT", f"{lake}?op=CREATE&write=true&overwrite=true", body, headers)
        assert status == 201
        # The cloud's own URL.
        assert answered["Location"].startswith(
            f"https://{account}.azuredatalakestore.net/webhdfs/v1/a%20b%2F"
        )
        assert answered["Connection"] == "close"
    assert plainly("GET", f"{lake}?op=OPEN&read=true", headers=headers)[2] == data
    record = emulator.requests(operation="OPEN")[-1]
    assert (record.account, record.path) == (account, "/a b/ü+#1.csv")


def test_absolute_form_reaches_the_emulators_own_url(plainly, emulator):
    """An old client that sends everything through the proxy gets the path style URLs too."""
    token(plainly, emulator, emulator.url)
    assert b"<html" in plainly("GET", emulator.url.replace("https", "http"))[2]


def test_one_request_of_a_connection_is_passed_on(emulator):
    """Bytes after the request are dropped: they may be for another host."""
    parts = urlsplit(emulator.proxy_url)
    line = b"GET https://management.azure.com/metadata/endpoints?api-version=1.0 HTTP/1.1\r\n\r\n"
    emulator.clear_requests()
    with socket.create_connection((parts.hostname, parts.port), timeout=180) as connection:
        connection.sendall(line * 2)
        answer = connection.makefile("rb").read()
    assert answer.count(b"HTTP/1.1 ") == 1
    assert len(emulator.requests) == 1


def test_client_that_leaves_in_the_middle_of_its_content(emulator, account, plainly):
    """A request that is passed on ends with its client, and is recorded as one without an answer."""
    headers = token(plainly, emulator, "https://login.microsoftonline.com")
    parts = urlsplit(emulator.proxy_url)
    emulator.clear_requests()
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        target = f"https://{account}.azuredatalakestore.net/webhdfs/v1/f?op=CREATE&write=true"
        lines = [f"PUT {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        connection.sendall("\r\n".join([*lines, "Content-Length: 100", "", "half"]).encode())
    deadline = time.monotonic() + 180
    while not emulator.requests:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert [record.status for record in emulator.requests] == [0]


def test_client_that_leaves_in_the_middle(emulator):
    """A connection that ends before its request does ends quietly."""
    parts = urlsplit(emulator.proxy_url)
    with socket.create_connection((parts.hostname, parts.port)) as connection:
        connection.sendall(b"CONNECT manage")
    assert connect(emulator, "management.azure.com:443").split()[1] == "200"
