"""`Answers`: the wire format of answers.

Headers, their values, and the order of JSON keys are the service's, as recorded.
"""

from __future__ import annotations

import asyncio
import functools
import itertools
import json
from datetime import UTC, datetime
from email.utils import formatdate
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from aiohttp import hdrs, web

from airflow_provider_adls.emulator.answer import Answer
from airflow_provider_adls.emulator.rules import trash
from airflow_provider_adls.model.operations import API_VERSION

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.rules.attributes import AclStatus
    from airflow_provider_adls.emulator.rules.refusals import Refusal
    from airflow_provider_adls.emulator.store import Deleted, Node, Reader, Totals
    from airflow_provider_adls.model.status import FileStatus

JSON = "application/json; charset=utf-8"
OCTETS = "application/octet-stream"
#: The last version that the recordings show.
SERVICE_VERSION = "17.04.24.00"
SUCCESS = "0x0"
#: The answer of Windows' HTTP server to a URL that it does not pass on.
NO_URL = (
    "<html><head><title>Bad Request</title></head><body><h2>Bad Request - Invalid URL</h2>"
    "<hr><p>HTTP Error 400. The request URL is invalid.</p></body></html>"
)
# Request ids are GUIDs, of which one of each process is drawn and the others counted on from it.
_PREFIX, _first = str(uuid4())[:24], uuid4().int % 2**48
_numbers = itertools.count(_first)


class Answers:
    """Writes the answers to one request.

    :param clock: time of the answers.
    :param extended: whether it came to `/webhdfsext`, whose answers name no service version (recorded).
    """

    def __init__(self, clock: Clock, *, extended: bool) -> None:
        self._now = clock.now()
        self._extended = extended
        self.request_id = f"{_PREFIX}{next(_numbers) % 2**48:012x}"

    def empty(
        self, status: int = 200, headers: dict[str, str] | None = None, *, twice: bool = False
    ) -> Answer:
        """Return an answer without content.

        :param twice: whether it has its length in a second header, `ContentLength`, as those of
            CREATE and of all that change an ACL do (recorded).
        """
        return Answer(
            status=status,
            headers=self._headers()
            | {hdrs.CONTENT_LENGTH: "0"}
            | ({"ContentLength": "0"} if twice else {})
            | (headers or {}),
        )

    def json(self, value: dict[str, Any], status: int = 200, code: str = SUCCESS) -> Answer:
        """Return an answer with a JSON object."""
        content = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
        return Answer(status=status, headers=self._headers(code) | {hdrs.CONTENT_TYPE: JSON}, body=content)

    def boolean(self, *, value: bool, code: str = SUCCESS) -> Answer:
        """Return an answer of true or false.

        :param code: of the `Status` header; that of a RENAME without source or target directory names the
            reason (recorded).
        """
        return self.json({"boolean": value}, code=code)

    def status(self, status: FileStatus) -> Answer:
        """Return the status of a path."""
        return self.json({"FileStatus": status.to_json()})

    def listing(
        self, statuses: list[FileStatus], token: str, api_version: str, selected: frozenset[str] = frozenset()
    ) -> Answer:
        """Return a directory's entries; since api-version 2018-09-01 a token comes before them (recorded).

        :param selected: selected keys of the entries; empty for all.
        """
        entries = [status.to_json() for status in statuses]
        if selected:
            entries = [{key: entry[key] for key in entry if key in selected} for entry in entries]
        body: dict[str, Any] = {"continuationToken": token} if api_version >= API_VERSION else {}
        return self.json({"FileStatuses": body | {"FileStatus": entries}})

    def deleted(self, items: list[tuple[Deleted, Node]], token: str, searched: int) -> Answer:
        """Return deleted items (.NET SDK, `TrashStatus`)."""
        entries = [
            {
                "originalPath": item.path,
                "trashDirPath": trash.token(item),
                "type": "DIRECTORY" if node.directory else "FILE",
                "creationTime": item.deleted,
            }
            for item, node in items
        ]
        return self.json(
            {"trashDir": {"trashDirEntry": entries, "nextListAfter": token, "numSearched": searched}}
        )

    def summary(self, totals: Totals) -> Answer:
        """Return the sums over a tree."""
        return self.json(
            {
                "ContentSummary": {
                    "directoryCount": totals.directories,
                    "fileCount": totals.files,
                    "length": totals.length,
                    "quota": -1,
                    "spaceConsumed": totals.length,
                    "spaceQuota": -1,
                }
            }
        )

    def acl(self, acl: AclStatus) -> Answer:
        """Return an access control list."""
        return self.json(
            {
                "AclStatus": {
                    "entries": [str(entry) for entry in acl.entries],
                    "owner": acl.owner,
                    "group": acl.group,
                    "permission": f"{acl.permission & 0o777:o}",
                    "stickyBit": bool(acl.permission & 0o1000),
                }
            }
        )

    def refusal(self, refusal: Refusal, operation: str) -> Answer:
        """Return a refusal, as the service words it: text, request id, time."""
        time = datetime.fromtimestamp(self._now, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0+00:00")
        text = refusal.message.replace("{operation}", operation)
        return self.json(
            {
                "RemoteException": {
                    "exception": refusal.exception,
                    "message": f"{text} [{self.request_id}][{time}]",
                    "javaClassName": refusal.java_class,
                }
            },
            status=refusal.status,
            code=refusal.code,
        )

    def no_url(self) -> web.Response:
        """Return the answer to a malformed URL: that of the system in front of the service."""
        answer = web.Response(status=400, text=NO_URL, content_type="text/html", charset="us-ascii")
        answer.force_close()
        return answer

    async def stream(
        self, request: web.Request, reader: Reader, *, compressed: bool = False
    ) -> web.StreamResponse:
        """Send the bytes of a file in chunks as they are read, and close the reader.

        :param compressed: whether they are sent as gzip.
        """
        answer = web.StreamResponse(headers=self._headers() | {hdrs.CONTENT_TYPE: OCTETS})
        if compressed:
            answer.enable_compression(web.ContentCoding.gzip)
        with reader:
            if request.version >= (1, 1):
                answer.enable_chunked_encoding()
            else:
                answer.force_close()
            await answer.prepare(request)
            for chunk in reader:
                await answer.write(chunk)
                # As long as the system takes it all, no other task would run, nor would it be
                # noticed that the client has gone.
                await asyncio.sleep(0)
        await answer.write_eof()
        return answer

    def _headers(self, code: str = SUCCESS) -> dict[str, str]:
        headers = {
            "Cache-Control": "no-cache, no-cache, no-store, max-age=0",
            "Pragma": "no-cache",
            "Expires": "-1",
            "x-ms-request-id": self.request_id,
            "Status": code,
            "X-Content-Type-Options": "nosniff",
            "Strict-Transport-Security": "max-age=15724800; includeSubDomains",
            "Date": _date(int(self._now)),
        }
        return headers if self._extended else headers | {"x-ms-webhdfs-version": SERVICE_VERSION}


@functools.lru_cache(maxsize=1)
def _date(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)
