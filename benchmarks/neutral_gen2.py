"""`Gen2`: the neutral server's answers to what clients of Gen2 send, on the DFS and the Blob face.

Clients that know one URL send both faces' requests to it, so that query and headers alone say what is asked.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote
from xml.sax.saxutils import escape

from aiohttp import web

from benchmarks.neutral import Service

TIME = "Wed, 08 Mar 2023 20:17:00 GMT"
FILETIME = "133227802204448242"
ETAG = "0x8DB2011AE5A17B2"
PAGE = 5000
HEADERS = {
    "ETag": f'"{ETAG}"',
    "Last-Modified": TIME,
    "x-ms-version": "2021-12-02",
    "x-ms-request-id": "00000000-0000-0000-0000-000000000000",
    "x-ms-namespace-enabled": "true",
    "x-ms-request-server-encrypted": "true",
}
OWNER = {"x-ms-owner": "$superuser", "x-ms-group": "$superuser", "x-ms-permissions": "rw-r-----"}


class Gen2(Service):
    """Answers requests of both faces; paths are in `/dfs/ACCOUNT/CONTAINER` or `/blob/ACCOUNT/CONTAINER`."""

    def __init__(self, latency: float) -> None:
        super().__init__(latency)
        self._parts: dict[str, dict[Any, bytes]] = {}
        self._trees: dict[str, list[str]] = {}

    def answer(
        self, request: web.BaseRequest, query: dict[str, str], body: bytes
    ) -> tuple[str, web.Response]:
        """Return the operation and its answer."""
        name = "/".join(request.path.split("/")[4:]).strip("/")
        path = f"/{name}" if name else ""
        if request.method in ("GET", "HEAD"):
            if query.get("comp") == "list":
                return "list", self._blobs(request.path.split("/")[3], query)
            if query.get("resource") == "filesystem" and request.method == "GET":
                return "list", self._page(query)
            if query.get("restype") or query.get("resource"):
                return "container", web.Response(headers=HEADERS)
            return request.method, self._read(request, path)
        self._trees.clear()
        return request.method, self._change(request, path, query, body)

    def _change(
        self, request: web.BaseRequest, path: str, query: dict[str, str], body: bytes
    ) -> web.Response:
        lake = self.lake
        status = 201
        parts = self._parts
        if request.method == "DELETE":
            return web.Response(status=200 if lake.remove(path) else 404, headers=HEADERS)
        match query.get("action") or query.get("resource") or query.get("comp"):
            case "append":
                parts.setdefault(path, {})[int(query["position"])] = body
                status = 202
            case "flush":
                end, sent = int(query["position"]), parts.setdefault(path, {})
                flushed = sorted(position for position in sent if position < end)
                lake.files[path] += [sent.pop(position) for position in flushed]
                status = 200
            case "directory":
                if path not in lake.directories:
                    lake.directories[path] = []
                    lake.add(path)
            case "block":
                parts.setdefault(path, {})[query["blockid"]] = body
            case "blocklist":
                known = parts.pop(path)
                lake.files[path] = [
                    known[block] for block in re.findall(r">([^<>]+)</Latest>", body.decode())
                ]
                lake.add(path)
            case _ if source := request.headers.get("x-ms-rename-source"):
                source = "/" + unquote(source.partition("?")[0]).split("/", 2)[2]
                lake.files[path] = lake.files[source]
                lake.add(path)
                lake.remove(source)
            case _:
                lake.files[path] = [body] if body else []
                lake.add(path)
        return web.Response(status=status, headers=HEADERS)

    def _read(self, request: web.BaseRequest, path: str) -> web.Response:
        lake = self.lake
        if (known := lake.status(path)) is None:
            return web.Response(status=404, headers={**HEADERS, "x-ms-error-code": "BlobNotFound"})
        length, is_directory = known["length"], known["type"] == "DIRECTORY"
        headers = {
            **HEADERS,
            **OWNER,
            "x-ms-resource-type": "directory" if is_directory else "file",
            "x-ms-blob-type": "BlockBlob",
            "Content-Type": "application/octet-stream",
            "Accept-Ranges": "bytes",
        }
        if is_directory:
            headers["x-ms-meta-hdi_isfolder"] = "true"
        if request.method == "HEAD":
            return web.Response(headers={**headers, "Content-Length": str(length)})
        asked = request.headers.get("x-ms-range") or request.headers.get("Range")
        if not asked:
            return web.Response(body=b"".join(lake.read(path, 0, length) if length else ()), headers=headers)
        first, last = re.fullmatch(r"bytes=(\d+)-(\d*)", asked).groups()  # type: ignore[union-attr] # clients say so
        start = int(first)
        end = min(int(last or length), length - 1)
        if start > end:
            return web.Response(status=416, headers={**HEADERS, "x-ms-error-code": "InvalidRange"})
        headers["Content-Range"] = f"bytes {start}-{end}/{length}"
        body = b"".join(lake.read(path, start, end - start + 1))
        return web.Response(status=206, body=body, headers=headers)

    def _below(self, directory: str) -> list[str]:
        """Return all paths below a directory, in order; the same until something changes."""
        if directory not in self._trees:
            found: list[str] = []
            waiting = [directory]
            while waiting:
                path = waiting.pop()
                if path != directory:
                    found.append(path)
                waiting += [f"{path}/{name}" for name in reversed(self.lake.directories.get(path, ()))]
            self._trees[directory] = found
        return self._trees[directory]

    def _listed(self, directory: str, token: str, size: int, *, recursive: bool) -> tuple[list[str], str]:
        found = (
            self._below(directory)
            if recursive
            else [f"{directory}/{name}" for name in self.lake.directories.get(directory, ())]
        )
        begin = int(token or 0)
        return found[begin : begin + size], str(begin + size) if begin + size < len(found) else ""

    def _page(self, query: dict[str, str]) -> web.Response:
        directory = query.get("directory", "").strip("/")
        found, token = self._listed(
            f"/{directory}" if directory else "",
            query.get("continuation", ""),
            int(query.get("maxresults", PAGE)),
            recursive=query["recursive"] == "true",
        )
        headers = {**HEADERS, **({"x-ms-continuation": token} if token else {})}
        return web.json_response({"paths": [self._entry(path) for path in found]}, headers=headers)

    def _entry(self, path: str) -> dict[str, str]:
        is_directory = path in self.lake.directories
        return {
            "contentLength": "0" if is_directory else str(sum(map(len, self.lake.files[path]))),
            "creationTime": FILETIME,
            "etag": ETAG,
            "expiryTime": "0",
            "group": "$superuser",
            **({"isDirectory": "true"} if is_directory else {}),
            "lastModified": TIME,
            "name": path[1:],
            "owner": "$superuser",
            "permissions": "rw-r-----",
        }

    def _blobs(self, container: str, query: dict[str, str]) -> web.Response:
        prefix = query.get("prefix", "")
        directory = f"/{prefix}".rpartition("/")[0]
        by_level = "delimiter" in query
        found, token = self._listed(
            directory, query.get("marker", ""), int(query.get("maxresults", PAGE)), recursive=not by_level
        )
        items = "".join(
            self._blob(path[1:], by_level=by_level) for path in found if path[1:].startswith(prefix)
        )
        text = (
            f'<?xml version="1.0" encoding="utf-8"?><EnumerationResults ContainerName="{container}">'
            f"<Blobs>{items}</Blobs><NextMarker>{token}</NextMarker></EnumerationResults>"
        )
        return web.Response(text=text, content_type="application/xml", headers=HEADERS)

    def _blob(self, name: str, *, by_level: bool) -> str:
        is_directory = f"/{name}" in self.lake.directories
        if is_directory and by_level:
            return f"<BlobPrefix><Name>{escape(name)}/</Name></BlobPrefix>"
        length = 0 if is_directory else sum(map(len, self.lake.files[f"/{name}"]))
        folder = "<hdi_isfolder>true</hdi_isfolder>" if is_directory else ""
        return (
            f"<Blob><Name>{escape(name)}</Name><Properties><Creation-Time>{TIME}</Creation-Time>"
            f"<Last-Modified>{TIME}</Last-Modified><Etag>{ETAG}</Etag><Content-Length>{length}</Content-Length>"
            f"<Content-Type>application/octet-stream</Content-Type><BlobType>BlockBlob</BlobType></Properties>"
            f"<Metadata>{folder}</Metadata></Blob>"
        )
