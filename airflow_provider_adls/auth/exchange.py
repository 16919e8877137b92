"""`WholeAnswers`: exchanges of `requests` with one server, whose answers are bounded in size and time.

Sign-ins, and requests to the Resource Manager, carry a secret or a token. They go to no server but the one
that the connection names, whatever that one says.
"""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Collection
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import requests
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from airflow_provider_adls.auth.adapter import BoundAdapter
from airflow_provider_adls.model.clouds import origin

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

#: Bytes of an answer that are read: tokens have some KiB, a page of accounts some MiB.
MAX_ANSWER = 16 * 1024 * 1024
_PIECE = 64 * 1024
#: Most seconds from the end of a request to the end of its answer, as a multiple of those without a byte.
_TOTAL = 2.0
_SILENCE = 100.0
#: Headers that speak of content as it was sent; what is given on is decoded and whole.
_FRAMING = frozenset({"content-encoding", "content-length", "transfer-encoding"})


class AnswerTooLongError(requests.RequestException):
    """An answer is longer than any that the service gives."""


class OtherOriginError(requests.RequestException):
    """A server redirects, or names a link, to a server that must not see the secret or token.

    :param asked: origin of the server that was asked.
    :param named: origin that it names.
    """

    def __init__(self, asked: str, named: str, what: str, **options: Any) -> None:
        super().__init__(f"{asked} {what} {named}, where no secret and no token is sent", **options)
        self.asked = asked
        self.named = named


class WholeAnswers(BoundAdapter):
    """Sends requests to one service, and reads their answers whole.

    :param origins: URLs of the servers that requests may go to, and that redirects are followed between;
        empty for any server and no redirect at all, as sign-ins have it.
    :param options: those of `BoundAdapter`.
    """

    def __init__(self, *args: Any, origins: Collection[str] = (), **options: Any) -> None:
        self._origins = [origin(url) for url in origins]
        super().__init__(*args, **options)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Make the pools of direct connections."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *args: Any, **options: Any) -> Any:
        """Return the pools of connections through a proxy."""
        manager = super().proxy_manager_for(*args, **options)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request, and read its answer.

        :raises OtherOriginError: if the request is for another server, which is sent nothing then, or if its
            answer redirects to one.
        :raises AnswerTooLongError: for an answer of more than `MAX_ANSWER` bytes.
        """
        url = str(request.url)
        asked = origin(url)
        if self._origins and asked not in self._origins:
            raise OtherOriginError(self._origins[0], asked, "names a link to", request=request)
        response = super().send(request, *args, **kwargs)
        if response.is_redirect:
            named = origin(urljoin(url, response.headers["location"]))
            if named not in self._origins:
                response.close()
                raise OtherOriginError(asked, named, "redirects to", request=request, response=response)
        if getattr(response.raw, "was_cut", False):
            response.close()
            raise AnswerTooLongError(
                f"the answer of {asked} has more than {MAX_ANSWER} bytes", request=request, response=response
            )
        return response


class _Whole(urllib3.HTTPResponse):
    """An answer whose content has arrived.

    :param was_cut: whether there was more of it.
    """

    def __init__(self, answer: urllib3.BaseHTTPResponse, content: bytes, *, was_cut: bool) -> None:
        headers = {name: value for name, value in answer.headers.items() if name.lower() not in _FRAMING}
        super().__init__(
            io.BytesIO(content),
            headers,
            answer.status,
            answer.version,
            getattr(answer, "version_string", "HTTP/?"),
            answer.reason,
            preload_content=False,
            decode_content=False,
        )
        self.was_cut = was_cut

    def stream(self, *args: Any, **kwargs: Any) -> Generator[bytes, None, None]:
        """Yield the content, and give the connection back."""
        yield from super().stream(*args, **kwargs)
        self.release_conn()

    def drain_conn(self) -> None:
        """Give the connection back."""
        self.release_conn()


class _Exchange:
    """A connection that reads answers whole; mixed into those of urllib3."""

    sock: Any
    timeout: Any
    close: Callable[[], None]

    def getresponse(self) -> _Whole:
        """Read the answer to the request that was sent."""
        seconds = _TOTAL * (self.timeout if isinstance(self.timeout, (int, float)) else _SILENCE)
        expired = threading.Event()
        sock = self.sock

        def hang_up() -> None:
            expired.set()
            # That of the socket itself: another thread is inside the one of TLS.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

        timer = threading.Timer(seconds, hang_up)
        timer.daemon = True
        timer.start()
        try:
            whole = self._read_whole()
        # Whatever a connection raises that another thread shuts.
        except Exception as error:
            self.close()
            if expired.is_set():
                raise ConnectionAbortedError(f"the answer did not end in {seconds:.0f} s") from None
            if isinstance(error, urllib3.exceptions.HTTPError):
                raise ConnectionAbortedError(f"the answer broke off: {error}") from None
            raise
        finally:
            timer.cancel()
        if expired.is_set():
            # Headers that break off are taken for whole.
            self.close()
            raise ConnectionAbortedError(f"the answer did not end in {seconds:.0f} s")
        return whole

    def _read_whole(self) -> _Whole:
        answer: urllib3.HTTPResponse = super().getresponse()  # type: ignore[misc] # of the class that this is mixed into
        content = bytearray()
        try:
            while len(content) <= MAX_ANSWER and (piece := answer.read(_PIECE, decode_content=True)):
                content += piece
        finally:
            was_cut = len(content) > MAX_ANSWER
            if was_cut:
                self.close()
            answer.close()
        return _Whole(answer, bytes(content[:MAX_ANSWER]), was_cut=was_cut)


class _PlainConnection(_Exchange, HTTPConnection):  # type: ignore[misc] # `getresponse` gives a kind of what theirs gives
    pass


class _TlsConnection(_Exchange, HTTPSConnection):  # type: ignore[misc] # as above
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


_POOLS = {"http": _PlainPool, "https": _TlsPool}


def origin_error(error: BaseException | None) -> OtherOriginError | None:
    """Return the `OtherOriginError` that led to an error of an SDK; None if none did."""
    while error is not None and not isinstance(error, OtherOriginError):
        error = getattr(error, "inner_exception", None) or error.__cause__ or error.__context__
    return error


def bounded_session(**options: Any) -> requests.Session:
    """Return a session all of whose requests go by `WholeAnswers`.

    :param options: those of `WholeAnswers`.
    """
    session = requests.Session()
    for scheme in ("https://", "http://"):
        session.mount(scheme, WholeAnswers(**options))
    return session
