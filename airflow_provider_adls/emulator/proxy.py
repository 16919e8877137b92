"""`Proxy`: an HTTP proxy to the hosts that the emulator stands for, and to no others.

With `HTTPS_PROXY` at it and the emulator's authority trusted, unmodified clients find the cloud here. It
opens tunnels (CONNECT), and passes on requests in absolute form, `POST https://login…/token`, as axios and
Node's older clients send them.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.forwarding import forward
from airflow_provider_adls.emulator.handshake import plain_answer
from airflow_provider_adls.emulator.hosts import hostname, service_of
from airflow_provider_adls.model.clouds import LOOPBACK_HOSTS

if TYPE_CHECKING:
    import ssl

    from airflow_provider_adls.emulator.hosts import Service
    from airflow_provider_adls.emulator.origins import Origins

#: Seconds in which a client must have said where it wants to go.
_HEAD_TIMEOUT = 30
_CHUNK = 256 * 1024


class Refusal(Exception):  # noqa: N818 - an answer, not a failure of ours
    """A request that the proxy does not serve."""

    def __init__(self, status: HTTPStatus, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True)
class Proxy:
    """Tunnels and passes requests on to the emulator's own TLS port.

    :param host: host that the emulator listens at.
    :param port: its TLS port.
    :param context: TLS settings that trust it.
    :param has_account: whether a service has an account, which then has a host name.
    :param origins: register of the client of each tunnel.
    """

    host: str
    port: int
    url: str
    context: ssl.SSLContext
    has_account: Callable[[Service, str], bool]
    origins: Origins
    _tunnels: dict[asyncio.Task[None], asyncio.StreamWriter] = field(default_factory=dict)

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a new connection (a callback for `asyncio.start_server`)."""
        task = asyncio.create_task(self._serve(reader, writer))
        self._tunnels[task] = writer
        task.add_done_callback(self._tunnels.pop)

    async def close(self) -> None:
        """End all tunnels, whether or not their clients have read all answers."""
        tunnels = dict(self._tunnels)
        for tunnel, writer in tunnels.items():
            tunnel.cancel()
            # One that has not begun yet would not do it.
            writer.transport.abort()
        await asyncio.gather(*tunnels, return_exceptions=True)

    def check(self, destination: str) -> None:
        """Check that a destination may be reached.

        :param destination: `host:port`.
        :raises Refusal: if it may not; an account that does not exist has no host name, so that its clients
            get the same answer as for a name that does not resolve.
        """
        host, port = hostname(destination), destination.rpartition(":")[2]
        if host in LOOPBACK_HOSTS | {self.host} and port == str(self.port):
            return
        named = service_of(host)
        if named is None or port != "443":
            raise Refusal(HTTPStatus.FORBIDDEN, f"{destination} is not a host of the emulated cloud.")
        service, account = named
        if account and not self.has_account(service, account):
            raise Refusal(HTTPStatus.BAD_GATEWAY, f"{host} cannot be resolved: no such account.")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A client that leaves ends its tunnel, and takes no answer.
        with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
            async with _closing(writer):
                await self._tunnel(reader, writer)

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await self._wanted(reader)
        except Refusal as refusal:
            writer.write(plain_answer(refusal.status, f"{refusal}\n"))
            await writer.drain()
            return
        upstream_reader, upstream_writer = await asyncio.open_connection(
            self.host,
            self.port,
            # A tunnel's client speaks TLS itself, through it.
            ssl=self.context if request else None,
            server_hostname="localhost" if request else None,
        )
        async with _closing(upstream_writer):
            # Before the client has sent a byte through it, and for as long as any may be under way.
            with self.origins.tunnel(writer, upstream_writer):
                if request:
                    upstream_writer.write(request)
                else:
                    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                there = asyncio.create_task(_pump(reader, upstream_writer))
                back = asyncio.create_task(_pump(upstream_reader, writer))
                await _ended(there, back, first=bool(request))

    async def _wanted(self, reader: asyncio.StreamReader) -> bytes:
        """Read a request's head, and return it as it is passed on; nothing for a tunnel.

        :raises Refusal: if it is not served.
        """
        head, method, target = await _head(reader)
        if method == "CONNECT":
            self.check(target)
            return b""
        request = forward(head)
        if request is None:
            raise Refusal(
                HTTPStatus.BAD_REQUEST,
                f"This is the proxy of the ADLS emulator at {self.url}: set HTTPS_PROXY to it.",
            )
        self.check(request.destination)
        return request.head


async def _ended(*directions: asyncio.Task[None], first: bool) -> None:
    """Wait for both directions, or for the first of them, and end the other.

    :param first: for a single request, whose connection ends with its answer, or with its client.
    """
    try:
        if first:
            done, _ = await asyncio.wait(directions, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.gather(*done)
        else:
            await asyncio.gather(*directions)
    finally:
        for direction in directions:
            direction.cancel()
        await asyncio.gather(*directions, return_exceptions=True)


async def _head(reader: asyncio.StreamReader) -> tuple[bytes, str, str]:
    """Return the head of a request, its method and its target."""
    try:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _HEAD_TIMEOUT)
    except asyncio.LimitOverrunError:
        raise Refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The request's head is too long.") from None
    words = head.partition(b"\r\n")[0].decode("latin-1").split()
    if len(words) != 3:
        raise Refusal(HTTPStatus.BAD_REQUEST, "This is not an HTTP request.")
    return head, words[0], words[1]


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Copy one direction to its end, and pass the end on."""
    while data := await reader.read(_CHUNK):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


@contextlib.asynccontextmanager
async def _closing(writer: asyncio.StreamWriter) -> AsyncIterator[None]:
    try:
        yield
    except asyncio.CancelledError:
        # To close it would wait until the other end has taken all.
        writer.transport.abort()
        raise
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()
