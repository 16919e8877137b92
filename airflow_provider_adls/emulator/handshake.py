"""`TlsContext`: TLS settings whose handshake answers a client that speaks plain HTTP."""

from __future__ import annotations

import ssl
from http import HTTPStatus
from typing import Any


class TlsContext(ssl.SSLContext):
    """TLS settings of the listening socket: TLS 1.2 and up.

    :ivar url: where the emulator is reached, for clients that forgot TLS.
    """

    url = ""

    def wrap_bio(self, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO, *args: Any, **options: Any) -> Any:
        """Return an SSL object between the buffers, which asyncio calls."""
        made = super().wrap_bio(incoming, outgoing, *args, **options)
        assert isinstance(made, _Handshake)
        text = f"This is the ADLS emulator at {self.url}, which speaks TLS: use https, not http.\n"
        made.plain = _PlainAnswer(incoming, outgoing, text)
        return made


class _PlainAnswer:
    def __init__(self, incoming: ssl.MemoryBIO, outgoing: ssl.MemoryBIO, text: str) -> None:
        self._incoming = incoming
        self._outgoing = outgoing
        self._text = text
        self._is_plain: bool | None = None

    def given(self) -> bool:
        """Answer a request in plain HTTP, and return whether the client has begun one."""
        if self._is_plain is None and self._incoming.pending:
            begun = self._incoming.read()
            # A method of HTTP; the first byte of TLS is not a letter.
            self._is_plain = begun[:1].isalpha()
            if self._is_plain:
                self._outgoing.write(plain_answer(HTTPStatus.BAD_REQUEST, self._text))
            else:
                self._incoming.write(begun)
        elif self._is_plain:
            # The rest of the request, unread, would make the system break off the answer.
            self._incoming.read()
        return bool(self._is_plain)


class _Handshake(ssl.SSLObject):
    plain: _PlainAnswer

    def do_handshake(self) -> None:
        if self.plain.given():
            # The answer goes out, and the client closes; if not, the handshake's time runs out.
            raise ssl.SSLWantReadError
        super().do_handshake()


TlsContext.sslobject_class = _Handshake


def plain_answer(status: HTTPStatus, text: str) -> bytes:
    """Return an answer in plain HTTP, the last one of its connection."""
    content = text.encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: text/plain\r\n"
        f"Content-Length: {len(content)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + content
