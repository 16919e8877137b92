"""`Sender`: sends files and directories to an emulator, as any client does: signed in, over the wire."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any, Self

import aiohttp
from yarl import URL

from airflow_provider_adls.emulator.errors import EmulatorError
from airflow_provider_adls.model.operations import MAX_URL

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping, Sequence

    from airflow_provider_adls.emulator.seeds.items import Item, Put

#: Files that are sent at once.
_IN_FLIGHT = 16


class Sender:
    """A client of an emulator, inside `async with`."""

    def __init__(self, ready: Mapping[str, str], context: ssl.SSLContext) -> None:
        self.ready = ready
        self._context = context
        self._session: aiohttp.ClientSession
        self._bearer: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(ssl=self._context, limit=_IN_FLIGHT)
        self._session = aiohttp.ClientSession(connector=connector, max_field_size=MAX_URL)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def fill(self, put: Put, items: Sequence[Item]) -> None:
        """Put items into a lake; existing files at their paths are overwritten, directories stay.

        :raises EmulatorError: for a refusal of the service, with its words.
        """
        for item in items:
            if item.source is None:
                await put(item)
        waiting = iter([item for item in items if item.source is not None])

        async def worker() -> None:
            for item in waiting:
                await put(item)

        async with asyncio.TaskGroup() as group:
            for _ in range(_IN_FLIGHT):
                group.create_task(worker())

    async def sign_in(self, resource: str) -> None:
        """Take a token for a resource, which all requests carry from now on."""
        form = {
            "grant_type": "client_credentials",
            "client_id": self.ready["client_id"],
            "client_secret": self.ready["client_secret"],
            "resource": resource,
        }
        answer = await self.send("POST", f"/{self.ready['tenant_id']}/oauth2/token", form)
        self._bearer = {"Authorization": f"Bearer {json.loads(answer)['access_token']}"}

    async def send(
        self,
        method: str,
        path: str,
        data: bytes | dict[str, str] = b"",
        headers: Mapping[str, str] | None = None,
        *,
        unless: str = "",
        what: str = "",
    ) -> bytes:
        """Send a request, and return the content of its answer.

        :param path: path and query of the URL, percent-encoded.
        :param unless: code of an error (`x-ms-error-code`) that is as good as success.
        :param what: operation and path, for the message of an error.
        :raises EmulatorError: for a refusal of the service, with its words.
        """
        # Encoded already: no percent sign of a name is decoded.
        url = URL(f"{self.ready['url']}{path}", encoded=True)
        async with self._session.request(
            method, url, data=data, headers={**(headers or {}), **self._bearer}
        ) as answer:
            content = await answer.read()
            if answer.status >= 400 and answer.headers.get("x-ms-error-code") != unless:
                about = f"{what}: " if what else ""
                raise EmulatorError(f"{about}HTTP {answer.status}: {_message(content)}")
            return content


def _message(content: bytes) -> str:
    try:
        found: Any = json.loads(content)
        error = found.get("RemoteException") or found["error"]
        return str(error["message"])
    except (ValueError, LookupError, AttributeError, TypeError):
        return content.decode(errors="replace")[:200]
