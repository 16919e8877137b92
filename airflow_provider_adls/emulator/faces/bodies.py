"""Bodies of requests: received into memory, or into the store if they are long, and compared with digests."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.faces import crc64, structured
from airflow_provider_adls.emulator.gen2.errors import refused
from airflow_provider_adls.emulator.store import Upload
from airflow_provider_adls.model import gen2

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aiohttp import web

#: The first version with big bodies (docs).
_BIG = "2019-12-12"
_CRC64 = "x-ms-content-crc64"
#: Bytes of content that memory holds; what is longer goes into the store as it arrives.
IN_MEMORY = 4 * 1024 * 1024
#: Operations whose content is a file's.
STREAMED = frozenset({"AppendBlock", "AppendFile", "PutBlob", "PutBlock"})
#: Bytes of a document at most: a list of 50,000 blocks with the longest names takes half of it. (Assumed.)
MAX_DOCUMENT = 16 * 1024 * 1024


class Body:
    """Content of a request, and its digests.

    :param content: the bytes, or the place in the store that holds them.
    :param md5: digest of content in the store; that of bytes is made when it is asked for.
    :param crc64: likewise.
    """

    __slots__ = ("_crc64", "_md5", "content")

    def __init__(self, content: bytes | Upload = b"", md5: bytes = b"", crc64: bytes = b"") -> None:
        self.content = content
        self._md5 = md5
        self._crc64 = crc64

    def __len__(self) -> int:
        return len(self.content)

    @property
    def document(self) -> bytes:
        """Bytes of a document, which are always in memory."""
        assert isinstance(self.content, bytes)
        return self.content

    @property
    def md5(self) -> str:
        """MD5 as headers have it."""
        if isinstance(self.content, bytes) and not self._md5:
            self._md5 = hashlib.md5(self.content, usedforsecurity=False).digest()
        return base64.b64encode(self._md5).decode()

    @property
    def crc64(self) -> str:
        """CRC-64 as headers have it."""
        if isinstance(self.content, bytes) and not self._crc64:
            self._crc64 = crc64.checksum(self.content)
        return base64.b64encode(self._crc64).decode()

    def close(self) -> None:
        """Remove content from the store, unless a file has taken it."""
        if isinstance(self.content, Upload):
            self.content.close()


EMPTY = Body()


async def receive(
    request: web.Request, version: str, upload: Callable[[], Upload], *, streamed: bool
) -> Body:
    """Return the content of a request, which the caller closes.

    :param upload: makes a place in the store for long content.
    :param streamed: whether it is a file's, and may be long.
    :raises StorageError: if it is longer than the operation or the version allows.
    :raises StoreError: if it cannot be written.
    """
    most = MAX_DOCUMENT if not streamed else gen2.MAX_BODY if version >= _BIG else gen2.OLD_MAX_BODY
    if (request.content_length or 0) > most:
        raise refused("RequestBodyTooLarge")
    is_structured = _is_structured(request)
    inside = IN_MEMORY if streamed else most
    chunks = [await request.content.readany()]
    size = len(chunks[0])
    while size <= inside and not request.content.at_eof():
        chunks.append(await request.content.readany())
        size += len(chunks[-1])
    if size <= inside:
        body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
        return Body(structured.decoded(body) if is_structured else body)
    if not streamed:
        raise refused("RequestBodyTooLarge")
    receiver = _Receiver(upload(), most, is_structured=is_structured, checked=_CRC64 in request.headers)
    try:
        for chunk in chunks:
            receiver.add(chunk)
        chunks.clear()
        while not request.content.at_eof():
            receiver.add(await request.content.readany())
        return receiver.received()
    except BaseException:
        receiver.upload.close()
        raise


class _Receiver:
    """Long content on its way into the store.

    :param upload: the place there.
    :param most: bytes that may come.
    :param is_structured: whether it comes as a structured message.
    :param checked: whether its CRC-64 is asked for, which takes longer than all else.
    """

    def __init__(self, upload: Upload, most: int, *, is_structured: bool, checked: bool) -> None:
        self.upload = upload
        self._room = most
        self._decoder = structured.Decoder() if is_structured else None
        self._md5 = hashlib.md5(usedforsecurity=False)
        self._crc64 = bytes(crc64.SIZE) if checked else b""

    def add(self, data: bytes) -> None:
        """Put received bytes at its end.

        :raises StorageError: if they are too many.
        """
        self._room -= len(data)
        if self._room < 0:
            raise refused("RequestBodyTooLarge")
        pieces: Iterable[bytes] = (data,) if self._decoder is None else self._decoder.decoded(data)
        for piece in pieces:
            self.upload.add(piece)
            self._md5.update(piece)
            if self._crc64:
                self._crc64 = crc64.checksum(piece, self._crc64)

    def received(self) -> Body:
        """Return the whole content.

        :raises StorageError: if a structured message is cut off.
        """
        if self._decoder is not None:
            self._decoder.end()
        return Body(self.upload, self._md5.digest(), self._crc64)


def _is_structured(request: web.Request) -> bool:
    form = request.headers.get(structured.HEADER)
    if form not in (None, structured.FORM):
        raise refused("InvalidHeaderValue")
    return form is not None


def check(headers: Mapping[str, str], body: Body) -> dict[str, str]:
    """Compare a body with its digests, and return the headers of the answer that name them.

    :param headers: of the request.
    :raises StorageError: if they are another body's.
    """
    found = {}
    if wanted := headers.get("Content-MD5"):
        if wanted != body.md5:
            raise refused("Md5Mismatch")
        found["Content-MD5"] = wanted
    if wanted := headers.get(_CRC64):
        if wanted != body.crc64:
            raise refused("Crc64Mismatch")
        found[_CRC64] = wanted
    if form := headers.get(structured.HEADER):
        found[structured.HEADER] = form
    return found
