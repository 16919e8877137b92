"""`Origins`: the addresses of clients, those behind the proxy included."""

from __future__ import annotations

import contextlib
import functools
import ipaddress
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asyncio import BaseTransport, StreamWriter

    from aiohttp import web

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Origins:
    """Client addresses: the socket's other end, or behind the proxy its client's."""

    def __init__(self) -> None:
        self._tunnels: dict[tuple[str, int], Address | None] = {}

    def of(self, request: web.Request) -> Address | None:
        """Return the address of a request's client; None if it has hung up meanwhile."""
        end = _end(request.transport, "peername")
        if end is None:
            return None
        return self._tunnels[end] if end in self._tunnels else _address(end[0])

    @contextlib.contextmanager
    def tunnel(self, client: StreamWriter, upstream: StreamWriter) -> Iterator[None]:
        """Register the client of a tunnel, as long as the block runs."""
        end, origin = _end(upstream.transport, "sockname"), _end(client.transport, "peername")
        if end is None:
            yield
            return
        self._tunnels[end] = _address(origin[0]) if origin else None
        try:
            yield
        finally:
            del self._tunnels[end]


def _end(transport: BaseTransport | None, name: str) -> tuple[str, int] | None:
    found: Any = transport.get_extra_info(name) if transport else None
    return found[:2] if found else None


@functools.lru_cache(maxsize=1024)
def _address(text: str) -> Address:
    """Parse an address; an IPv4 client of an IPv6 socket has an IPv4 address."""
    address = ipaddress.ip_address(text.partition("%")[0])
    return getattr(address, "ipv4_mapped", None) or address
