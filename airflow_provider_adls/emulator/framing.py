"""`tolerant`: accepts requests with both `Content-Length` and `Transfer-Encoding: chunked`.

The Node SDK sends both with CREATE, APPEND and CONCURRENTAPPEND, and the service took them. aiohttp's
parser refuses them, so the length is taken out before the parser sees it: chunks count (RFC 9112, 6.3).
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aiohttp import web

_METHODS = (b"PUT ", b"POST ")
_LENGTH = re.compile(rb"\r\ncontent-length:[^\r]*", re.IGNORECASE)


def tolerant(server: web.Server) -> Callable[[], web.RequestHandler]:
    """Return a factory of protocols, as the server is one, that accept such requests too."""

    def accept() -> web.RequestHandler:
        handler: web.RequestHandler = server()
        # aiohttp has no public access to its parser, whose name has changed; without it most requests work.
        for name in ("_parser", "_request_parser"):
            with contextlib.suppress(AttributeError):
                setattr(handler, name, _Parser(getattr(handler, name)))
        return handler

    return accept


class _Parser:
    """Passes all on to aiohttp's parser, without the length of a request in chunks."""

    def __init__(self, parser: Any) -> None:
        self._parser = parser
        self._content: Any = None

    def feed_data(self, data: bytes) -> Any:
        # Data in the middle of a request's content is content, whatever it looks like.
        if data.startswith(_METHODS) and (self._content is None or self._content.is_eof()):
            data = without_length(data)
        parsed = self._parser.feed_data(data)
        if parsed[0]:
            self._content = parsed[0][-1][1]
        return parsed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._parser, name)


def without_length(data: bytes) -> bytes:
    """Remove the length from the head of a request that comes in chunks."""
    end = data.find(b"\r\n\r\n")
    if end < 0 or b"\r\ntransfer-encoding:" not in data[:end].lower():
        return data
    return _LENGTH.sub(b"", data[:end]) + data[end:]
