"""A server that answers as no service of Azure does: raw sockets, in a thread, on this machine."""

from __future__ import annotations

import contextlib
import itertools
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    #: From a request, its head and what came with it, to the pieces of the answer.
    Script = Callable[[bytes], Iterable[bytes]]


class StandIn:
    """What came to a server.

    :param url: where it listens.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[bytes] = []
        #: Bytes of answers that were sent.
        self.sent = 0


class Tls(NamedTuple):
    """A server's side of TLS, and the file of the authority that clients need to trust."""

    context: ssl.SSLContext
    ca_file: str


def own_tls(folder: Path) -> Tls:
    """Make a certificate for this machine."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "stand-in")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    file = folder / "stand-in.pem"
    file.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(pem)
    )
    (folder / "ca.pem").write_bytes(signed.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return Tls(context, str(folder / "ca.pem"))


@contextlib.contextmanager
def stand_in(script: Script, tls: Tls | None = None) -> Iterator[StandIn]:
    """Serve a script's answers, one for each connection."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = StandIn(f"http{'s' if tls else ''}://127.0.0.1:{listening.getsockname()[1]}")
    ended = threading.Event()

    def serve(connection: socket.socket) -> None:
        with contextlib.ExitStack() as stack:
            stack.enter_context(contextlib.suppress(OSError))
            stack.enter_context(connection)
            if tls:
                connection = stack.enter_context(tls.context.wrap_socket(connection, server_side=True))
            request = _request(connection)
            server.requests.append(request)
            for piece in script(request):
                if ended.is_set():
                    return
                connection.sendall(piece)
                server.sent += len(piece)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listening.accept()
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server
    finally:
        ended.set()
        # Closing alone does not wake the thread that accepts.
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def _request(connection: socket.socket) -> bytes:
    received = b""
    # The first byte of TLS: who speaks it to a plain port is answered at once.
    while b"\r\n\r\n" not in received and received[:1] != b"\x16" and (piece := connection.recv(65536)):
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    for line in head.lower().splitlines():
        if line.startswith(b"content-length:"):
            while len(body) < int(line.partition(b":")[2]) and (piece := connection.recv(65536)):
                body += piece
    return head + b"\r\n\r\n" + body


def reply(content: bytes = b"", status: int = 200, **headers: str) -> list[bytes]:
    """Return an answer with its length."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return [
        f"HTTP/1.1 {status} .\r\n{lines}Connection: close\r\nContent-Length: {len(content)}\r\n\r\n".encode(),
        content,
    ]


def endless(piece: bytes, status: int = 200, **headers: str) -> Iterable[bytes]:
    """Return an answer that does not end."""
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return itertools.chain(
        [f"HTTP/1.1 {status} .\r\n{lines}\r\n".encode()], itertools.repeat(piece * (1 + 65536 // len(piece)))
    )


def dripping(content: bytes, seconds: float) -> Iterator[bytes]:
    """Yield a byte at a time."""
    for byte in content:
        yield bytes([byte])
        time.sleep(seconds)
