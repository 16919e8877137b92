"""An HTTP CONNECT proxy to the hosts that the emulator stands for, and to no others.

With `HTTPS_PROXY` at it and the emulator's authority trusted, unmodified clients find the cloud here.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from http import HTTPStatus
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.hosts import hostname, service_of
from airflow_provider_adls.model.clouds import LOOPBACK_HOSTS

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.hosts import Service
    from airflow_provider_adls.emulator.origins import Origins

#: Seconds in which a client must have said where it wants to go.
_HEAD_TIMEOUT = 30
_CHUNK = 256 * 1024


class Refusal(Exception):  # noqa: N818 - an answer, not a failure of ours
    """A request that the proxy does not serve.

    :param status: HTTP status of the answer.
    :param text: what to tell the client.
    """

    def __init__(self, status: HTTPStatus, text: str) -> None:
        super().__init__(text)
        self.status = status


class Proxy:
    """Tunnels to the emulator's own TLS port.

    :param host: host that the emulator listens at.
    :param port: its TLS port.
    :param has_account: whether a service has an account, which then has a host name.
    :param origins: is told whose each tunnel is.
    """

    def __init__(
        self, host: str, port: int, has_account: Callable[[Service, str], bool], origins: Origins
    ) -> None:
        self._host = host
        self._port = port
        self._has_account = has_account
        self._origins = origins
        self._tunnels: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a new connection (a callback for `asyncio.start_server`)."""
        task = asyncio.create_task(self._serve(reader, writer))
        self._tunnels[task] = writer
        task.add_done_callback(self._tunnels.pop)

    async def close(self) -> None:
        """End all tunnels, whether or not their clients read what is under way to them."""
        tunnels = dict(self._tunnels)
        for tunnel, writer in tunnels.items():
            tunnel.cancel()
            # One that has not begun yet would not do it.
            writer.transport.abort()
        await asyncio.gather(*tunnels, return_exceptions=True)

    def check(self, method: str, destination: str) -> None:
        """Whether a tunnel may be opened.

        :param destination: `host:port`, the target of a CONNECT.
        :raises Refusal: if not; an account that does not exist has no host name, so that its clients
            see what they see when a name does not resolve.
        """
        if method != "CONNECT":
            raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED, "This proxy serves CONNECT alone: use https://.")
        host, port = hostname(destination), destination.rpartition(":")[2]
        if host in LOOPBACK_HOSTS | {self._host} and port == str(self._port):
            return
        named = service_of(host)
        if named is None or port != "443":
            raise Refusal(HTTPStatus.FORBIDDEN, f"{destination} is no host of the emulated cloud.")
        service, account = named
        if account and not self._has_account(service, account):
            raise Refusal(HTTPStatus.BAD_GATEWAY, f"{host} cannot be resolved: no such account.")

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # A client that goes away in the middle ends its tunnel; there is nobody left to tell.
        with contextlib.suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
            async with _closing(writer):
                await self._tunnel(reader, writer)

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            self.check(*await _target(reader))
        except Refusal as refusal:
            text = f"{refusal}\n".encode()
            writer.write(
                f"HTTP/1.1 {refusal.status.value} {refusal.status.phrase}\r\nContent-Type: text/plain\r\n"
                f"Content-Length: {len(text)}\r\nConnection: close\r\n\r\n".encode()
                + text
            )
            await writer.drain()
            return
        upstream_reader, upstream_writer = await asyncio.open_connection(self._host, self._port)
        async with _closing(upstream_writer):
            # Before the client has sent a byte through it, and for as long as any may be under way.
            with self._origins.tunnel(writer, upstream_writer):
                await self._pumped(reader, writer, upstream_reader, upstream_writer)

    @staticmethod
    async def _pumped(
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        upstream_reader: asyncio.StreamReader,
        upstream_writer: asyncio.StreamWriter,
    ) -> None:
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        there = asyncio.create_task(_pump(reader, upstream_writer))
        back = asyncio.create_task(_pump(upstream_reader, writer))
        try:
            await asyncio.gather(there, back)
        finally:
            there.cancel()
            back.cancel()
            await asyncio.gather(there, back, return_exceptions=True)


async def _target(reader: asyncio.StreamReader) -> tuple[str, str]:
    """Method and target of a request; its headers are read and left at that."""
    try:
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), _HEAD_TIMEOUT)
    except asyncio.LimitOverrunError:
        raise Refusal(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The request's head is too long.") from None
    words = head.partition(b"\r\n")[0].decode("latin-1").split()
    if len(words) != 3:
        raise Refusal(HTTPStatus.BAD_REQUEST, "This is no HTTP request.")
    return words[0], words[1]


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
