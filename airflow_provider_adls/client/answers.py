"""`content` and `text`: what an answer holds, within bounds of size and time."""

from __future__ import annotations

import asyncio
import zlib
from typing import TYPE_CHECKING

import aiohttp

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from airflow_provider_adls.client.dialect import Request

#: Bytes of JSON that are read: a page of 4,000 entries with names of 1,000 characters has half of it.
MAX_JSON = 64 * 1024 * 1024
#: Bytes of an error that are read.
MAX_ERROR = 1024 * 1024
#: Bytes a second that content must make on the whole, after the silence that is allowed.
LEAST_RATE = 1024
#: Most seconds for an answer that is not a file's content, as a multiple of the silence that is allowed.
TOTAL = 2.0
#: Encodings that JSON may come in; the content of a file comes as it is, or it would have no length to check.
ENCODINGS = "gzip, deflate"


class StrangeAnswerError(aiohttp.ClientError):
    """An answer that the service does not give: too long, or encoded in a way that was not asked for."""


class TooMuchError(StrangeAnswerError):
    """An answer holds more of a file than was asked for."""

    @classmethod
    def of(cls, request: Request) -> TooMuchError:
        """Return that of a request."""
        return cls(f"the answer has more than the {request.length} bytes that were asked for")


class Pace:
    """The time that an answer takes, but for the time that its reader takes.

    :param silence: most seconds without a byte.
    :param is_content: whether it is a file's content, of any length.
    """

    def __init__(self, silence: float, *, is_content: bool) -> None:
        self._silence = silence
        self._is_content = is_content
        self._spent = 0.0
        self._received = 0

    async def next(self, response: aiohttp.ClientResponse) -> bytes:
        """Return what has arrived of an answer, or arrives next; nothing at its end.

        :raises TimeoutError: if the answer comes too slowly.
        """
        if response.content.is_eof():
            # All of it is here, as of nearly every small answer when its head is read.
            return response.content.read_nowait()
        clock = asyncio.get_running_loop().time
        began = clock()
        piece = await response.content.readany()
        self._spent += clock() - began
        self._received += len(piece)
        allowed = self._silence + self._received / LEAST_RATE if self._is_content else TOTAL * self._silence
        if self._spent > allowed:
            raise TimeoutError(f"it comes too slowly, {self._received} bytes in {self._spent:.0f} s")
        return piece


async def content(
    request: Request, response: aiohttp.ClientResponse, silence: float
) -> AsyncGenerator[bytes, None]:
    """Yield the content of a file.

    :raises TooMuchError: at the first byte beyond what was asked for: who gives that has not understood which
        part of the file was asked for.
    :raises StrangeAnswerError: if it is encoded: its length could not be checked.
    """
    check_content(response)
    rest = request.length
    pace = Pace(silence, is_content=True)
    while piece := await pace.next(response):
        if rest is not None:
            rest -= len(piece)
            if rest < 0:
                raise TooMuchError.of(request)
        yield piece


def check_content(response: aiohttp.ClientResponse) -> None:
    """Raise for content that is encoded.

    :raises StrangeAnswerError: if it is: its length could not be checked.
    """
    encoding = response.headers.get("Content-Encoding", "identity")
    if encoding.lower() != "identity":
        raise StrangeAnswerError(f"the content is encoded ({encoding}), though it was asked for as it is")


async def text(response: aiohttp.ClientResponse, silence: float, *, is_error: bool) -> bytes:
    """Return an answer that is JSON, or says that it is.

    :param is_error: whether its end may be left out.
    :raises StrangeAnswerError: if it is too long.
    """
    most = MAX_ERROR if is_error else MAX_JSON
    unpack = _unpacker(response.headers.get("Content-Encoding", "identity"))
    received = bytearray()
    pace = Pace(silence, is_content=False)
    while piece := await pace.next(response):
        try:
            received += unpack.decompress(piece, most + 1 - len(received)) if unpack else piece
        except zlib.error as error:
            raise StrangeAnswerError(f"the answer cannot be unpacked: {error}") from None
        if len(received) > most:
            if is_error:
                break
            raise StrangeAnswerError(f"the answer has more than {most} bytes")
    return bytes(received[:most])


def _unpacker(encoding: str) -> zlib._Decompress | None:
    if encoding.lower() == "identity":
        return None
    if encoding.lower() not in ENCODINGS.split(", "):
        raise StrangeAnswerError(f"the answer is encoded in a way that was not asked for ({encoding})")
    # The beginning shows which of the two formats it is.
    return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
