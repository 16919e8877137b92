"""The sides of the transfers' benchmark on Gen1: ours, the SDK's, and bare aiohttp."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import aiohttp

ACCOUNT = "mylake"
PARALLEL = 64
BLOCK = 4 * 2**20
_NEVER = 2**40


class Token(NamedTuple):
    """What a credential gives."""

    token: str
    expires_on: int


class Credential:
    """Gives a token that the neutral server does not look at."""

    def get_token(self, *_scopes: str) -> Token:
        """Return the token."""
        return Token("token", _NEVER)


class Ours:
    """The package's file system."""

    def __init__(self, url: str, **options: Any) -> None:
        from airflow_provider_adls.filesystem import ADLSGen1FileSystem

        self._fs = ADLSGen1FileSystem(ACCOUNT, credential=Credential(), endpoint_url=url, **options)

    def begin(self) -> None:
        """Sign in and connect."""
        self._fs.exists("/")

    def up_tree(self, local: Path, remote: str) -> None:
        """Upload a folder."""
        self._fs.put(f"{local}/", remote, recursive=True)

    def copy_tree(self, source: str, target: str) -> None:
        """Copy a directory of the lake."""
        self._fs.copy(f"{source}/", target, recursive=True)

    def down_tree(self, remote: str, local: Path) -> None:
        """Download a directory."""
        self._fs.get(f"{remote}/", str(local), recursive=True)

    def up_file(self, local: Path, remote: str) -> None:
        """Upload a file."""
        self._fs.put_file(str(local), remote)

    def down_file(self, remote: str, local: Path) -> None:
        """Download a file."""
        self._fs.get_file(remote, str(local))

    def walk(self, remote: str) -> int:
        """Return how many files a tree holds."""
        return len(self._fs.find(remote))

    def ls(self, remote: str) -> int:
        """Return how many names a directory holds."""
        return len(self._fs.ls(remote, detail=False))


class Sdk:
    """The SDK's file system, uploader and downloader."""

    def __init__(self, url: str) -> None:
        from airflow_provider_adls.filesystem.sdk import sdk_filesystem

        self._fs = sdk_filesystem(ACCOUNT, Credential(), url)  # type: ignore[arg-type] # all that is used of it

    def begin(self) -> None:
        """Sign in and connect."""
        self._fs.exists("/")

    def up_tree(self, local: Path, remote: str) -> None:
        """Upload a folder."""
        from azure.datalake.store.multithread import ADLUploader

        ADLUploader(self._fs, lpath=str(local), rpath=remote, nthreads=PARALLEL, overwrite=True)

    def down_tree(self, remote: str, local: Path) -> None:
        """Download a directory."""
        from azure.datalake.store.multithread import ADLDownloader

        ADLDownloader(self._fs, lpath=str(local), rpath=remote, nthreads=PARALLEL, overwrite=True)

    up_file = up_tree
    down_file = down_tree

    def walk(self, remote: str) -> int:
        """Return how many files a tree holds."""
        return len(self._fs.walk(remote))

    def ls(self, remote: str) -> int:
        """Return how many names a directory holds."""
        return len(self._fs.ls(remote))


