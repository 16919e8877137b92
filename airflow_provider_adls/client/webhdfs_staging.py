"""`SegmentStaging`: a hidden file of the Gen1 service that is written in parallel, and then put in its place.

A Gen1 file grows at its end only. So each span of a big file is written to a hidden file of its own, and the
service puts them together. On the accounts that Microsoft had not moved to its newer storage, such a file
cannot be appended to (the .NET SDK's tests); nor can what the SDKs' own uploaders write.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol

from airflow_provider_adls.client.hidden import HiddenFile, HidingClient
from airflow_provider_adls.client.staging import settled
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.operations import MAX_BODY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from airflow_provider_adls.client.pieces import Content
    from airflow_provider_adls.client.results import Part
    from airflow_provider_adls.client.staging import Look, PartName

#: A file is not cut into smaller spans. A killed writer loses those that are not whole.
LEAST_SPAN = 2 * MAX_BODY
#: Files that one request puts together.
MOST_SOURCES = 500


class JoiningClient(HidingClient, Protocol):
    """A client that puts files together."""

    async def create(self, path: str, content: Content, *, close: bool) -> None:
        """Make a file."""
        ...

    async def append(self, path: str, content: Content, *, offset: int, close: bool) -> None:
        """Add to the end of a file."""
        ...

    async def concatenate(self, path: str, sources: Sequence[str], *, is_new: bool) -> None:
        """Put files together into one."""
        ...


class SegmentStaging(HiddenFile[JoiningClient]):
    """Writes a hidden file, as :class:`Staging` of the interface says.

    :param name: makes a hidden name that nobody else has.
    """

    def __init__(
        self,
        client: JoiningClient,
        directory: str,
        name: Callable[[], str],
        part: PartName | None = None,
    ) -> None:
        super().__init__(client, directory, part)
        self._name = name
        #: End of each span that is whole, or is being written, by its beginning.
        self._ends: dict[int, int] = {}
        self._hidden: list[str] = []
        #: Hidden file of each span, by the offset that it begins at.
        self._segments: dict[int, str] = {}
        #: Start of each growing span, by the offset that it has grown to.
        self._growing: dict[int, int] = {}

    async def adopt(self, parts: Sequence[Part]) -> int:
        """Go on with the whole spans that a killed writer left, each under a name of this one's."""
        end = adopted = 0
        for part in sorted(parts, key=lambda one: (one.offset, -one.length)):
            # Of one that is not whole the service may list less than it holds.
            if part.offset < end or part.status.length != part.length or part.offset % MAX_BODY:
                continue
            name = self._new_name(part.offset, part.length)
            if not await self._adopt(part, name, part.status):
                continue
            self._segments[part.offset] = name
            end = self._ends[part.offset] = part.offset + part.length
            adopted += part.length
        return adopted

    def spans(self, size: int) -> Iterator[tuple[int, int]]:
        """Yield the beginning and end of spans that are written at the same time."""
        start, adopted = 0, dict(self._ends)
        each = max(LEAST_SPAN, -(-size // (MOST_SOURCES * MAX_BODY)) * MAX_BODY)
        for begin, end in [*sorted(adopted.items()), (size, size)]:
            for offset in range(start, begin, each):
                self._ends[offset] = min(offset + each, begin)
                yield offset, self._ends[offset]
            start = end

    async def write(self, offset: int, content: Content, *, last: bool = False) -> None:
        """Write bytes, at the end of a span that was begun or as the first of another one."""
        start = self._growing.pop(offset, None)
        if start is None:
            start, name = offset, self._new_name(offset, self._ends.get(offset, offset) - offset)
            self._segments[start] = name
            # Nobody else has this name, so that it may be created again if an answer is lost.
            await settled(self._client.create(name, content, close=last))
        else:
            name = self._segments[start]
            await settled(self._client.append(name, content, offset=offset - start, close=last))
        if not last:
            self._growing[offset + len(content)] = start

    async def whole(self, length: int, look: Look | None = None) -> None:
        """Put together what was written.

        :raises ServiceFailureError: if it has another length.
        """
        names = [self._segments[start] for start in sorted(self._segments)]
        if len(names) == 1:
            self.path = names[0]
        else:
            self.path = self._new_name(0, length)
            for start in range(0, len(names), MOST_SOURCES):
                group = names[start : start + MOST_SOURCES]
                # What the hidden file holds already stays before them.
                await settled(self._client.concatenate(self.path, group, is_new=start == 0))
        self._check(await (look or self._client.status)(self.path), length, "APPEND")

    async def discard(self) -> None:
        """Remove what was written."""
        await asyncio.gather(*(self._remove(name) for name in self._hidden))

    def _new_name(self, offset: int, length: int) -> str:
        name = self._part(offset, length) if self._part else self._name()
        self._hidden.append(paths.join(self._directory, name))
        return self._hidden[-1]
