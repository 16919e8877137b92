"""`SentSource`: a source whose copy is read back and compared with what was sent, block by block."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from airflow_provider_adls.lake.blocks import at_once, blocks, slot
from airflow_provider_adls.lake.disk import in_thread
from airflow_provider_adls.lake.sources import InPieces, LocalSource
from airflow_provider_adls.model.errors import ContentMismatchError

if TYPE_CHECKING:
    from airflow_provider_adls.client.interface import Take
    from airflow_provider_adls.lake.sources import Source

#: Bytes of a block's checksum.
_DIGEST = 16
#: Reads bytes at an offset.
Read = Callable[[int, int], Awaitable[Sequence[bytes]]]


class SentSource(InPieces):
    """A source that keeps the checksums of the blocks of a local file while they are sent.

    A source that came over the network is read again for the comparison: what it was read as the first time
    is what the copy holds.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._digests: dict[tuple[int, int], bytes] = {}
        self._keeps = isinstance(source, LocalSource)
        self.size = source.size

    @property
    def version(self) -> str:
        """Identity of the source and of its version."""
        return self._source.version

    async def whole(self) -> bytes:
        """Return all of a small file."""
        content = await self._source.whole()
        self.size = len(content)
        await self._keep(0, [content])
        return content

    async def read(self, offset: int, length: int) -> Sequence[bytes]:
        """Return so many bytes of it."""
        pieces = await self._source.read(offset, length)
        await self._keep(offset, pieces)
        return pieces

    async def read_into(self, take: Take, offset: int, length: int) -> None:
        """Hand over so many bytes of it."""
        if self._keeps:
            await super().read_into(take, offset, length)
        else:
            await self._source.read_into(take, offset, length)

    async def _keep(self, offset: int, pieces: Sequence[bytes]) -> None:
        if self._keeps:
            self._digests[offset, sum(map(len, pieces))] = await in_thread(_digest, pieces)

    async def verify(self) -> None:
        """Find out whether the source is still the file that it was."""
        await self._source.verify()

    async def compare(self, read: Read, path: str) -> None:
        """Read the copy back, and compare it.

        :param read: reads the copy.
        :param path: name of the copy in errors.
        :raises ContentMismatchError: if a block of it differs.
        """

        async def compare(block: tuple[int, int]) -> None:
            offset, length = block
            async with slot(length):
                found = await self._digest_of(read, block)
                sent = self._digests.get(block) or await self._digest_of(self._source.read, block)
            if found != sent:
                raise ContentMismatchError(path, offset)

        await at_once(compare, blocks(0, self.size))

    @staticmethod
    async def _digest_of(read: Read, block: tuple[int, int]) -> bytes:
        return await in_thread(_digest, await read(*block))


def _digest(pieces: Iterable[bytes]) -> bytes:
    digest = hashlib.blake2b(digest_size=_DIGEST)
    for piece in pieces:
        digest.update(piece)
    return digest.digest()
