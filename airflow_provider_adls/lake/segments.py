"""A file whose length is known, put into the lake: whole or not at all, and a big one part by part.

What fits into one request is created by one. More is written under a hidden name, which is renamed when it is
whole. Parts of a bigger file are written at the same time, each to a hidden file of its own, and put
together by the service. On the accounts that Microsoft had not moved to its newer storage, such a file cannot
be appended to (the .NET SDK's tests); nor can what the SDKs' own uploaders write.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from airflow_provider_adls.lake.blocks import at_once, blocks, segments, slot
from airflow_provider_adls.lake.hidden import sweep, unfinished_name
from airflow_provider_adls.lake.uploads import (
    create_whole,
    put_in_place,
    refuse_directory,
    remove_hidden,
    settled,
)
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import ServiceFailureError
from airflow_provider_adls.model.operations import MAX_BODY

if TYPE_CHECKING:
    from airflow_provider_adls.client.interface import DataLakeClient
    from airflow_provider_adls.lake.sources import Source
    from airflow_provider_adls.model.status import FileStatus


async def upload(
    client: DataLakeClient,
    path: str,
    source: Source,
    *,
    exclusive: bool = False,
    moved: Callable[[int], object] = lambda _: None,
) -> int:
    """Put a file to its place; what was there stays until the new one is whole.

    :param exclusive: whether nothing may be there yet.
    :param moved: told of bytes that have arrived.
    :returns: its length.
    :raises PathExistsError: if it was to be the first there and is not.
    :raises IsADirectoryError: if a directory is there.
    :raises SourceChangedError: if the file became another meanwhile.
    """
    if source.size <= MAX_BODY:
        async with slot(source.size):
            content = await source.whole()
            await create_whole(client, path, content, exclusive=exclusive, shared=True)
        moved(len(content))
        return len(content)
    await refuse_directory(client, path)
    await _Parts(client, path, source, moved).upload(exclusive=exclusive)
    return source.size


class _Parts:
    """A big file on its way."""

    def __init__(
        self, client: DataLakeClient, path: str, source: Source, moved: Callable[[int], object]
    ) -> None:
        self._client = client
        self._path = path
        self._source = source
        self._moved = moved
        self._hidden: list[str] = []

    async def upload(self, *, exclusive: bool) -> None:
        await sweep(self._client, paths.parent(self._path))
        try:
            whole = await self._assemble()
            await self._source.verify()
            known = await self._counted(whole)
            await put_in_place(self._client, whole, self._path, known, exclusive=exclusive)
        except BaseException:
            # A second cancellation must not leave the hidden files behind.
            await asyncio.shield(self._discard())
            raise

    async def _assemble(self) -> str:
        """Write all parts, and give the name of the hidden file that they make."""
        spans = segments(self._source.size)
        parts = [(self._name(), span) for span in spans]
        await at_once(self._write, parts)
        if len(parts) == 1:
            return parts[0][0]
        whole = self._name()
        await settled(self._client.concatenate(whole, [name for name, _ in parts]))
        return whole

    async def _counted(self, whole: str) -> FileStatus:
        known = await self._client.status(whole)
        if known.length != self._source.size:
            raise ServiceFailureError(
                f"{known.length} bytes arrived of {self._source.size}",
                operation="APPEND",
                path=whole,
                account=self._client.account,
            )
        return known

    def _name(self) -> str:
        self._hidden.append(paths.join(paths.parent(self._path), unfinished_name()))
        return self._hidden[-1]

    async def _write(self, part: tuple[str, tuple[int, int]]) -> None:
        name, (start, end) = part
        for offset, length in blocks(start, end):
            async with slot():
                block = b"".join(await self._source.read(offset, length))
                # The service may show the length of what is not closed late.
                last = offset + length == end
                if offset == start:
                    await settled(self._client.create(name, block, close=last))
                else:
                    await settled(self._client.append(name, block, offset=offset - start, close=last))
            self._moved(length)

    async def _discard(self) -> None:
        await at_once(lambda name: remove_hidden(self._client, name), self._hidden)