class Bare:
    """The same work by aiohttp alone: no retry, nothing hidden, nothing verified."""

    prefix = "/webhdfs/v1"

    def __init__(self, url: str) -> None:
        self._url = f"{url}{self.prefix}"
        self._loop = asyncio.new_event_loop()

    def begin(self) -> None:
        """Connect."""

        async def connect() -> None:
            connector = aiohttp.TCPConnector(limit=PARALLEL)
            self._session = aiohttp.ClientSession(connector=connector, auto_decompress=False)
            await self._touch()

        self._loop.run_until_complete(connect())

    def end(self) -> None:
        """Close the connections."""
        self._loop.run_until_complete(self._session.close())

    async def _touch(self) -> None:
        await self._call("GET", "/", "GETFILESTATUS")

    async def _call(self, verb: str, path: str, operation: str, query: str = "", **options: Any) -> bytes:
        return (await self._send(verb, f"{path}?op={operation}{query}", **options))[1]

    async def _send(self, verb: str, path: str, **options: Any) -> tuple[Mapping[str, str], bytes]:
        url = f"{self._url}{quote(path, safe='/?=&')}"
        async with self._session.request(verb, url, **options) as answer:
            return answer.headers, await answer.read()

    async def _create(self, path: str, content: bytes) -> None:
        await self._call("PUT", path, "CREATE", "&write=true", data=content)

    async def _read(self, path: str) -> bytes:
        return await self._call("GET", path, "OPEN", "&read=true")

    def _all(self, calls: list[Callable[[], Any]]) -> None:
        waiting = iter(calls)

        async def lane() -> None:
            for call in waiting:
                await call()

        async def lanes() -> None:
            await asyncio.gather(*(lane() for _ in range(PARALLEL)))

        self._loop.run_until_complete(lanes())

    def up_tree(self, local: Path, remote: str) -> None:
        """Upload a folder."""

        def upload(name: str) -> Callable[[], Any]:
            return lambda: self._create(f"{remote}/{name}", (local / name).read_bytes())

        names = [
            str((Path(folder) / name).relative_to(local))
            for folder, _, files in os.walk(local)
            for name in files
        ]
        self._all([upload(name) for name in names])

    def up_mixed(self, local: Path, remote: str) -> None:
        """Upload a folder of small and big files: the small ones, and then one big one after another."""
        self.up_tree(local / "small", f"{remote}/small")
        for path in (local / "big").iterdir():
            self.up_file(path, f"{remote}/big/{path.name}")

    def copy_tree(self, source: str, target: str) -> None:
        """Copy a directory of the lake."""

        def copy(name: str) -> Callable[[], Any]:
            async def pass_on() -> None:
                await self._create(f"{target}/{name}", await self._read(f"{source}/{name}"))

            return pass_on

        self._all([copy(name) for name in self._names(source)])

    def make_directories(self, paths: list[str]) -> None:
        """Make directories, for others to walk."""
        self._all([partial(self._call, "PUT", path, "MKDIRS") for path in paths])

    def _names(self, remote: str) -> list[str]:
        return [entry["pathSuffix"] for entry in self._entries(remote)]

    def _entries(self, remote: str) -> list[dict[str, Any]]:
        async def pages() -> list[dict[str, Any]]:
            entries: list[dict[str, Any]] = []
            after = "&listSize=4000"
            while after:
                page = json.loads(await self._call("GET", remote, "LISTSTATUS", after))["FileStatuses"]
                entries += page["FileStatus"]
                token = page["continuationToken"]
                after = token and f"&listSize=4000&listAfter={quote(token)}"
            return entries

        return self._loop.run_until_complete(pages())

    def down_tree(self, remote: str, local: Path) -> None:
        """Download a directory."""
        local.mkdir()

        def download(name: str) -> Callable[[], Any]:
            async def get() -> None:
                (local / name).write_bytes(await self._read(f"{remote}/{name}"))

            return get

        self._all([download(name) for name in self._names(remote)])

    def up_file(self, local: Path, remote: str) -> None:
        """Upload a file: its blocks at the same time, and one MSCONCAT."""
        parts = [f"{remote}.{number}" for number in range(-(-local.stat().st_size // BLOCK))]

        def upload(number: int) -> Callable[[], Any]:
            async def put() -> None:
                with local.open("rb") as file:
                    file.seek(number * BLOCK)
                    await self._create(parts[number], file.read(BLOCK))

            return put

        self._all([upload(number) for number in range(len(parts))])
        self._loop.run_until_complete(self._call("POST", remote, "MSCONCAT", json={"sources": parts}))

    def down_file(self, remote: str, local: Path) -> None:
        """Download a file: its blocks at the same time."""
        size = self._loop.run_until_complete(self._length(remote))
        with local.open("wb") as file:
            descriptor = file.fileno()

            def download(offset: int) -> Callable[[], Any]:
                async def get() -> None:
                    os.pwrite(
                        descriptor, await self._range(remote, offset, min(BLOCK, size - offset)), offset
                    )

                return get

            self._all([download(offset) for offset in range(0, size, BLOCK)])

    async def _length(self, path: str) -> int:
        return int(json.loads(await self._call("GET", path, "GETFILESTATUS"))["FileStatus"]["length"])

    async def _range(self, path: str, offset: int, length: int) -> bytes:
        return await self._call("GET", path, "OPEN", f"&read=true&offset={offset}&length={length}")

    def walk(self, remote: str) -> int:
        """Return how many files a tree holds."""
        count = 0

        async def visit(path: str) -> None:
            nonlocal count
            async with self._lanes:
                page = json.loads(await self._call("GET", path, "LISTSTATUS", "&listSize=4000"))
            entries = page["FileStatuses"]["FileStatus"]
            below = [entry["pathSuffix"] for entry in entries if entry["type"] == "DIRECTORY"]
            count += len(entries) - len(below)
            await asyncio.gather(*(visit(f"{path}/{name}") for name in below))

        async def start() -> None:
            self._lanes = asyncio.Semaphore(PARALLEL)
            await visit(remote)

        self._loop.run_until_complete(start())
        return count

    def ls(self, remote: str) -> int:
        """Return how many names a directory holds."""
        return len(self._entries(remote))


SIDES: dict[str, Callable[[str], Any]] = {"ours": Ours, "sdk": Sdk, "bare": Bare}
