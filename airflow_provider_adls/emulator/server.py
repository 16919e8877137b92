"""`listen` and `serving`: the listening sockets, TLS for the services and plain HTTP for the proxy."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from aiohttp import web

from airflow_provider_adls.emulator import http_log
from airflow_provider_adls.emulator.errors import EmulatorError
from airflow_provider_adls.emulator.framing import tolerant
from airflow_provider_adls.emulator.probe import emulator_at
from airflow_provider_adls.emulator.proxy import Proxy
from airflow_provider_adls.model.operations import MAX_URL

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.backend import Backend

#: Address for clients on this machine, of a server that listens at every address.
_ANY = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - not what we bind to, but what we look for
#: Seconds that requests under way have to end when the emulator stops.
_GRACE = 1.0
_BACKLOG = 1024
#: Seconds that a client which is answered early has to send the rest of its content, before it is hung up on.
_LINGERING = 60.0


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket.

    :param port: 0 takes a free one.
    :raises EmulatorError: if the port is in use or the host is not this machine's.
    """
    if not host.strip():
        # To sockets that is every address of the machine.
        raise EmulatorError("host must be an address or a name of this machine, not empty")
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OverflowError as error:
        raise EmulatorError(f"port must be 0 to 65535, not {port}") from error
    except OSError as error:
        # The system's own words, without those that asyncio and socket put around them.
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        if error.errno == errno.EADDRINUSE:
            running = emulator_at(reachable(host), port)
            by = f" by the emulator at {running}: use or stop that one" if running else ": take another port"
            reason = f"{reason}{by}, or take free ports with --port 0 --proxy-port 0"
        raise EmulatorError(f"cannot listen at {host} port {port}: {reason}") from error


def reachable(host: str) -> str:
    """Return the host by which a client on this machine reaches a server bound to `host`, for sockets."""
    return _ANY.get(host, host)


def url(scheme: str, host: str, port: int) -> str:
    """Return the URL by which a client on this machine reaches a server bound to `host`."""
    name = reachable(host)
    return f"{scheme}://[{name}]:{port}" if ":" in name else f"{scheme}://{name}:{port}"


@contextlib.asynccontextmanager
async def serving(
    backend: Backend, host: str, server_socket: socket.socket, proxy_socket: socket.socket
) -> AsyncIterator[None]:
    """Answer requests at both sockets until the block ends."""
    others = _connections()
    answering = web.Server(
        backend.dispatcher.handle,
        request_factory=backend.dispatcher.request,
        access_log=None,
        lingering_time=_LINGERING,
        # Content is kept as it was sent.
        auto_decompress=False,
        logger=http_log.logger,
        max_line_size=MAX_URL,
        max_field_size=MAX_URL,
    )
    runner = web.ServerRunner(answering, handle_signals=False, shutdown_timeout=_GRACE)
    await runner.setup()
    try:
        port = server_socket.getsockname()[1]
        here = url("https", host, port)
        context = backend.certificates.server_context(here, backend.own_certificate)
        assert runner.server is not None
        loop = asyncio.get_running_loop()
        site = await loop.create_server(
            tolerant(runner.server), sock=server_socket, ssl=context, backlog=_BACKLOG
        )
        proxy = Proxy(
            reachable(host),
            port,
            here,
            backend.certificates.client_context(),
            backend.has_account,
            backend.origins,
        )
        listener = await asyncio.start_server(proxy.accept, sock=proxy_socket, backlog=_BACKLOG)
        try:
            yield
        finally:
            for listening in (server_socket, proxy_socket):
                loop.remove_reader(listening)
            # The last accepted connections have no protocol yet; after a close asyncio forgets them.
            await _turns()
            site.close()
            listener.close()
            await proxy.close()
            await listener.wait_closed()
    finally:
        await _close(runner, others)


async def _close(runner: web.ServerRunner, others: set[asyncio.Transport]) -> None:
    """Let requests under way end, and hang up on every client.

    :param others: connections that are not the server's.
    """
    await runner.cleanup()
    for connection in _connections() - others:
        connection.abort()
    # A transport is gone a turn of the loop after its abort, and the socket below it another.
    await _turns()


def _connections() -> set[asyncio.Transport]:
    """Return the event loop's connections, below TLS.

    aiohttp does not know those that agree on TLS yet. Those that have said TLS's goodbye, which a client need
    not answer, it closes once more, after which nothing leads to them (asyncio's transport of TLS).
    """
    # asyncio has no public way to them.
    return set(getattr(asyncio.get_running_loop(), "_transports", {}).values())


async def _turns() -> None:
    """Let the event loop run the callbacks of the last changes, and theirs."""
    for _ in range(3):
        await asyncio.sleep(0)
