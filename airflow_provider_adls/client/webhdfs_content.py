"""`WebHdfsContent`: content of files of the Gen1 service, read, made, appended to and put together."""

from __future__ import annotations

import json
from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING

from airflow_provider_adls.client import settle
from airflow_provider_adls.client.base import ServiceClient, check_sources
from airflow_provider_adls.client.dialect import Request, flag

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from airflow_provider_adls.client.interface import Take
    from airflow_provider_adls.client.pieces import Content

#: By whether a request is the last one that writes to the file.
_SYNC_FLAGS = {True: "CLOSE", False: "DATA"}


class WebHdfsContent(ServiceClient):
    """Documented at `DataLakeClient`."""

    async def read_pieces(
        self,
        path: str,
        *,
        offset: int = 0,
        length: int | None = None,
        etag: str | None = None,  # noqa: ARG002 - the service has none
    ) -> list[bytes]:
        """Return the bytes of a file in pieces."""
        pieces: list[bytes] = []
        received = 0
        while True:
            rest = None if length is None else length - received
            arrived = (await self._transport.send(_opening(path, offset + received, rest))).pieces
            pieces.extend(arrived)
            received += sum(map(len, arrived))
            # The service may answer with less than was asked for (SDKs read on); nothing more is the end.
            if length is None or not arrived or received >= length:
                return pieces

    async def read_into(
        self,
        take: Take,
        path: str,
        *,
        offset: int,
        length: int,
        etag: str | None = None,  # noqa: ARG002 - the service has none
    ) -> int:
        """Hand over bytes of a file as they arrive."""
        received = 0
        while received < length:
            at = offset + received
            arrived = await self._transport.receive(_opening(path, at, length - received), take, at)
            if not arrived:
                break
            received += arrived
        return received

    async def stream(
        self,
        path: str,
        *,
        offset: int = 0,
        length: int | None = None,
        etag: str | None = None,  # noqa: ARG002 - the service has none
    ) -> AsyncIterator[bytes]:
        """Yield the bytes of a file as they arrive."""
        received = 0
        while True:
            rest = None if length is None else length - received
            before = received
            async with aclosing(self._transport.stream(_opening(path, offset + received, rest))) as chunks:
                async for chunk in chunks:
                    received += len(chunk)
                    yield chunk
            # As in `read_pieces`.
            if length is None or received == before or received >= length:
                return

    async def create(
        self,
        path: str,
        content: Content = b"",
        *,
        overwrite: bool = True,
        permission: str | None = None,
        close: bool = True,
    ) -> None:
        """Make a file."""
        self._check_size(content)
        parameters = {"write": "true", "overwrite": flag(overwrite), "syncFlag": _SYNC_FLAGS[close]}
        if permission is not None:
            parameters["permission"] = permission
        await self._send_creation(Request("CREATE", path, parameters, content))

    async def append(self, path: str, content: Content, *, offset: int, close: bool = True) -> None:
        """Add to the end of a file."""
        self._check_size(content)
        parameters = {"append": "true", "offset": str(offset), "syncFlag": _SYNC_FLAGS[close]}
        request = Request("APPEND", path, parameters, content)
        await self._transport.send(
            request, lambda _: settle.appended(self, path, offset + len(content), close=close)
        )

    async def concatenate(
        self,
        path: str,
        sources: Sequence[str],
        *,
        delete_source_directory: bool = False,
        is_new: bool = False,
    ) -> None:
        """Put files together into one, and remove them.

        Sends MSCONCAT; its predecessor CONCAT does the same with its sources in the query.

        :param is_new: whether nobody but the caller knows the destination, and it does not exist.
        :raises ValueError: for no sources, one that stands twice, or the destination among them.
        """
        check_sources(path, sources)
        before = None if is_new else await settle.status_or_none(self, path)
        request = Request(
            "MSCONCAT",
            path,
            {"deleteSourceDirectory": flag(delete_source_directory)},
            json.dumps({"sources": list(sources)}).encode(),
            {"Content-Type": "application/json"},
        )
        await self._transport.send(request, partial(settle.concatenated, self, path, sources, before))

    async def finish_concatenation(self, path: str, sources: Sequence[str]) -> bool:  # noqa: ARG002 - MSCONCAT is one request
        """Return that none was broken off: it is one request."""
        return False


def _opening(path: str, offset: int, length: int | None) -> Request:
    parameters = {"read": "true", "offset": str(offset)}
    if length is not None:
        parameters["length"] = str(length)
    return Request("OPEN", path, parameters, reads=True, length=length)
