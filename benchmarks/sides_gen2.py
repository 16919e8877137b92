"""The sides of the benchmark on Gen2: ours, azure-storage-file-datalake, adlfs, and bare aiohttp.

What the SDK has no call for is written as its users do: calls in as many threads as the others have requests.
Both of the others sign in with a signature, which costs them least.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import sides
from benchmarks.sides import ACCOUNT, BLOCK, PARALLEL

CONTAINER = "lake"
SIGNATURE = "sv=2021-12-02&sig=c2ln"
#: Requests for one big file at the same time, as ours has.
IN_PARALLEL = 8


class Ours(sides.Ours):
    """The package's file system."""

    def __init__(self, url: str) -> None:
        super().__init__(f"{url}/dfs/{{account}}", container=CONTAINER)


class Sdk:
    """azure-storage-file-datalake."""

    def __init__(self, url: str) -> None:
        from azure.core.credentials import AzureSasCredential
        from azure.storage.filedatalake import DataLakeServiceClient

        service = DataLakeServiceClient(f"{url}/dfs/{ACCOUNT}", AzureSasCredential(SIGNATURE))
        self._files = service.get_file_system_client(CONTAINER)

    def begin(self) -> None:
        """Connect."""
        self._files.exists()

    def up_tree(self, local: Path, remote: str) -> None:
        """Upload a folder."""

        def upload(path: Path) -> None:
            client = self._files.get_file_client(f"{remote}/{path.relative_to(local)}")
            client.upload_data(path.read_bytes(), overwrite=True)

        with ThreadPoolExecutor(PARALLEL) as pool:
            list(pool.map(upload, (path for path in local.rglob("*") if path.is_file())))

    def down_tree(self, remote: str, local: Path) -> None:
        """Download a directory."""
        local.mkdir()

        def download(name: str) -> None:
            content = self._files.get_file_client(name).download_file().readall()
            (local / Path(name).name).write_bytes(content)

        names = [path.name for path in self._files.get_paths(remote) if not path.is_directory]
        with ThreadPoolExecutor(PARALLEL) as pool:
            list(pool.map(download, names))

    def up_file(self, local: Path, remote: str) -> None:
        """Upload a file."""
        with local.open("rb") as file:
            self._files.get_file_client(remote).upload_data(file, overwrite=True, max_concurrency=IN_PARALLEL)

    def down_file(self, remote: str, local: Path) -> None:
        """Download a file."""
        with local.open("wb") as file:
            self._files.get_file_client(remote).download_file(max_concurrency=IN_PARALLEL).readinto(file)

    def walk(self, remote: str) -> int:
        """Return how many files a tree holds."""
        return sum(not path.is_directory for path in self._files.get_paths(remote))


class Adlfs:
    """adlfs, which speaks the Blob face alone."""

    def __init__(self, url: str) -> None:
        from adlfs import AzureBlobFileSystem  # type: ignore[import-not-found,import-untyped,unused-ignore] # bench installs it

        self._fs = AzureBlobFileSystem(
            ACCOUNT,
            connection_string=f"BlobEndpoint={url}/blob/{ACCOUNT};SharedAccessSignature={SIGNATURE}",
            assume_container_exists=True,
        )

    def begin(self) -> None:
        """Connect."""
        self._fs.exists(f"{CONTAINER}/nothing")

    def up_tree(self, local: Path, remote: str) -> None:
        """Upload a folder."""
        self._fs.put(f"{local}/", f"{CONTAINER}{remote}/", recursive=True)

    def down_tree(self, remote: str, local: Path) -> None:
        """Download a directory."""
        self._fs.get(f"{CONTAINER}{remote}/", str(local), recursive=True)

    def up_file(self, local: Path, remote: str) -> None:
        """Upload a file."""
        self._fs.put_file(str(local), f"{CONTAINER}{remote}")

    def down_file(self, remote: str, local: Path) -> None:
        """Download a file."""
        self._fs.get_file(f"{CONTAINER}{remote}", str(local))

    def walk(self, remote: str) -> int:
        """Return how many files a tree holds."""
        return len(self._fs.find(f"{CONTAINER}{remote}"))


class Bare(sides.Bare):
    """The same work by aiohttp alone."""

    prefix = f"/dfs/{ACCOUNT}/{CONTAINER}"

    async def _touch(self) -> None:
        await self._send("HEAD", "/")

    async def _create(self, path: str, content: bytes) -> None:
        await self._send("PUT", path, data=content, headers={"x-ms-blob-type": "BlockBlob"})

    async def _read(self, path: str) -> bytes:
        return (await self._send("GET", path))[1]

    async def _length(self, path: str) -> int:
        return int((await self._send("HEAD", path))[0]["Content-Length"])

    async def _range(self, path: str, offset: int, length: int) -> bytes:
        headers = {"Range": f"bytes={offset}-{offset + length - 1}"}
        return (await self._send("GET", path, headers=headers))[1]

    def _names(self, remote: str) -> list[str]:
        return [entry["name"].rpartition("/")[2] for entry in self._entries(remote)]

    def _entries(self, remote: str) -> list[dict[str, Any]]:
        async def pages() -> list[dict[str, Any]]:
            entries: list[dict[str, Any]] = []
            query = f"?resource=filesystem&recursive=true&directory={remote[1:]}"
            token: str | None = ""
            while token is not None:
                headers, body = await self._send("GET", query + (token and f"&continuation={token}"))
                entries += json.loads(body)["paths"]
                token = headers.get("x-ms-continuation")
            return entries

        return self._loop.run_until_complete(pages())

    def make_directories(self, paths: list[str]) -> None:
        """Make directories, for others to walk."""
        self._all([partial(self._send, "PUT", f"{path}?resource=directory") for path in paths])

    def up_file(self, local: Path, remote: str) -> None:
        """Upload a file: its blocks at the same time, and one flush."""
        size = local.stat().st_size
        with local.open("rb") as file:

            def upload(offset: int) -> Callable[[], Any]:
                async def append() -> None:
                    content = os.pread(file.fileno(), BLOCK, offset)
                    await self._send("PATCH", f"{remote}?action=append&position={offset}", data=content)

                return append

            self._loop.run_until_complete(self._send("PUT", f"{remote}?resource=file"))
            self._all([upload(offset) for offset in range(0, size, BLOCK)])
            self._loop.run_until_complete(self._send("PATCH", f"{remote}?action=flush&position={size}"))

    def walk(self, remote: str) -> int:
        """Return how many files a tree holds."""
        return sum("isDirectory" not in entry for entry in self._entries(remote))


SIDES: dict[str, Callable[[str], Any]] = {"ours": Ours, "sdk": Sdk, "adlfs": Adlfs, "bare": Bare}
