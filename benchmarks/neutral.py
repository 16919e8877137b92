"""A server that counts requests and does as little as it can, so that clients alone are compared.

It speaks the part of a service's protocol that transfers send: WebHDFS here, the DFS and the Blob face of
Gen2 in `neutral_gen2`. It keeps files in memory, checks no token, and waits for some time before each answer.
`GET /count` returns how many requests of each operation came since its last answer.
"""

from __future__ import annotations

import asyncio
import bisect
import json
from collections import Counter
from typing import Any

from aiohttp import web

PREFIX = "/webhdfs/v1"


class Lake:
    """Files and directories in memory; a file is a list of the blocks that it came in."""

    def __init__(self) -> None:
        self.files: dict[str, list[bytes]] = {}
        self.directories: dict[str, list[str]] = {"": []}

    def add(self, path: str) -> None:
        """Put a name into its directory, and make the directories above it."""
        parent, _, name = path.rpartition("/")
        if parent not in self.directories:
            self.directories[parent] = []
            self.add(parent)
        names = self.directories[parent]
        at = bisect.bisect_left(names, name)
        if at == len(names) or names[at] != name:
            names.insert(at, name)

    def remove(self, path: str) -> bool:
        """Remove a path and all below it; return whether it was there."""
        parent, _, name = path.rpartition("/")
        if path in self.directories:
            for child in list(self.directories[path]):
                self.remove(f"{path}/{child}")
            del self.directories[path]
        elif self.files.pop(path, None) is None:
            return False
        if name in (names := self.directories[parent]):
            names.remove(name)
        return True

    def status(self, path: str, name: str = "") -> dict[str, Any] | None:
        """Return the status of a path, None if nothing is there."""
        blocks = self.files.get(path)
        if blocks is None and path not in self.directories:
            return None
        return {
            "length": sum(map(len, blocks or ())),
            "pathSuffix": name,
            "type": "DIRECTORY" if blocks is None else "FILE",
            "blockSize": 268435456,
            "accessTime": 1700000000000,
            "modificationTime": 1700000000000,
            "replication": 1,
            "permission": "770",
            "owner": "00000000-0000-0000-0000-000000000000",
            "group": "00000000-0000-0000-0000-000000000000",
            "aclBit": False,
        } | ({} if blocks is None else {"msExpirationTime": 0})

    def page(self, path: str, after: str, size: int) -> tuple[list[dict[str, Any] | None], str]:
        """Return the entries of a directory after a name, and the token of the next page."""
        if path in self.files:
            return [self.status(path)], ""
        names = self.directories[path]
        begin = bisect.bisect_right(names, after) if after else 0
        page = names[begin : begin + size]
        return [self.status(f"{path}/{name}", name) for name in page], page[-1] if len(page) == size else ""

    def read(self, path: str, offset: int, length: int) -> list[bytes]:
        """Return the pieces of a file between two offsets."""
        pieces = []
        for block in self.files[path]:
            if length <= 0:
                break
            if offset < len(block):
                pieces.append(block[offset : offset + length] if offset or length < len(block) else block)
                length -= len(pieces[-1])
                offset = 0
            else:
                offset -= len(block)
        return pieces


class Service:
    """Answers requests over a lake.

    :param latency: seconds before each answer.
    """

    def __init__(self, latency: float) -> None:
        self._latency = latency
        self.lake = Lake()
        self._counts: Counter[str] = Counter()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        if request.path == "/count":
            counts, self._counts = self._counts, Counter()
            return web.json_response(counts)
        query = {name.lower(): value for name, value in request.query.items()}
        # Not `read`, which a server without an application bounds to one MiB.
        body = b"".join([piece async for piece in request.content.iter_any()])
        operation, answer = self.answer(request, query, body)
        self._counts[operation] += 1
        if self._latency:
            await asyncio.sleep(self._latency)
        return answer

    def answer(
        self, request: web.BaseRequest, query: dict[str, str], body: bytes
    ) -> tuple[str, web.Response]:
        """Return what a request asks for, and its answer."""
        raise NotImplementedError


class Gen1(Service):
    """Answers requests of WebHDFS."""

    def answer(
        self, request: web.BaseRequest, query: dict[str, str], body: bytes
    ) -> tuple[str, web.Response]:
        """Return the operation and its answer."""
        operation = query["op"].upper()
        path = "/" + request.path[len(PREFIX) :].strip("/")
        return operation, self._answer(request, operation, "" if path == "/" else path, query, body)

    def _answer(
        self, request: web.BaseRequest, operation: str, path: str, query: dict[str, str], body: bytes
    ) -> web.Response:
        if request.method != "GET":
            return self._change(operation, path, query, body)
        lake = self.lake
        if (status := lake.status(path)) is None:
            error = {
                "exception": "FileNotFoundException",
                "message": "",
                "javaClassName": "java.io.IOException",
            }
            return web.json_response({"RemoteException": error}, status=404)
        if operation == "OPEN":
            offset, length = int(query.get("offset", 0)), int(query.get("length", status["length"]))
            return web.Response(body=b"".join(lake.read(path, offset, length)))
        if operation == "GETFILESTATUS":
            return web.json_response({"FileStatus": status})
        page, token = lake.page(path, query.get("listafter", ""), int(query.get("listsize", 4000)))
        return web.json_response({"FileStatuses": {"continuationToken": token, "FileStatus": page}})

    def _change(self, operation: str, path: str, query: dict[str, str], body: bytes) -> web.Response:
        lake = self.lake
        match operation:
            case "CREATE":
                lake.files[path] = [body] if body else []
                lake.add(path)
                return web.Response(status=201)
            case "APPEND":
                lake.files[path].append(body)
            case "MSCONCAT":
                sources = json.loads(body)["sources"]
                blocks = [block for source in sources for block in lake.files[source]]
                lake.files[path] = [*lake.files.get(path, ()), *blocks]
                lake.add(path)
                for source in sources:
                    lake.remove(source)
            case "MKDIRS":
                if path not in lake.directories:
                    lake.directories[path] = []
                    lake.add(path)
                return web.json_response({"boolean": True})
            case "DELETE":
                return web.json_response({"boolean": lake.remove(path)})
            case "RENAME":
                target = query["destination"]
                lake.files[target] = lake.files[path]
                lake.add(target)
                lake.remove(path)
                return web.json_response({"boolean": True})
        return web.Response()
