"""Bodies of requests: read whole, and compared with the digests that came with them."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.faces import crc64, structured
from airflow_provider_adls.emulator.storage.errors import refused
from airflow_provider_adls.model import gen2

if TYPE_CHECKING:
    from aiohttp import web

    from airflow_provider_adls.emulator.faces.asks import Ask

#: The first version with big bodies (docs).
_BIG = "2019-12-12"


async def read(request: web.Request, version: str) -> bytes:
    """Return the content of a request.

    :raises StorageError: if it is longer than the version allows.
    """
    most = gen2.MAX_BODY if version >= _BIG else gen2.OLD_MAX_BODY
    if (request.content_length or 0) > most:
        raise refused("RequestBodyTooLarge")
    chunks = [await request.content.readany()]
    size = len(chunks[0])
    while size <= most and not request.content.at_eof():
        chunks.append(await request.content.readany())
        size += len(chunks[-1])
    if size > most:
        raise refused("RequestBodyTooLarge")
    body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
    return structured.decoded(body) if _is_structured(request) else body


def _is_structured(request: web.Request) -> bool:
    form = request.headers.get(structured.HEADER)
    if form not in (None, structured.FORM):
        raise refused("InvalidHeaderValue")
    return form is not None


def check(ask: Ask) -> dict[str, str]:
    """Compare a body with its digests, and return the headers of the answer that name them.

    :raises StorageError: if they are another body's.
    """
    found = {}
    if wanted := ask.header("Content-MD5"):
        actual = base64.b64encode(hashlib.md5(ask.body, usedforsecurity=False).digest()).decode()
        if wanted != actual:
            raise refused("Md5Mismatch")
        found["Content-MD5"] = actual
    if wanted := ask.header("x-ms-content-crc64"):
        actual = crc64.digest(ask.body)
        if wanted != actual:
            raise refused("Crc64Mismatch")
        found["x-ms-content-crc64"] = actual
    if form := ask.header(structured.HEADER):
        found[structured.HEADER] = form
    return found
