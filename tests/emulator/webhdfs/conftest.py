from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from airflow_provider_adls.emulator.clock import Clock
from airflow_provider_adls.emulator.principal import Principal
from airflow_provider_adls.emulator.rules.refusals import Invalid
from airflow_provider_adls.emulator.store import Store, open_store
from airflow_provider_adls.emulator.webhdfs import Lake, decoded_path
from airflow_provider_adls.emulator.webhdfs.answers import Answers
from tests.emulator.listening import listening


@dataclass
class Service:
    """One account's file system on a port of its own, and a session to it.

    :param principal: the caller of every request.
    """

    url: str
    session: aiohttp.ClientSession
    clock: Clock
    lake: Lake
    principal: Principal = field(default_factory=lambda: Principal("me"))

    def ask(self, method: str, target: str, **options: Any) -> Any:
        """Send a request, its path and query as they are, without following redirects."""
        url = URL(f"{self.url}{target}", encoded=True)
        if isinstance(options.get("data"), bytes):
            # aiohttp warns of megabytes in one piece, which is what is wanted here.
            options["data"] = io.BytesIO(options["data"])
        return self.session.request(method, url, allow_redirects=False, **options)

    async def put(self, path: str, data: bytes = b"", **parameters: object) -> int:
        """Create a file, and return the status."""
        query = "".join(f"&{name}={value}" for name, value in parameters.items())
        async with self.ask("PUT", f"/webhdfs/v1{path}?op=CREATE&write=true{query}", data=data) as answer:
            return int(answer.status)

    async def get(self, path: str, **parameters: object) -> bytes:
        """Content of a file."""
        query = "".join(f"&{name}={value}" for name, value in parameters.items())
        async with self.ask("GET", f"/webhdfs/v1{path}?op=OPEN&read=true{query}") as answer:
            assert answer.status == 200
            return bytes(await answer.read())

    async def json(self, method: str, target: str, **options: Any) -> Any:
        """The JSON of an answer."""
        async with self.ask(method, target, **options) as answer:
            return await answer.json()

    async def refusal(self, method: str, target: str, **options: Any) -> tuple[int, str, str]:
        """Status, exception and code of an answer that is a refusal."""
        async with self.ask(method, target, **options) as answer:
            body = await answer.json()
            return answer.status, body["RemoteException"]["exception"], answer.headers["Status"]

    async def names(self, path: str = "/") -> list[str]:
        """Names in a directory."""
        body = await self.json("GET", f"/webhdfs/v1{path}?op=LISTSTATUS")
        return [status["pathSuffix"] for status in body["FileStatuses"]["FileStatus"]]


@asynccontextmanager
async def serving(store: Store) -> AsyncIterator[Service]:
    """A store served on a port of its own, with the account `lake` made if need be."""
    clock = Clock()
    lake = Lake(store, clock)
    if not lake.has_account("lake"):
        lake.create_account("lake", "me")

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            path = decoded_path(request)
        except Invalid as refusal:
            return Answers(clock, extended=False).refusal(refusal, "")
        return await lake.handle(request, "lake", path, service.principal)

    async with listening(handle) as address, aiohttp.ClientSession() as session:
        service = Service(address, session, clock, lake)
        yield service


@pytest.fixture
def running() -> Callable[[Store], AbstractAsyncContextManager[Service]]:
    """Serves a store."""
    return serving


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    """A service in memory."""
    store = open_store(None)
    async with serving(store) as service:
        yield service
    store.close()
