"""`Sender`: copies files and directories into an account, as any client does: signed in, over the wire."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, urlencode

import aiohttp
from yarl import URL

from airflow_provider_adls.emulator import well_known
from airflow_provider_adls.emulator.errors import EmulatorError
from airflow_provider_adls.model.operations import MAX_BODY, MAX_URL

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from airflow_provider_adls.emulator.seeds.items import Item

_ARM = "https://management.core.windows.net/"
_LAKE = "https://datalake.azure.net/"
#: Files that are sent at once.
_IN_FLIGHT = 16
_POLL = 0.05


class Sender:
    """A client of an emulator, inside `async with`.

    :param ready: content of its ready file.
    :param context: TLS settings that trust it.
    """

    def __init__(self, ready: Mapping[str, str], context: ssl.SSLContext) -> None:
        self._ready = ready
        self._context = context
        self._session: aiohttp.ClientSession

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(ssl=self._context, limit=_IN_FLIGHT)
        self._session = aiohttp.ClientSession(connector=connector, max_field_size=MAX_URL)
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def make_account(self, name: str) -> None:
        """Make an account in resource group `rg`, where `start --account` makes them too."""
        path = (
            f"/subscriptions/{self._ready['subscription_id']}/resourceGroups/{well_known.RESOURCE_GROUP}"
            f"/providers/Microsoft.DataLakeStore/accounts/{name}?api-version=2016-11-01"
        )
        token = await self._token(_ARM)
        body = json.dumps({"location": well_known.LOCATION}).encode()
        account = await self.send("PUT", path, token, data=body, headers={"Content-Type": "application/json"})
        while json.loads(account)["properties"]["provisioningState"] == "Creating":
            await asyncio.sleep(_POLL)
            account = await self.send("GET", path, token)

    async def fill(self, account: str, items: Sequence[Item]) -> None:
        """Put items into an account; existing files at their paths are overwritten, directories stay.

        :raises EmulatorError: for a refusal of the service, with its words.
        """
        lake = _Account(self, account, await self._token(_LAKE))
        for item in items:
            if item.source is None:
                await lake.put(item)
        waiting = iter([item for item in items if item.source is not None])

        async def worker() -> None:
            for item in waiting:
                await lake.put(item)

        async with asyncio.TaskGroup() as group:
            for _ in range(_IN_FLIGHT):
                group.create_task(worker())

    async def _token(self, resource: str) -> str:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._ready["client_id"],
            "client_secret": self._ready["client_secret"],
            "resource": resource,
        }
        path = f"/{self._ready['tenant_id']}/oauth2/token"
        token: str = json.loads(await self.send("POST", path, None, data=form))["access_token"]
        return token

    async def send(
        self,
        method: str,
        path: str,
        token: str | None,
        *,
        data: bytes | dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> bytes:
        """Send a request, and return the content of its answer.

        :param path: path and query of the URL, percent-encoded.
        :raises EmulatorError: for a refusal of the service, with its words.
        """
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        # Encoded already: no percent sign of a name is decoded.
        url = URL(f"{self._ready['url']}{path}", encoded=True)
        async with self._session.request(
            method, url, data=data, headers={**(headers or {}), **bearer}
        ) as answer:
            content = await answer.read()
            if answer.status >= 400:
                raise EmulatorError(f"HTTP {answer.status}: {_message(content)}")
            return content


class _Account:
    """The file system of an account."""

    def __init__(self, sender: Sender, account: str, token: str) -> None:
        self._sender = sender
        self._prefix = f"/adls/{account}"
        self._token = token

    async def put(self, item: Item) -> None:
        """Make a directory, or write a file."""
        if item.source is None:
            await self._do("PUT", item, "MKDIRS")
            return
        parts = _parts(item.source)
        await self._do("PUT", item, "CREATE", next(parts), write="true", overwrite="true")
        for part in parts:
            await self._do("POST", item, "APPEND", part, append="true")

    async def _do(
        self, method: str, item: Item, operation: str, data: bytes | None = None, /, **query: str
    ) -> None:
        parameters = urlencode({"op": operation, **query}, quote_via=quote)
        path = f"{self._prefix}/webhdfs/v1{quote(item.path)}?{parameters}"
        try:
            await self._sender.send(method, path, self._token, data=data)
        except EmulatorError as error:
            raise EmulatorError(f"{operation} {item.path}: {error}") from None


def _parts(source: Path) -> Iterator[bytes]:
    """Read a file in pieces that a request may hold; the first one may be empty."""
    try:
        with source.open("rb") as file:
            yield file.read(MAX_BODY)
            while part := file.read(MAX_BODY):
                yield part
    except OSError as error:
        raise EmulatorError(f"{source} cannot be read: {error.strerror}") from error


def _message(content: bytes) -> str:
    try:
        found: Any = json.loads(content)
        error = found.get("RemoteException") or found["error"]
        return str(error["message"])
    except (ValueError, LookupError, AttributeError, TypeError):
        return content.decode(errors="replace")[:200]
