"""`Staged`: a file that is written under hidden names beside its path, and gets its name when it is whole."""

from __future__ import annotations

import asyncio
import logging
import math
import time
from typing import TYPE_CHECKING

from airflow_provider_adls.client.results import Part
from airflow_provider_adls.lake.hidden import Work, hidden_files, part_bytes, sweep_and_list, unfinished_name
from airflow_provider_adls.lake.observers import report
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import PathNotFoundError

if TYPE_CHECKING:
    from airflow_provider_adls.client.interface import DataLakeClient
    from airflow_provider_adls.model.status import FileStatus

logger = logging.getLogger(__name__)
#: Seconds for which it is taken as known that no directory exists where a file is to go.
_A_MOMENT = 1.0


class Staged:
    """A hidden file beside a path.

    :param path: final path of the file. It is looked at while the first blocks are on their way, and again
        when the file is whole, by the listing that shows the file's length and what dead writers left.
    :param work: copy that it is part of, by which a later try recognises its parts; None for content without
        a source.
    """

    def __init__(self, client: DataLakeClient, path: str, work: Work | None = None) -> None:
        self._client = client
        self._path = path
        self._work = work
        self._has_listed = False
        self.staging = client.staging(paths.parent(path), unfinished_name, work and work.part_name)
        self.looking = asyncio.create_task(self._look())

        #: When it was last known that no directory exists at the path.
        self._looked = -math.inf

    async def _look(self) -> None:
        await refuse_directory(self._client, self._path)

    async def resume(self) -> int:
        """Go on with the parts that a killed try of the same work left.

        :returns: bytes that need not be written again.
        """
        assert self._work is not None
        try:
            hidden = await hidden_files(self._client, paths.parent(self._path))
        except PathNotFoundError:
            return 0
        left = self._work.abandoned(hidden)
        adopted = await self.staging.adopt([Part(*part_bytes(entry.name), entry) for entry in left])
        if adopted:
            logger.info("%s: %d bytes that a killed try left are used", self._path, adopted)
        return adopted

    async def _look_again(self, hidden: str) -> FileStatus:
        """Return the status of the whole hidden file.

        :raises IsADirectoryError: if a directory has come to exist at the path.
        """
        self._has_listed = True
        page = await sweep_and_list(self._client, paths.parent(self._path), self._work)
        if page is None:
            return await self._client.status(hidden)
        entries = {entry.name: entry for entry in page.entries}
        there = entries.get(name := paths.name(self._path))
        if there is not None and there.is_directory:
            raise IsADirectoryError(f"{self._path} is a directory")
        if there is not None or (not page.continuation and name > "."):
            self._looked = time.monotonic()
        return entries.get(paths.name(hidden)) or await self._client.status(hidden)

    async def whole(self, length: int) -> None:
        """Make the file of what was written.

        :raises IsADirectoryError: if a directory exists at the path.
        """
        await self.looking
        await self.staging.whole(length, self._look_again)
        if self._work and not self._has_listed:
            await self._look_again(self.staging.path)

    async def place(self, *, exclusive: bool) -> None:
        """Give the whole file its name."""
        if time.monotonic() - self._looked > _A_MOMENT:
            # A rename to a directory would put the file into it, under its hidden name.
            await refuse_directory(self._client, self._path)
        await self.staging.place(self._path, exclusive=exclusive)
        report("written", self._client.lake, self._path)

    async def discard(self) -> None:
        """Remove what was written."""
        self.looking.cancel()
        await asyncio.gather(self.looking, return_exceptions=True)
        await self.staging.discard()


async def refuse_directory(client: DataLakeClient, path: str) -> None:
    """Raise if a directory exists where a file is to be.

    :raises IsADirectoryError: if so.
    """
    try:
        status = await client.status(path)
    except PathNotFoundError:
        return
    if status.is_directory:
        raise IsADirectoryError(f"{path} is a directory")
