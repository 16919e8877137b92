"""Which service a request goes to."""

from __future__ import annotations

import socket
import ssl
from urllib.parse import urlsplit

import pytest

from airflow_provider_adls.emulator.app import Target, target
from airflow_provider_adls.emulator.hosts import hostname

LAKE = "https://datalake.azure.net/"


@pytest.mark.parametrize(
    ("host", "path", "expected"),
    [
        ("login.microsoftonline.com", "/subscriptions", Target("login")),
        ("LOGIN.windows.net:443", "/t/oauth2/token", Target("login")),
        ("management.azure.com", "/adls/x/webhdfs/v1/", Target("arm")),
        ("lake.azuredatalakestore.net", "/webhdfs/v1/adls/x", Target("lake", "lake")),
        ("127.0.0.1:1", "/adls/Lake/webhdfs/v1/%2Fa", Target("lake", "lake", "/adls/Lake")),
        ("127.0.0.1:1", "/tenant/oauth2/token", Target("login")),
        ("127.0.0.1:1", "/common/discovery/instance", Target("login")),
        ("127.0.0.1:1", "/Subscriptions/x", Target("arm")),
        ("127.0.0.1:1", "/providers/x", Target("arm")),
        ("a.b.azuredatalakestore.net", "/", None),
        ("127.0.0.1:1", "/adls/lake", None),
        ("127.0.0.1:1", "/", None),
    ],
)
def test_host_comes_before_path(host, path, expected):
    """A cloud's host is that service whatever the path; at any other host the path decides."""
    assert target(host, path) == expected


@pytest.mark.parametrize(
    ("authority", "expected"),
    [
        ("Host", "host"),
        ("host:443", "host"),
        ("[::1]:443", "::1"),
        ("[::1]", "::1"),
        ("host:x", "host:x"),
    ],
)
def test_hostname_has_no_port(authority, expected):
    """A port and an IPv6 address's brackets do not belong to the name."""
    assert hostname(authority) == expected


@pytest.mark.parametrize("name", ["a b", "a+b", "a%b", "a#b", "a?b", "a,b", "ü/é", "%2F", "日本"])
def test_names_survive_the_way_in(browser, account, name):
    """Both ways in decode a path once and alike, slashes encoded or not."""
    from urllib.parse import quote

    headers = browser.bearer(LAKE)
    made = browser.lake("PUT", account, f"/{quote(name, safe='')}", params={"op": "MKDIRS"}, headers=headers)
    assert made.json() == {"boolean": True}
    browser.session.headers["Host"] = f"{account}.azuredatalakestore.net"
    status = browser.send(
        "GET", f"/webhdfs/v1/{quote(name)}", params={"op": "GETFILESTATUS"}, headers=headers
    )
    assert status.json()["FileStatus"]["type"] == "DIRECTORY"


def test_path_that_is_not_text_is_refused(browser, account):
    """Bytes that are not UTF-8 make no path."""
    answer = browser.lake("GET", account, "/%FF", params={"op": "GETFILESTATUS"})
    assert (answer.status_code, answer.json()["RemoteException"]["exception"]) == (
        400,
        "IllegalArgumentException",
    )


def test_other_paths_name_the_ways_in(browser):
    """Any other path is answered with the list of served paths."""
    answer = browser.send("GET", "/nowhere")
    assert answer.status_code == 404
    assert "/oauth2/token" in answer.text


def _asked(browser, account, expectation, content=b"abc"):
    """Return the first line that the emulator answers headers with, and the status after the content."""
    context = ssl.create_default_context(cafile=browser.emulator.ca_file)
    server = urlsplit(browser.emulator.url)
    token = browser.bearer(LAKE)["Authorization"]
    head = (
        f"PUT /adls/{account}/webhdfs/v1/f?op=CREATE&write=true HTTP/1.1\r\nHost: {server.netloc}\r\n"
        f"Authorization: {token}\r\nExpect: {expectation}\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    with (
        socket.create_connection((server.hostname, server.port), timeout=30) as plain,
        context.wrap_socket(plain, server_hostname=server.hostname) as connection,
        connection.makefile("rb") as answer,
    ):
        connection.sendall(head.encode())
        first = int(answer.readline().split()[1])
        if first != 100:
            return first, None
        assert answer.readline() == b"\r\n"
        connection.sendall(content)
        return first, int(answer.readline().split()[1])


def test_content_is_sent_when_it_is_expected(browser, account):
    """Content that is held back is asked for; any other expectation is refused (RFC 9110, 10.1.1)."""
    assert _asked(browser, account, "100-continue") == (100, 201)
    assert _asked(browser, account, "200-ok") == (417, None)
