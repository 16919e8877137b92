"""A machine between client and emulator that answers wrongly, late, in part or not at all."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Self

import aiohttp
from aiohttp import web
from yarl import URL

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Fault:
    """What happens to one request.

    :param operation: which request it waits for.
    :param path: end of the path that the request must have.
    :param forward: whether the emulator gets the request.
    :param status: status of an answer in place of the emulator's; None breaks the connection off.
    :param cut: bytes of the emulator's content after which the connection breaks off.
    """

    operation: str
    forward: bool = False
    path: str = ""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: int | None = None

    def fits(self, operation: str, path: str) -> bool:
        """Whether it is this request that it waits for."""
        return self.operation == operation and path.endswith(self.path)


class Seen(NamedTuple):
    """A request that came by."""

    operation: str
    url: str
    headers: Mapping[str, str]


class FaultyWay:
    """Forwards requests to the emulator, but for those that a fault is planned for."""

    def __init__(self, upstream: str, ca_file: str) -> None:
        self._upstream = upstream
        self._tls = ssl.create_default_context(cafile=ca_file)
        self.faults: list[Fault] = []
        self.seen: list[Seen] = []
        self._news = asyncio.Condition()
        self.url = ""

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=self._tls))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()
        await self._runner.cleanup()

    def plan(self, *faults: Fault) -> None:
        """Let faults happen, each once, in order for each operation."""
        self.faults += faults

    def operations(self) -> list[str]:
        """The operations that came by, in order."""
        return [seen.operation for seen in self.seen]

    async def came_by(self, operation: str) -> None:
        """Wait until a request of this operation has come by."""
        async with self._news:
            await self._news.wait_for(lambda: operation in self.operations())

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        operation = request.query["op"]
        async with self._news:
            self.seen.append(Seen(operation, request.raw_path, request.headers.copy()))
            self._news.notify_all()
        fault = next((fault for fault in self.faults if fault.fits(operation, request.path)), None)
        if fault is None:
            status, headers, body = await self._forward(request)
            return web.Response(status=status, headers=headers, body=body)
        self.faults.remove(fault)
        content = await request.read()
        if fault.forward:
            _, _, body = await self._forward(request, content)
            if fault.cut is not None:
                return await self._cut(request, fault, body)
        if fault.status is None:
            request.transport.abort()
        return web.Response(status=fault.status or 200, headers=fault.headers, body=fault.body)

    async def _forward(
        self, request: web.Request, content: bytes | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        headers = {
            name: value for name, value in request.headers.items() if name not in ("Host", "Content-Length")
        }
        async with self._session.request(
            request.method,
            URL(self._upstream + request.raw_path, encoded=True),
            headers=headers,
            data=_chunks(content if content is not None else await request.read()),
        ) as response:
            kept = {
                name: value
                for name, value in response.headers.items()
                if name not in ("Content-Length", "Transfer-Encoding", "Date")
            }
            return response.status, kept, await response.read()

    async def _cut(self, request: web.Request, fault: Fault, body: bytes) -> web.StreamResponse:
        response = web.StreamResponse()
        response.content_length = len(body)
        await response.prepare(request)
        await response.write(body[: fault.cut])
        request.transport.close()
        return response


async def _chunks(content: bytes):
    for start in range(0, len(content), 2**16):
        yield content[start : start + 2**16]
