"""`Pieces`: content of a request that is read while it is sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias


class Pieces:
    """Content that is read while it is sent, anew for each attempt.

    :param length: bytes of it.
    :param read: returns so many bytes at an offset.
    """

    def __init__(self, length: int, read: Callable[[int, int], Awaitable[bytes]]) -> None:
        self._length = length
        self._read = read
        #: Why it could not be read.
        self.failure: Exception | None = None

    def __len__(self) -> int:
        return self._length

    async def read(self, offset: int, length: int) -> bytes:
        """Return so many bytes at an offset."""
        try:
            return await self._read(offset, length)
        except Exception as error:
            self.failure = error
            raise


#: Body of a request.
Content: TypeAlias = bytes | Pieces
