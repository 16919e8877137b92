"""`add_log`: a local log file, added to the end of its file in a lake.

A log is uploaded in turns: a sensor that reschedules, a task that defers, and its triggers write one file
each, of which every turn uploads what came since the last. So the local file is emptied once it is in the
lake. A note beside it says where in the lake the upload began, until the upload has ended: of a file that a
kill left behind, the next upload leaves out what the lake has already.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, BinaryIO

from airflow_provider_adls.hooks.running import run
from airflow_provider_adls.model.errors import (
    BadOffsetError,
    PathExistsError,
    PathNotFoundError,
    ServiceUnreachableError,
)
from airflow_provider_adls.model.operations import MAX_BODY

if TYPE_CHECKING:
    from pathlib import Path

    from airflow_provider_adls.client.interface import DataLakeClient

#: Seconds until a block must be in the lake. The triggerer does nothing else meanwhile, and counts as dead
#: after 30.
PATIENCE = 20.0
#: Times that another writer of the same file may be faster.
_ATTEMPTS = 20


def add_log(
    client: DataLakeClient, path: str, local: Path, *, remove: bool = False, patience: float = PATIENCE
) -> None:
    """Add the content of a local file to a file in the lake, and empty the local one.

    :param path: in the account; the file is made if it is missing.
    :param remove: whether to remove the local file, unless it has grown meanwhile: then another process has
        it open.
    :param patience: seconds until each block must be in the lake.
    :raises TimeoutError: if the lake takes longer. The local file is as it was.
    """
    with local.open("r+b") as file:
        size = os.fstat(file.fileno()).st_size
        if size:
            run(_Addition(client, path, local, file, patience).send())
        grew = file.tell() != size
        # Nothing empties a file on the condition that nobody writes: what comes between the last read, a
        # moment ago, and this line is lost.
        file.truncate(0)
    _note(local).unlink(missing_ok=True)
    if remove and not grew:
        # The directory stays: another process may be about to make a file in it.
        local.unlink(missing_ok=True)


def _note(local: Path) -> Path:
    # Airflow's page shows every file whose name begins with the log's.
    return local.with_name(f".{local.name}.upload")


class _Addition:
    """The blocks of one file on their way, each of whole lines."""

    def __init__(
        self, client: DataLakeClient, path: str, local: Path, file: BinaryIO, patience: float
    ) -> None:
        self._client = client
        self._path = path
        self._note = _note(local)
        self._file = file
        self._patience = patience
        self._end = 0

    async def send(self) -> None:
        async with asyncio.timeout(self._patience):
            exists = await self._find_end()
            await self._skip_uploaded()
        while block := await asyncio.to_thread(self._block):
            async with asyncio.timeout(self._patience):
                await (self._append(block) if exists else self._create(block))
                exists = True

    async def _create(self, block: bytes) -> None:
        try:
            await self._client.create(self._path, block, overwrite=False)
            self._end = len(block)
        except (PathExistsError, ServiceUnreachableError) as error:
            # Another writer was faster, or the answer was lost: the file's content shows which.
            try:
                await self._append(block)
            except PathNotFoundError:
                raise error from None

    async def _append(self, block: bytes) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                await self._client.append(self._path, block, offset=self._end)
                break
            except BadOffsetError:
                length = (await self._client.status(self._path)).length
                if await self._holds(block, length):
                    break
                if attempt == _ATTEMPTS:
                    raise
                # Another writer was faster: the upload is not in one piece, and cannot go on after a kill.
                self._note.unlink(missing_ok=True)
                self._end = length
        self._end += len(block)

    async def _holds(self, block: bytes, length: int) -> bool:
        """Return whether the lake's file, of a length, has the block where it was to go."""
        if length < self._end + len(block):
            return False
        return await self._client.read(self._path, offset=self._end, length=len(block)) == block

    async def _find_end(self) -> bool:
        """Look how long the lake's file is.

        :returns: whether there is one.
        """
        try:
            status = await self._client.status(self._path)
        except PathNotFoundError:
            self._end = 0
            return False
        if status.is_directory:
            raise IsADirectoryError(f"{self._path} is a directory")
        self._end = status.length
        return True

    async def _skip_uploaded(self) -> None:
        """Pass over what an upload that was killed has brought to the lake, or begin a new one."""
        noted = self._note.read_text() if self._note.exists() else ""
        if noted.isdigit() and int(noted) <= self._end:
            offset = int(noted)
            while offset < self._end:
                there = await self._client.read(self._path, offset=offset, length=MAX_BODY)
                if there != self._file.read(len(there)) or not there:
                    break
                offset += len(there)
            if offset >= self._end:
                self._end = offset
                return
            self._file.seek(0)
        if self._end and await self._client.read(self._path, offset=self._end - 1, length=1) != b"\n":
            # A writer was killed within a line.
            await self._append(b"\n")
        self._note.write_text(str(self._end))

    def _block(self) -> bytes:
        """Read what one request carries: whole lines, so that those of two writers are never mixed."""
        block = self._file.read(MAX_BODY)
        lines = block.rfind(b"\n") + 1
        if len(block) == MAX_BODY and lines:
            self._file.seek(lines - len(block), 1)
            return block[:lines]
        return block
