"""`Forward`: a request in absolute form, as HTTP proxies are sent, and its form for the server behind."""

from __future__ import annotations

import re
from typing import NamedTuple

_STANDARD_PORT = re.compile(r":(80|443)?$")
_PORT = re.compile(r":\d+$")
_ABSOLUTE = re.compile(r"https?://(?P<authority>[^/?#\s]+)(?P<rest>\S*)", re.IGNORECASE)
#: Headers about the connection to the proxy (RFC 9110, section 7.6.1), and the host, which the target names.
_HOP_BY_HOP = frozenset({"connection", "keep-alive", "proxy-authorization", "proxy-connection", "host"})


class Forward(NamedTuple):
    """A request that is passed on.

    :param destination: `host:port`; of plain http's standard port, that of https.
    :param head: its head in origin form, for one request on a connection of its own.
    """

    destination: str
    head: bytes


def forward(head: bytes) -> Forward | None:
    """Return the request of an absolute-form head; None if its target has another form.

    :param head: request line and headers, up to the empty line.
    """
    line, *headers = head.decode("latin-1").split("\r\n")
    method, target, version = line.split()
    match = _ABSOLUTE.fullmatch(target)
    if match is None:
        return None
    authority = match["authority"].rpartition("@")[2]
    # Answers repeat the host in their URLs, which are the cloud's: without a standard port.
    host = _STANDARD_PORT.sub("", authority)
    destination = host if _PORT.search(host) else f"{host}:443"
    rest = match["rest"].partition("#")[0]
    path = rest if rest.startswith("/") else f"/{rest}"
    kept = [header for header in headers if header and _name(header) not in _HOP_BY_HOP]
    lines = [f"{method} {path} {version}", f"Host: {host}", *kept, "Connection: close", "", ""]
    return Forward(destination, "\r\n".join(lines).encode("latin-1"))


def _name(header: str) -> str:
    return header.partition(":")[0].strip().lower()
