"""Requests as the Node SDK sends them: with a length and in chunks."""

from __future__ import annotations

import contextlib
import socket
import ssl
from urllib.parse import urlsplit

import pytest

from airflow_provider_adls.emulator.framing import without_length

LAKE = "https://datalake.azure.net/"


@pytest.fixture
def line(emulator):
    """A TLS connection to the emulator, for bytes as they are."""
    parts = urlsplit(emulator.url)
    context = ssl.create_default_context(cafile=emulator.ca_file)
    with (
        socket.create_connection((parts.hostname, parts.port), timeout=180) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as line,
    ):
        yield line


def head(browser, account, name, *headers, verb="PUT", query="op=CREATE&write=true"):
    bearer = browser.bearer(LAKE)["Authorization"]
    lines = [f"{verb} /adls/{account}/webhdfs/v1/{name}?{query} HTTP/1.1", "Host: localhost"]
    return "\r\n".join([*lines, f"Authorization: {bearer}", *headers, "\r\n"]).encode()


def chunked(content):
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(content), content)


def status(line):
    """Status of the next answer, which has no content."""
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        answer += line.recv(1)
    return int(answer.split()[1])


def content(browser, account, name):
    return browser.lake("GET", account, f"/{name}", params={"op": "OPEN", "read": "true"}).content


@pytest.mark.parametrize(
    "headers",
    [
        ("Transfer-Encoding: chunked", "content-length: 5"),
        ("Content-Length: 5", "transfer-encoding: CHUNKED"),
        ("Content-Length: 99999", "Transfer-Encoding: chunked"),
    ],
)
@pytest.mark.fidelity("documented", "Node SDK; RFC 9112, 6.3")
def test_chunks_count_where_a_length_is_said_too(browser, account, line, headers):
    """The chunks are the content, and the connection goes on with the next request."""
    for name, data in (("first", b"hello"), ("second", b"other")):
        line.sendall(head(browser, account, name, *headers))
        line.sendall(chunked(data))
        assert status(line) == 201
    line.sendall(
        head(browser, account, "first", *headers, verb="POST", query="op=APPEND&append=true")
        + chunked(b" more")
    )
    assert status(line) == 200
    assert content(browser, account, "first") == b"hello more"
    assert content(browser, account, "second") == b"other"


@pytest.mark.fidelity("own")
def test_content_that_looks_like_a_request_is_content(browser, account, line):
    """Nothing is taken out of content, however it is cut up."""
    data = b"PUT /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n"
    line.sendall(head(browser, account, "plain", f"Content-Length: {2 * len(data)}"))
    with contextlib.suppress(TimeoutError):
        # Till the head has been read alone.
        line.settimeout(0.2)
        line.recv(1)
    line.settimeout(180)
    line.sendall(data)
    line.sendall(data)
    assert status(line) == 201
    assert content(browser, account, "plain") == data * 2


@pytest.mark.parametrize(
    "data",
    [
        b"PUT / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
        b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        b"PUT / HTTP/1.1\r\nContent-Length: 3\r\n\r\n\r\nTransfer-Encoding: x\r\n\r\n",
        b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n",
    ],
)
@pytest.mark.fidelity("own")
def test_other_requests_are_left_as_they_are(data):
    """Only a complete head with both headers is changed."""
    assert without_length(data) == data


@pytest.mark.parametrize(
    ("verb", "query", "answer"),
    [
        ("PUT", "op=CREATE&write=true&overwrite=true", 201),
        ("POST", "op=APPEND&append=true", 200),
        ("PUT", "op=SETPERMISSION&permission=770", 200),
    ],
)
@pytest.mark.fidelity(
    "assumed",
    "the Java SDK sends a length of 0 since the service wants one; what it answers without is not known",
)
def test_neither_length_nor_chunks(browser, account, line, verb, query, answer):
    """A request without a length has no content, and is not refused for it."""
    browser.lake("PUT", account, "/f", params={"op": "CREATE", "write": "true"}, data=b"")
    line.sendall(head(browser, account, "f", verb=verb, query=query))
    assert status(line) == answer
    assert content(browser, account, "f") == b""
