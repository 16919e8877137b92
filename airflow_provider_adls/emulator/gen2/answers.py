"""Answers of both faces: headers of every answer, and refusals, DFS in JSON and Blob in XML."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import json
import uuid
from email.utils import formatdate
from typing import TYPE_CHECKING, Literal
from xml.sax.saxutils import escape

from aiohttp import hdrs, web

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.gen2.errors import StorageError

Face = Literal["dfs", "blob"]
_SERVERS: dict[Face, str] = {
    "dfs": "Windows-Azure-HDFS/1.0 Microsoft-HTTPAPI/2.0",
    "blob": "Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0",
}
#: Header of the request that each answer repeats.
CLIENT_REQUEST_ID = "x-ms-client-request-id"
VERSION = "x-ms-version"
#: A request id is the process's own beginning and a number, since a random one for each takes time.
_PROCESS = str(uuid.uuid4())[:-12]
_NUMBERS = itertools.count(1)


def common_headers(request: web.Request, face: Face, now: float) -> dict[str, str]:
    """Return the headers of every answer: server, date, request id, version and the client's request id.

    :param now: seconds since 1970, by the emulator's clock.
    """
    headers = {
        hdrs.SERVER: _SERVERS[face],
        hdrs.DATE: _date(int(now)),
        "x-ms-request-id": f"{_PROCESS}{next(_NUMBERS):012x}",
    }
    for name in (VERSION, CLIENT_REQUEST_ID):
        if value := request.headers.get(name):
            headers[name] = value
    return headers


@functools.lru_cache(maxsize=16)
def _date(now: int) -> str:
    return formatdate(now, usegmt=True)


def refusal(request: web.Request, face: Face, error: StorageError, clock: Clock) -> web.Response:
    """Return the answer to a refused request: a HEAD request gets the headers alone."""
    now = clock.now()
    headers = {**common_headers(request, face, now), "x-ms-error-code": error.code, **error.headers}
    if error.status == web.HTTPNotModified.status_code or request.method == hdrs.METH_HEAD:
        return web.Response(status=error.status, reason=error.message, headers=headers)
    moment = dt.datetime.fromtimestamp(now, dt.UTC)
    time = f"{moment:%Y-%m-%dT%H:%M:%S.%f}0Z"
    message = f"{error.message}\nRequestId:{headers['x-ms-request-id']}\nTime:{time}"
    if face == "dfs":
        headers[hdrs.CONTENT_TYPE] = "application/json;charset=utf-8"
        document = {"error": {"code": error.code, "message": message}}
        body = json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
    else:
        headers[hdrs.CONTENT_TYPE] = "application/xml"
        about = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in error.about.items())
        text = f"<Error><Code>{error.code}</Code><Message>{escape(message)}</Message>{about}</Error>"
        body = f'\ufeff<?xml version="1.0" encoding="utf-8"?>{text}'.encode()
    return web.Response(status=error.status, reason=error.message, body=body, headers=headers)
