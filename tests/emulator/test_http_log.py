"""The log of clients that leave, or send malformed requests: one line, and no token."""

from __future__ import annotations

import logging
import socket
import ssl
import time
from urllib.parse import urlsplit

import pytest

from airflow_provider_adls.emulator import Emulator

LAKE = "https://datalake.azure.net/"
TOKEN = b"Authorization: Bearer not-for-the-log\r\n"
HEAD = b"GET /nowhere HTTP/1.1\r\nHost: localhost\r\n"


def connect(emulator):
    """A TLS connection, for bytes as they are."""
    parts = urlsplit(emulator.url)
    plain = socket.create_connection((parts.hostname, parts.port), timeout=180)
    return ssl.create_default_context(cafile=emulator.ca_file).wrap_socket(plain, server_hostname="localhost")


def rest(line):
    """All that comes until the emulator hangs up."""
    content = b""
    while received := line.recv(65536):
        content += received
    return content


@pytest.fixture
def said(caplog):
    """Returns the records of warnings and errors."""
    caplog.set_level(logging.DEBUG, "asyncio")
    return lambda: [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        (HEAD + TOKEN + b"X: " + b"x" * 70_000, "Got more than 65536 bytes when reading"),
        (HEAD + b"Authorization: Bearer not-for-the-log" + b"x" * 70_000, "Got more than 65536 bytes"),
        (HEAD.replace(b"\r", b"") + TOKEN + b"\r\n", "Bad status line"),
        (HEAD + TOKEN + b"Content-Length: -1\r\n\r\n", "Content-Length"),
        (HEAD + TOKEN + b"Transfer-Encoding: chunked\r\n\r\nnone\r\n", "chunk size"),
        (b"GET /a\0b HTTP/1.1\r\n" + TOKEN + b"\r\n", "Invalid char in url path"),
    ],
    ids=["long header", "long token", "no line ends", "length", "chunk", "NUL"],
)
def test_a_line_for_bytes_that_are_not_a_request(emulator, said, request_, words):
    """Its sender gets an error, and the log has one line without a traceback and without the request."""
    with connect(emulator) as line:
        line.sendall(request_)
        assert rest(line).split()[1] in {b"400", b"404"}
    (record,) = said()
    assert (record.name, record.levelname) == ("airflow_provider_adls.emulator.http", "WARNING")
    assert words in record.getMessage()
    assert record.exc_info is None
    assert "not-for-the-log" not in record.getMessage()
    assert not record.getMessage().endswith(":")


@pytest.mark.parametrize("rule", [None, "before", "after"])
@pytest.mark.parametrize(
    "framing", ["Content-Length: 1000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nff\r\n"]
)
def test_client_that_leaves_in_its_content(own_browser, said, rule, framing):
    """It is recorded as a request without an answer, and not logged."""
    emulator = own_browser.emulator
    if rule:
        emulator.fault(operation="CREATE", drop=rule)
    bearer = own_browser.bearer(LAKE)["Authorization"]
    with connect(emulator) as line:
        head = "PUT /adls/lake/webhdfs/v1/half?op=CREATE&write=true HTTP/1.1\r\nHost: localhost\r\n"
        line.sendall(f"{head}Authorization: {bearer}\r\n{framing}half".encode())
    deadline = time.monotonic() + 180
    while not (left := emulator.requests(operation="CREATE")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert [(request.path, request.status) for request in left] == [("/half", 0)]
    assert own_browser.lake("GET", "lake", "/half", params={"op": "GETFILESTATUS"}).status_code == 404
    assert said() == []


def test_client_that_leaves_in_an_answer(browse, said):
    """A client that leaves in the middle of a file is not logged."""
    with Emulator(accounts=("lake",)) as emulator, browse(emulator) as browser:
        headers = browser.bearer(LAKE)
        for number in range(8):
            browser.lake(
                "PUT",
                "lake",
                f"/{number}",
                params={"op": "CREATE", "write": "true"},
                headers=headers,
                data=bytes(4 << 20),
            )
        browser.lake(
            "POST",
            "lake",
            "/big",
            params={"op": "MSCONCAT"},
            headers=headers,
            json={"sources": [f"/{number}" for number in range(8)]},
        )
        with connect(emulator) as line:
            head = "GET /adls/lake/webhdfs/v1/big?op=OPEN&read=true HTTP/1.1\r\nHost: localhost\r\n"
            line.sendall(f"{head}Authorization: {headers['Authorization']}\r\n\r\n".encode())
            assert line.recv(15) == b"HTTP/1.1 200 OK"
    assert said() == []
