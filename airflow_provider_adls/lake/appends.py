"""Appends: at an offset, at the end, and one that is done once, however often it is tried.

Nothing at a file's end shows who wrote it. So a note says before the append where it will begin: what a retry
finds there is the append's own, or shows that it was not done.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from airflow_provider_adls.lake.blocks import BLOCK
from airflow_provider_adls.lake.notes import Note
from airflow_provider_adls.lake.observers import report
from airflow_provider_adls.lake.uploads import Blocks, create_whole, save
from airflow_provider_adls.model.errors import (
    BadOffsetError,
    PathExistsError,
    PathNotFoundError,
    RequestError,
)

if TYPE_CHECKING:
    from airflow_provider_adls.client.interface import DataLakeClient
    from airflow_provider_adls.lake.places import Place

#: Times that another writer may be faster.
_ATTEMPTS = 20


class Addition:
    """Bytes added to the end of a file, which is made if it is not there.

    Up to 4 MiB are added at once; more becomes visible block by block.

    :param hold: whether nothing is sent before the commit.
    """

    def __init__(self, client: DataLakeClient, path: str, *, hold: bool = False) -> None:
        self._client = client
        self._path = path
        self._hold = hold
        self._blocks = Blocks()
        self._offset: int | None = None
        self._start = 0

    async def write(self, data: bytes) -> None:
        """Add bytes."""
        self._blocks.add(data)
        if not self._hold:
            await self._send_full()

    async def commit(self) -> None:
        """Send what is left."""
        await self._send_full()
        await self._send(self._blocks.rest())
        report("written", self._client.lake, self._path)

    async def discard(self) -> None:
        """Drop what was not sent yet."""
        self._blocks = Blocks()

    async def _send_full(self) -> None:
        while (block := self._blocks.full()) is not None:
            await self._send(block)

    async def _send(self, block: bytes) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            if self._offset is None:
                self._offset = self._start = await self._end()
            if not block:
                return
            try:
                await self._client.append(self._path, block, offset=self._offset)
            except BadOffsetError as error:
                # Another writer was faster.
                if self._offset == self._start and attempt < _ATTEMPTS:
                    self._offset = None
                    continue
                error.advise(
                    f"others append to the file at the same time, and {self._offset - self._start} bytes of"
                    " this append are in it: let one writer append, or each write a file of its own"
                )
                raise
            self._offset += len(block)
            return

    async def _end(self) -> int:
        try:
            return await self._length()
        except PathNotFoundError:
            pass
        try:
            await self._client.create(self._path, overwrite=False)
        except RequestError as error:
            # Another writer was faster, or the answer was lost.
            try:
                return await self._length()
            except PathNotFoundError:
                raise error from None
        return 0

    async def _length(self) -> int:
        status = await self._client.status(self._path)
        if status.is_directory:
            raise IsADirectoryError(f"{self._path} is a directory")
        return status.length


async def append(client: DataLakeClient, path: str, data: bytes, offset: int | None = None) -> None:
    """Add to the end of a file.

    :param offset: length that the file must have, and so its only writer's proof that nobody else wrote;
        None for whatever it has, and for a file that is yet to be made.
    :raises BadOffsetError: if the file has another length; nothing is written then.
    """
    if offset is None:
        await save(Addition(client, path), data)
        return
    # An empty append is sent too: it checks the length.
    for start in range(0, len(data) or 1, BLOCK):
        await client.append(path, data[start : start + BLOCK], offset=offset + start)


async def append_once(place: Place, content: bytes, name: str) -> bool:
    """Add to the end of a file, which is made if it is missing, unless the append of this name was done.

    :param name: names the append; a second one of the same name must have the same content.
    :returns: whether it was done now.
    :raises BadOffsetError: if other writers are always faster.
    """
    client, path, note = place.client, place.path, Note(place, name)
    with suppress(PathExistsError):
        await create_whole(client, path, b"", exclusive=True, shared=True)
    noted = (await note.read() or b"").decode()
    start, written = (int(noted), 0) if noted.isdigit() else (None, 0)
    if start is not None:
        found = await client.read(path, offset=start, length=len(content)) if content else b""
        # Another writer was there before this append, or it was broken off in the middle.
        start, written = (start, len(found)) if content.startswith(found) else (None, 0)
    done = start is not None and written == len(content)
    for attempt in range(1, _ATTEMPTS + 1):
        if done:
            break
        if start is None:
            start, written = (await client.status(path)).length, 0
            await note.write(str(start).encode())
        try:
            await append(client, path, content[written:], start + written)
            break
        except BadOffsetError:
            if attempt == _ATTEMPTS:
                raise
            start = None
    await note.remove()
    return not done
