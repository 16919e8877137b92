"""`Dispatcher`: the web application, which routes each request to its service by host or path.

By Host header the emulator is the cloud's own hosts. By path it is all services at one URL:
`/adls/{account}/webhdfs/v1/…`, `/dfs/{account}/…`, `/blob/{account}/…`, `/{tenant}/oauth2/token`,
`/subscriptions/…`.
"""

from __future__ import annotations

import asyncio
import functools
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiohttp import HttpVersion11, hdrs, web
from aiohttp.http_exceptions import BadHttpMessage

from airflow_provider_adls.emulator.arm.service import ROOTS
from airflow_provider_adls.emulator.faults.disconnect import hang_up
from airflow_provider_adls.emulator.hosts import Target, face_of, hostname, service_of
from airflow_provider_adls.emulator.identity.authority import Authority
from airflow_provider_adls.model.operations import MAX_BODY

if TYPE_CHECKING:
    from aiohttp.abc import AbstractStreamWriter
    from aiohttp.http_parser import RawRequestMessage
    from aiohttp.streams import StreamReader

    from airflow_provider_adls.emulator.console import Page
    from airflow_provider_adls.emulator.control import Control
    from airflow_provider_adls.emulator.faults.middleware import Middleware, Services
    from airflow_provider_adls.emulator.record import RequestLog

logger = logging.getLogger(__name__)

#: A Host header (RFC 9112, section 3.2): answers' URLs repeat it, so no other text is accepted.
_HOST = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{0,5})?")
_LAKE_PREFIX = re.compile(r"/adls/(?P<account>[A-Za-z0-9]+)(?=/)")
_STORAGE_PREFIX = re.compile(r"/(?P<face>dfs|blob)/(?P<account>[A-Za-z0-9]+)(?=/|$)")
_WAYS_IN = (
    "This is an emulator of Azure Data Lake Storage. Paths that it serves:\n"
    "  /{tenant}/oauth2/token\n"
    "  /subscriptions/{subscription}/...\n"
    "  /adls/{account}/webhdfs/v1/...\n"
    "  /dfs/{account}/{container}/...\n"
    "  /blob/{account}/{container}/...\n"
    "  /emulator/status\n"
)


@functools.lru_cache(maxsize=1024)
def _named(host: str) -> Target | None:
    """Return the service that a Host header names; None for any other host."""
    name = hostname(host)
    found = service_of(name) or face_of(name)
    return None if found is None else Target(found[0], found[1] or "")


def target(host: str, path: str) -> Target | None:
    """Return the service that a request is for; None for an unknown host and path.

    :param path: path of the request line, percent-encoded.
    """
    named = _named(host)
    if named is not None:
        return named
    if match := _LAKE_PREFIX.match(path):
        return Target("lake", match["account"].lower(), match[0])
    if match := _STORAGE_PREFIX.match(path):
        return Target("dfs" if match["face"] == "dfs" else "blob", match["account"].lower(), match[0])
    if Authority.serves(path):
        return Target("login")
    if path.strip("/").partition("/")[0].lower() in ROOTS:
        return Target("arm")
    return None


@dataclass(frozen=True)
class Dispatcher:
    """Routes each request to its service and records it.

    :param page: the page at the root, for browsers.
    :param latency: seconds to wait before each request to a service is looked at.
    """

    services: Services
    control: Control
    page: Page
    faults: Middleware
    log: RequestLog
    latency: float

    def request(
        self,
        message: RawRequestMessage,
        payload: StreamReader,
        protocol: web.RequestHandler,
        writer: AbstractStreamWriter,
        task: asyncio.Task[None],
    ) -> web.Request:
        """Return a request of aiohttp, whose answer is recorded before its first byte is sent."""
        request = _Request(
            message, payload, protocol, writer, task, task.get_loop(), client_max_size=MAX_BODY
        )
        request.log = self.log
        return request

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a request."""
        assert isinstance(request, web.Request)
        try:
            if hdrs.EXPECT in request.headers:
                await _expect(request)
            return await self._handle(request)
        except ConnectionError:
            # The client has hung up, in the middle of its content or of the answer, or will be hung up on.
            self.log.end(0)
            hang_up(request.transport)
            return web.Response()

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        hosts = request.headers.getall(hdrs.HOST, [])
        if len(hosts) != 1 or not _HOST.fullmatch(hosts[0]):
            return web.Response(status=400, text="A request has one Host header, with a host's name.\n")
        path = request.raw_path.partition("?")[0]
        where = target(request.host, path)
        if where is None and self.page.serves(path):
            return self.page.handle(request)
        if where is None and self.control.serves(path):
            return await self.control.handle(request)
        if self.latency:
            await asyncio.sleep(self.latency)
        if where is None:
            return web.Response(status=404, text=_WAYS_IN)
        self.log.begin(where.service, request.method, request.path)
        answer = await self._answer(request, where)
        # An answer that a handler has sent was recorded then.
        self.log.end(answer.status)
        return answer

    async def _answer(self, request: web.Request, where: Target) -> web.StreamResponse:
        try:
            if self.faults.idle:
                return await self._serve(request, where)
            return await self.faults.handle(request, where, self._serve)
        except (BadHttpMessage, web.RequestPayloadError):
            answer = web.Response(status=400, text="The content is not encoded as its headers say.\n")
        except (web.HTTPException, ConnectionError):
            raise
        except Exception:
            logger.exception("%s %r failed", request.method, request.path)
            if request.writer.output_size:
                # Half an answer cannot be taken back: hanging up says that it is one.
                raise ConnectionAbortedError from None
            # Not aiohttp's own answer, which shows where it failed when asyncio's debug mode is on.
            answer = web.Response(status=500, text="The emulator failed, and says why in its log.\n")
        answer.force_close()
        return answer

    async def _serve(self, request: web.Request, where: Target) -> web.StreamResponse:
        match where.service:
            case "login":
                return await self.services.authority.handle(request)
            case "arm":
                return await self.services.resource_manager.handle(request)
            case "lake":
                return await self.services.lake.handle(request, where.account, where.prefix)
            case "dfs" | "blob" as face:
                return await self.services.storage.handle(request, face, where.account, where.prefix)


class _Request(web.Request):
    """A request that is recorded before the first byte of its answer is sent.

    A client with the answer finds the request in the log. aiohttp's application has a signal for this, and
    takes a tenth of an answer's time for its router, which one service for all paths does not need.
    """

    log: RequestLog

    async def _prepare_hook(self, response: web.StreamResponse) -> None:
        self.log.end(response.status)


async def _expect(request: web.Request) -> None:
    """Let a client send the content that it holds back.

    :raises HTTPExpectationFailed: if it expects something else.
    """
    if request.version != HttpVersion11:
        return
    if request.headers[hdrs.EXPECT].lower() != "100-continue":
        raise web.HTTPExpectationFailed(text="Unknown Expect.\n")
    await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    # It is not a part of the answer.
    request.writer.output_size = 0
