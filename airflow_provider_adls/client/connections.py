"""`Connections`: an HTTP session for each event loop, with its TLS, proxy and timeouts."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import ssl
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp

from airflow_provider_adls import __version__
from airflow_provider_adls.client.compat import TrackedConnector, forbid_repeats
from airflow_provider_adls.client.deadlines import DEADLINE, watch
from airflow_provider_adls.client.lanes import lanes_to
from airflow_provider_adls.client.loops import PerLoop
from airflow_provider_adls.model.errors import ConnectionFieldError
from airflow_provider_adls.model.operations import MAX_URL

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from airflow_provider_adls.client.deadlines import Watch
    from airflow_provider_adls.client.lanes import Gate

USER_AGENT = f"airflow-provider-adls/{__version__} aiohttp/{aiohttp.__version__}"


@dataclass(frozen=True)
class Limits:
    """Bounds of a client's connections.

    :param connections: most that are open to the service at once, for each event loop.
    :param connect_seconds: most that one takes to be made.
    :param silence_seconds: most that pass without a byte of an answer.
    """

    connections: int = 128
    connect_seconds: float = 30.0
    silence_seconds: float = 100.0


class _Connector(TrackedConnector):
    """Lets the time for an answer begin when a request has its connection."""

    async def connect(self, *request: Any, **options: Any) -> aiohttp.connector.Connection:
        """Return a connection for a request."""
        connection = await super().connect(*request, **options)
        if deadline := DEADLINE.get():
            deadline.begin()
        return connection


class Open(NamedTuple):
    """A client's session and lanes in one event loop.

    :param held: generator that closes the session at its end.
    """

    session: aiohttp.ClientSession
    held: AsyncGenerator[None, None]
    watch: Watch
    gate: Gate


class Connections:
    """Sessions to one endpoint, one for each event loop that asks, opened when it first does.

    A session is closed by :meth:`close`, when its event loop is shut down (`asyncio.run` does), or when
    this object is dropped, whichever comes first.

    :param endpoint: URL that the requests go to.
    :param ca_file: certificates to trust, PEM; None for `REQUESTS_CA_BUNDLE`, `SSL_CERT_FILE` or the
        system's.
    :param proxy: URL of an HTTP proxy; None for `HTTPS_PROXY` and `NO_PROXY`.
    """

    def __init__(
        self,
        endpoint: str,
        *,
        ca_file: str | None = None,
        proxy: str | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._endpoint = endpoint
        self._ca_file = ca_file
        self._given_proxy = proxy
        self.limits = limits or Limits()
        #: URL of the proxy that requests go through; known when there is a session.
        self.proxy: str | None = None
        #: Lanes to the account.
        self.lanes = lanes_to(endpoint, self.limits.connections)
        self._open: PerLoop[Open] = PerLoop()
        self._tls: ssl.SSLContext | None = None
        # The finalizer holds the sessions from outside: the garbage collector would end a session that
        # is garbage too before anyone could close it.
        weakref.finalize(self, _close_soon, self._open).atexit = False

    async def session(self) -> aiohttp.ClientSession:
        """Return the session of the running event loop.

        :raises ConnectionFieldError: if the CA file cannot be read.
        """
        return (await self.here()).session

    async def here(self) -> Open:
        """Return what the client has in the running event loop.

        :raises ConnectionFieldError: if the CA file cannot be read.
        """
        if (known := self._open.get()) and not known.session.closed:
            return known
        if self._tls is None and self._endpoint.startswith("https:"):
            # Reading the system's certificates takes tens of milliseconds of the event loop's time.
            self._tls = await asyncio.to_thread(tls_context, self._ca_file)
        # Another coroutine may have opened it in the meantime.
        if (known := self._open.get()) and not known.session.closed:
            return known
        self.proxy = self._given_proxy or environment_proxy(self._endpoint)
        connector = self._new_connector()
        session = self._new_session(connector)
        held = _held_open(session, connector)
        await anext(held)
        self._open.set(here := Open(session, held, watch(), self.lanes.gate()))
        return here

    def _new_connector(self) -> _Connector:
        return _Connector(limit=self.limits.connections, ssl=self._tls if self._tls is not None else True)

    def _new_session(self, connector: _Connector) -> aiohttp.ClientSession:
        limits = self.limits
        session = aiohttp.ClientSession(
            connector=connector,
            timeout=aiohttp.ClientTimeout(
                total=None, sock_connect=limits.connect_seconds, sock_read=limits.silence_seconds
            ),
            headers={"User-Agent": USER_AGENT},
            cookie_jar=aiohttp.DummyCookieJar(),
            # Answers are unpacked as far as their bound.
            auto_decompress=False,
            max_field_size=MAX_URL,
            # trust_env would look into ~/.netrc too, and send what it finds there beside the token.
            trust_env=False,
        )
        forbid_repeats(session)
        return session

    async def close(self) -> None:
        """Close the session of the running event loop."""
        known = self._open.pop()
        if known:
            await known.held.aclose()


async def _held_open(session: aiohttp.ClientSession, connector: _Connector) -> AsyncGenerator[None, None]:
    """Hold a session until the generator ends.

    An event loop ends its asynchronous generators when it is shut down, which is the last moment at
    which a session of it can be closed.
    """
    try:
        yield
    finally:
        await session.close()
        # An event loop that ends before they do leaves their sockets to the garbage collector.
        await connector.hang_up()


def _close_soon(sessions: PerLoop[Open]) -> None:
    """Have each event loop close its session; called in any thread."""
    for loop, known in sessions.items():
        # One that is closed has closed its session before.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(_begin_to_close, loop, known)


def _begin_to_close(loop: asyncio.AbstractEventLoop, known: Open) -> None:
    task = loop.create_task(_end(known))
    # An event loop itself refers to its tasks weakly.
    _CLOSING.add(task)
    task.add_done_callback(_CLOSING.discard)


async def _end(known: Open) -> None:
    # An event loop that shuts down at this moment closes it already.
    with contextlib.suppress(RuntimeError):
        await known.held.aclose()


def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """Return the context that checks the service's certificate.

    :param ca_file: PEM file, or a folder of them; None for the environment's or the system's.
    :raises ConnectionFieldError: if it cannot be read.
    """
    # requests, and the SDKs with it, read the first; Python's ssl reads SSL_CERT_FILE without us.
    bundle = ca_file or os.environ.get("REQUESTS_CA_BUNDLE") or None
    defaults = ssl.get_default_verify_paths()
    try:
        version = os.stat(bundle).st_mtime_ns if bundle else 0  # noqa: PTH116 - called in a thread, on text
        return _read_certificates(bundle, version, defaults.cafile, defaults.capath)
    except OSError as error:
        raise ConnectionFieldError(f"CA file {bundle!r} cannot be read: {error}", field="ca_file") from error


@functools.lru_cache(maxsize=8)
def _read_certificates(bundle: str | None, *_version: object) -> ssl.SSLContext:
    """Return the context of a bundle, which clients share while it is the same: reading one takes 20 ms."""
    if bundle and os.path.isdir(bundle):  # noqa: PTH112 - as above
        return ssl.create_default_context(capath=bundle)
    return ssl.create_default_context(cafile=bundle)


def environment_proxy(url: str) -> str | None:
    """Return the proxy's URL that the environment (`HTTPS_PROXY`, `NO_PROXY` …) names for a URL."""
    parts = urlsplit(url)
    proxies = getproxies()
    if proxy_bypass(parts.hostname or ""):
        return None
    return proxies.get(parts.scheme) or proxies.get("all")


_CLOSING: set[asyncio.Task[None]] = set()
