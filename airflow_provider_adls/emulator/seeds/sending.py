"""`Sender`: sends files and directories to an emulator, as any client does: signed in, over the wire."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Protocol, Self

import aiohttp
from yarl import URL

from airflow_provider_adls.emulator.errors import EmulatorError
from airflow_provider_adls.model.operations import MAX_URL

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from airflow_provider_adls.emulator.seeds.items import Item

#: Files that are sent at once.
_IN_FLIGHT = 16


class Lake(Protocol):
    """What takes directories and files."""

    async def put(self, item: Item) -> None:
        """Make a directory, or write a file."""
        ...


class Sender:
    """A client of an emulator, inside `async with`.

    :param ready: content of its ready file.
    :param context: TLS settings that trust it.
    """

    def __init__(self, ready: Mapping[str, str], context: ssl.SSLContext) -> None:
        self.ready = ready
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

    async def fill(self, lake: Lake, items: Sequence[Item]) -> None:
        """Put items into a lake; existing files at their paths are overwritten, directories stay.

        :raises EmulatorError: for a refusal of the service, with its words.
        """
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

    async def token(self, resource: str) -> str:
        """Return an access token for a resource."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.ready["client_id"],
            "client_secret": self.ready["client_secret"],
            "resource": resource,
        }
        path = f"/{self.ready['tenant_id']}/oauth2/token"
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
        allowed: tuple[str, ...] = (),
    ) -> bytes:
        """Send a request, and return the content of its answer.

        :param path: path and query of the URL, percent-encoded.
        :param allowed: codes of errors (`x-ms-error-code`) that are as good as success.
        :raises EmulatorError: for a refusal of the service, with its words.
        """
        bearer = {"Authorization": f"Bearer {token}"} if token else {}
        # Encoded already: no percent sign of a name is decoded.
        url = URL(f"{self.ready['url']}{path}", encoded=True)
        async with self._session.request(
            method, url, data=data, headers={**(headers or {}), **bearer}
        ) as answer:
            content = await answer.read()
            if answer.status >= 400 and answer.headers.get("x-ms-error-code") not in allowed:
                raise EmulatorError(f"HTTP {answer.status}: {_message(content)}")
            return content


def _message(content: bytes) -> str:
    try:
        found: Any = json.loads(content)
        error = found.get("RemoteException") or found["error"]
        return str(error["message"])
    except (ValueError, LookupError, AttributeError, TypeError):
        return content.decode(errors="replace")[:200]
