"""Batches: many requests in the content of one, each signed for itself (REST reference, "Blob Batch").

Object stores of the Rust family, and with them polars and Delta Lake, delete so.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from aiohttp import hdrs
from multidict import CIMultiDict
from yarl import URL

from airflow_provider_adls.emulator.gen2.errors import refused

if TYPE_CHECKING:
    from aiohttp import web

#: Requests of a batch, and bytes of its content, at most (docs).
MAX_REQUESTS, MAX_BODY = 256, 4 * 1024 * 1024
_BOUNDARY = re.compile(r"multipart/mixed;.*boundary=\"?([^\";]+)\"?", re.IGNORECASE)
_LINE = re.compile(r"([A-Z]+) (\S+) HTTP/1\.1")
_END = "\r\n"


async def parts(request: web.Request, prefix: str) -> list[tuple[str, web.Request]]:
    """Return the requests of a batch with their ids, as if each had come alone.

    :param prefix: text before `/{container}` in their paths.
    :raises StorageError: if the content is not a batch, or too much of one.
    """
    found = _BOUNDARY.fullmatch(request.headers.get(hdrs.CONTENT_TYPE, ""))
    if found is None:
        raise refused("InvalidHeaderValue")
    if (request.content_length or 0) > MAX_BODY:
        raise refused("RequestBodyTooLarge")
    # Not by `request.read()`, after which a request has no clones.
    received = b""
    while not request.content.at_eof():
        received += await request.content.readany()
        if len(received) > MAX_BODY:
            raise refused("RequestBodyTooLarge")
    text = received.decode("utf-8", "replace").replace(_END, "\n")
    batch = [_part(request, part, prefix) for part in _between(text, found[1])]
    if not 0 < len(batch) <= MAX_REQUESTS:
        raise refused("InvalidInput")
    return batch


def content(answers: Iterable[tuple[str, web.Response]]) -> tuple[str, bytes]:
    """Return type and content of the answer to a batch.

    :param answers: to its requests, with their ids.
    """
    boundary = f"batchresponse_{uuid.uuid4()}"
    lines: list[bytes] = []
    for id_, answer in answers:
        head = [
            f"--{boundary}",
            "Content-Type: application/http",
            f"Content-ID: {id_}",
            "",
            f"HTTP/1.1 {answer.status} {answer.reason}",
            *(f"{name}: {value}" for name, value in answer.headers.items()),
            "",
            "",
        ]
        body = answer.body if isinstance(answer.body, bytes) else b""
        lines.append(_END.join(head).encode() + body + _END.encode())
    lines.append(f"--{boundary}--{_END}".encode())
    return f"multipart/mixed; boundary={boundary}", b"".join(lines)


def _between(text: str, boundary: str) -> Iterator[str]:
    for part in text.split(f"--{boundary}")[1:]:
        if part.startswith("--"):
            return
        yield part


def _part(request: web.Request, part: str, prefix: str) -> tuple[str, web.Request]:
    about, _, inner = part.strip("\n").partition("\n\n")
    head, _, _ = inner.partition("\n\n")
    line, *fields = head.split("\n")
    match = _LINE.fullmatch(line.strip())
    if match is None:
        raise refused("InvalidInput")
    headers = CIMultiDict([(hdrs.HOST, request.headers[hdrs.HOST]), *_fields(fields)])
    # The parts name no version, by which a length of zero is left out of what is signed.
    if headers.get(hdrs.CONTENT_LENGTH) == "0":
        del headers[hdrs.CONTENT_LENGTH]
    target = f"{prefix}{_without(match[2], prefix)}"
    alone = request.clone(method=match[1], rel_url=URL(target, encoded=True), headers=headers)
    return dict(_fields(about.split("\n"))).get("content-id", ""), alone


def _without(target: str, prefix: str) -> str:
    """Return a target without what a client that knows the account by a path writes before the container."""
    for before in (prefix, f"/{prefix.rpartition('/')[2]}"):
        if prefix and target.startswith(f"{before}/"):
            return target.removeprefix(before)
    return target


def _fields(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            yield name.strip().lower(), value.strip()
