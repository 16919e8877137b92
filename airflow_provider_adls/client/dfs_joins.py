"""`DfsJoins`: files of a Gen2 container put together into one, by way of this machine.

The service has no request for it. The new file carries a mark of its sources, in its metadata: by it a call
after one that was broken off finds that only the removal of the sources is left to do.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import uuid
from typing import TYPE_CHECKING

from airflow_provider_adls.client import settle
from airflow_provider_adls.client.base import check_sources
from airflow_provider_adls.client.dfs_content import DfsContent
from airflow_provider_adls.client.dialect import Request
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import PathNotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from airflow_provider_adls.client.transport import Answer
    from airflow_provider_adls.model.status import FileStatus

_MARK = "joined"
#: Sources that a mark names one by one; the metadata of a file has 8 KiB at most.
_MARKED = 200
#: Sources that are read at once.
_LANES = 8


class DfsJoins(DfsContent):
    """Documented at `DataLakeClient`."""

    async def concatenate(
        self, path: str, sources: Sequence[str], *, delete_source_directory: bool = False
    ) -> None:
        """Put files together into one, and remove them.

        The destination is replaced when all is written, and keeps its rights; the sources are removed after
        that. A call after one that was broken off goes on with it.

        :raises ValueError: for no sources, one that stands twice, or the destination among them.
        """
        check_sources(path, sources)
        if not await self.finish_concatenation(path, sources):
            await self._put_together(path, sources)
        if delete_source_directory:
            await self.delete(paths.parent(sources[0]), recursive=True)
        else:
            await self._remove(sources)

    async def finish_concatenation(self, path: str, sources: Sequence[str]) -> bool:
        """Remove the sources of a concatenation that was broken off after its file was whole."""
        try:
            mark = await self._read(Request("GetPathProperties", path), _read_mark)
        except PathNotFoundError:
            return False
        if not mark:
            return False
        known = {source: await settle.status_or_none(self, source) for source in sources}
        if not _is_marked(mark, known):
            return False
        await self._remove([source for source, status in known.items() if status])
        return True

    async def _put_together(self, path: str, sources: Sequence[str]) -> None:
        before = await settle.status_or_none(self, path)
        known: dict[str, FileStatus] = {}
        for source in sources:
            known[source] = await self.status(source)
            if known[source].is_directory:
                raise self._error(Request("ReadFile", source), PathNotFoundError, "it is a directory")
        parts = ({path: before} if before else {}) | known
        staging = self.staging(paths.parent(path), lambda: f".{uuid.uuid4().hex}.part")
        turns = asyncio.Semaphore(_LANES)
        start = 0

        async def copy(source: str, start: int, status: FileStatus) -> None:
            async with turns:
                await self._copy(source, staging, start, status)

        try:
            async with asyncio.TaskGroup() as group:
                for source, status in parts.items():
                    group.create_task(copy(source, start, status))
                    start += status.length
            await staging.whole(start)
            await self._set_mark(staging.path, known)
            if before:
                await self.set_acl(staging.path, await self._entries(path))
            await self._rename(staging.path, path, overwrite=before is not None, replaced=before)
        except BaseExceptionGroup as failures:
            await asyncio.shield(staging.discard())
            raise failures.exceptions[0] from None
        except BaseException:
            await asyncio.shield(staging.discard())
            raise

    async def _set_mark(self, path: str, known: dict[str, FileStatus]) -> None:
        text = base64.b64encode(_mark_of(known).encode()).decode()
        headers = {"x-ms-properties": f"{_MARK}={text}"}
        await self._transport.send(Request("SetPathProperties", path, headers=headers))

    async def _remove(self, sources: Sequence[str]) -> None:
        for source in sources:
            await self.delete(source)


def _mark_of(known: dict[str, FileStatus]) -> str:
    """Return the mark of sources: of each its path and version, or of many one digest."""
    marks = ",".join(f"{_digest(source)}-{status.etag}" for source, status in known.items())
    return marks if len(known) <= _MARKED else _digest(marks)


def _is_marked(mark: str, known: dict[str, FileStatus | None]) -> bool:
    """Return whether a mark is that of sources, some of which were removed since."""
    here = {source: status for source, status in known.items() if status}
    if not here:
        # It came to its end.
        return False
    if len(here) == len(known):
        return mark == _mark_of(here)
    marked = dict(one.partition("-")[::2] for one in mark.split(",") if "-" in one)
    return len(marked) == len(known) and all(
        marked.get(_digest(source)) in ({status.etag} if status else set(marked.values()))
        for source, status in known.items()
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _read_mark(answer: Answer) -> str:
    for part in answer.headers.get("x-ms-properties", "").split(","):
        name, _, value = part.strip().partition("=")
        if name == _MARK:
            return base64.b64decode(value).decode()
    return ""
