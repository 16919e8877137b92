"""`emulator_at`: find the emulator that has taken a port."""

from __future__ import annotations

import contextlib
import re
import socket
import time

#: Seconds that an emulator on this machine may take to answer.
_TIMEOUT = 2.0
_NAMED = re.compile(rb"ADLS emulator at (https://\S+:\d+)")


def emulator_at(host: str, port: int) -> str | None:
    """Return the URL of the emulator whose TLS port or proxy this is; None for any other program.

    Both ports answer a plain request with a text that names the emulator.

    :param host: host at which clients on this machine reach it.
    """
    deadline, answer = time.monotonic() + _TIMEOUT, b""
    with contextlib.suppress(OSError), socket.create_connection((host, port), _TIMEOUT) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        while time.monotonic() < deadline and (part := connection.recv(4096)):
            answer += part
    found = _NAMED.search(answer)
    return found[1].decode("ascii", "replace") if found else None
