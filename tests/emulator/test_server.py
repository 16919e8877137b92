"""The end of the listening sockets and of their connections."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import http.client
import socket
import ssl
import threading
import time
import warnings
from urllib.parse import urlsplit

import pytest

from airflow_provider_adls.emulator import Emulator

CONNECT = b"CONNECT lake.azuredatalakestore.net:443 HTTP/1.1\r\n\r\n"
BLOCK = 4 * 2**20


def stopped_as_clients_come(turns):
    """Stop an emulator a number of turns of its event loop after clients came, at various stages."""
    # Its loop may have ended before the call that stops it.
    with contextlib.ExitStack() as clients, contextlib.suppress(RuntimeError), Emulator() as emulator:
        secure, plain = (urlsplit(url).port for url in (emulator.url, emulator.proxy_url))
        stages = [(secure, b""), (secure, b"\x16\x03\x01")]
        stages += [(plain, b""), (plain, CONNECT[:9]), (plain, CONNECT)]
        thread = emulator._running.thread
        # Of one the emulator has taken leave, who has not noticed yet.
        done = socket.create_connection(("127.0.0.1", secure))
        context = ssl.create_default_context(cafile=emulator.ca_file)
        done = clients.enter_context(context.wrap_socket(done, server_hostname="localhost"))
        done.sendall(b"GET /nowhere HTTP/1.0\r\nHost: localhost\r\n\r\n")
        assert done.recv(12) == b"HTTP/1.0 404"

        async def come():
            # This holds the loop, so that all of them are there when it goes on.
            for port, said in stages * 3:
                clients.enter_context(socket.create_connection(("127.0.0.1", port))).sendall(said)
            for _ in range(turns):
                await asyncio.sleep(0)
            thread._stop.set()

        asyncio.run_coroutine_threadsafe(come(), thread._loop).result(180)


@pytest.mark.parametrize(
    "turns", [0, 1, *(pytest.param(turns, marks=pytest.mark.long) for turns in range(2, 8))]
)
def test_clients_that_come_as_it_stops_leave_nothing_open(turns):
    """Connections of every stage are closed: otherwise Python warns of them in another test."""
    gc.collect()
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always", ResourceWarning)
        stopped_as_clients_come(turns)
        gc.collect()
    assert [str(one.message) for one in said] == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "CONNECT"])
def test_plain_http_at_the_tls_port_is_answered(emulator, method):
    """A client that forgot TLS is answered in plain HTTP with the URL to use, after megabytes too."""
    parts = urlsplit(emulator.url)
    body = bytes(5 * 2**20) if method == "PUT" else None
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=180)
    with contextlib.closing(connection):
        connection.request(method, "/", body)
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Content-Type"]) == (400, "text/plain")
        text = f"This is the ADLS emulator at {emulator.url}, which speaks TLS: use https, not http.\n"
        assert answer.read().decode() == text


def test_a_client_that_does_not_read_does_not_hold_it_up(browse):
    """An answer that is stuck on its way through a tunnel is cut when the emulator stops."""
    with contextlib.ExitStack() as stack:
        emulator = stack.enter_context(Emulator(accounts=("lake",)))
        browser = stack.enter_context(browse(emulator))
        headers = browser.bearer("https://datalake.azure.net/")
        params = {"op": "APPEND", "append": "true", "offset": "0"}
        browser.lake("PUT", "lake", "/f", params={"op": "CREATE", "write": "true"}, headers=headers)
        for offset in range(0, 4 * BLOCK, BLOCK):
            params["offset"] = str(offset)
            answer = browser.lake("POST", "lake", "/f", params=params, data=bytes(BLOCK), headers=headers)
            assert answer.status_code == 200
        plain = stack.enter_context(socket.socket())
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        plain.connect(("127.0.0.1", urlsplit(emulator.proxy_url).port))
        plain.sendall(CONNECT)
        assert plain.recv(100).startswith(b"HTTP/1.1 200")
        context = ssl.create_default_context(cafile=emulator.ca_file)
        tunnel = stack.enter_context(
            context.wrap_socket(plain, server_hostname="lake.azuredatalakestore.net")
        )
        request = "GET /webhdfs/v1/f?op=OPEN&read=true HTTP/1.1\r\nHost: lake.azuredatalakestore.net\r\n"
        tunnel.sendall(f"{request}Authorization: {headers['Authorization']}\r\n\r\n".encode())
        assert tunnel.recv(12) == b"HTTP/1.1 200"
        # Till as much as fits is on its way; if it is less, there is less to hold it up.
        time.sleep(0.2)
        stopping = threading.Thread(target=emulator.stop, daemon=True)
        stopping.start()
        stopping.join(180)
        assert not stopping.is_alive()
