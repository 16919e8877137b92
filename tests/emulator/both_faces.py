"""Both faces of a Gen2 account on a port of their own, where everybody is the holder of the account's key."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from airflow_provider_adls.emulator.clock import Clock
from airflow_provider_adls.emulator.gen2.account import StorageAccount, public_keys
from airflow_provider_adls.emulator.gen2.answers import refusal
from airflow_provider_adls.emulator.gen2.caller import KEY_HOLDER, Caller
from airflow_provider_adls.emulator.gen2.errors import StorageError
from airflow_provider_adls.emulator.gen2.faces import mounted
from airflow_provider_adls.emulator.gen2.mount import asked
from airflow_provider_adls.emulator.store import open_store
from tests.emulator.listening import listening

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.store import Store

VERSION = "2021-12-02"


@dataclass(frozen=True)
class Answer:
    """An answer, its content read."""

    status: int
    headers: Any
    body: bytes
    reason: str

    @property
    def code(self) -> str:
        return self.headers.get("x-ms-error-code", "")

    @property
    def etag(self) -> str:
        return self.headers["ETag"]

    @property
    def xml(self) -> ET.Element:
        return ET.fromstring(self.body.decode("utf-8-sig"))


@dataclass
class Account:
    """The account `lake` with the container `raw`."""

    url: str
    session: aiohttp.ClientSession
    clock: Clock
    about: StorageAccount
    caller: Caller = field(default=KEY_HOLDER)

    async def ask(self, face: str, method: str, target: str, data: bytes = b"", **headers: str) -> Answer:
        """Send a request; headers are named with `_` for `-`, and `x_` stands for `x-ms-`."""
        named = {name.replace("x_", "x-ms-", 1).replace("_", "-"): value for name, value in headers.items()}
        async with self.session.request(
            method,
            URL(f"{self.url}/{face}/lake{target}", encoded=True),
            data=io.BytesIO(data) if data else None,
            headers={"x-ms-version": VERSION, **named},
            skip_auto_headers=("Content-Type",),
        ) as answer:
            return Answer(answer.status, answer.headers, await answer.read(), answer.reason or "")

    async def dfs(self, method: str, target: str, data: bytes = b"", **headers: str) -> Answer:
        return await self.ask("dfs", method, target, data, **headers)

    async def blob(self, method: str, target: str, data: bytes = b"", **headers: str) -> Answer:
        return await self.ask("blob", method, target, data, **headers)

    async def put(self, path: str, data: bytes = b"", **headers: str) -> Answer:
        """Create a file with content in the container `raw`."""
        made = await self.dfs("PUT", f"/raw{path}?resource=file", **headers)
        if not data:
            return made
        return await self.dfs("PATCH", f"/raw{path}?action=append&position=0&flush=true", data)

    def keep(self, days: int | None) -> None:
        """Keep deleted paths for some days from now on."""
        self.about = replace(self.about, retention_days=days)

    @contextmanager
    def keeping(self, days: int) -> Iterator[None]:
        """Let the account keep deleted paths and containers for some days."""
        before, self.about = (
            self.about,
            replace(self.about, retention_days=days, container_retention_days=days),
        )
        yield
        self.about = before


@asynccontextmanager
async def serving(store: Store) -> AsyncIterator[Account]:
    """Both faces over a store."""
    clock = Clock()
    file_systems, faces = mounted(store, clock, lambda _, days: account.keep(days))
    file_systems.create_account("lake")
    file_systems.create_container("lake", "raw", "$superuser", {})

    async def handle(request: web.Request) -> web.StreamResponse:
        face = request.raw_path.split("/")[1]
        try:
            about = asked(request, face, f"/{face}/lake")
            return await faces[face].handle(request, account.about, about, account.caller)
        except StorageError as error:
            return refusal(request, face, error, clock)

    async with listening(handle) as address, aiohttp.ClientSession() as session:
        about = StorageAccount("lake", "", "rg", "eastus2", 0, public_keys("lake"))
        account = Account(address, session, clock, about)
        yield account


@pytest.fixture
async def account() -> AsyncIterator[Account]:
    """An account in memory."""
    store = open_store(None)
    async with serving(store) as account:
        yield account
    store.close()
