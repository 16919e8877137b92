"""The emulator as a process, killed as files of a Gen2 account are written."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.emulator.killed import MIB, SIZES, Process, Writer, survive_kills

STORAGE = "https://storage.azure.com/"


def process_over(folder: Path) -> Process:
    return Process(folder, "--storage-account=lake=raw", STORAGE)


class Client:
    """One connection to the container `raw` of the account `lake`."""

    def __init__(self, process: Process) -> None:
        self._connection = process.connect()
        self._headers = {**process.headers, "x-ms-version": "2021-12-02"}

    def __call__(
        self,
        verb: str,
        path: str,
        query: str = "",
        body: bytes | Iterable[bytes] = b"",
        face: str = "dfs",
        **headers: str,
    ) -> bytes:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        target = f"/{face}/lake/raw{quote(path)}{f'?{query}' if query else ''}"
        self._connection.request(verb, target, body, self._headers | named)
        answer = self._connection.getresponse()
        content = answer.read()
        assert answer.status < 300, content
        return content

    def files(self, folder: str) -> dict[str, bytes]:
        listed = json.loads(
            self("GET", "", f"resource=filesystem&recursive=true&directory={quote(folder[1:])}")
        )
        names = [path["name"] for path in listed["paths"]]
        return {name.rpartition("/")[2]: self("GET", f"/{name}") for name in names}

    def digest(self, path: str) -> bytes:
        """MD5 of a file that is read and forgotten."""
        self._connection.request("GET", f"/dfs/lake/raw{quote(path)}", headers=self._headers)
        answer, found = self._connection.getresponse(), hashlib.md5()
        while chunk := answer.read(MIB):
            found.update(chunk)
        return found.digest()

    def close(self) -> None:
        self._connection.close()


class StorageWriter(Writer):
    """Writes by the operations of Gen2, on both faces."""

    client = Client

    def step(self, client: Client) -> None:
        pick = self.random
        data = pick.randbytes(pick.choice(SIZES[1:]))
        names = sorted(self.sure)
        name = pick.choice(names) if names else ""
        new = f"{next(self.names)} ü%.bin"
        steps = ["create", "blob"] if len(names) < 3 else ["create", "append", "blob", "rename", "delete"]
        path = f"{self.folder}/{name}"
        match pick.choice(steps if len(names) < 12 else steps[3:]):
            case "create":
                target = pick.choice([new, name or new])
                empty = self.sure | {target: b""}
                self.send(client, empty, "PUT", f"{self.folder}/{target}", "resource=file")
                self._append(client, target, data)
            case "append":
                self._append(client, name, data)
            case "blob":
                target = pick.choice([new, name or new])
                whole = self.sure | {target: data}
                options = {"body": data, "face": "blob", "x_ms_blob_type": "BlockBlob"}
                self.send(client, whole, "PUT", f"{self.folder}/{target}", **options)
            case "rename":
                target = pick.choice([new, *names])
                files = dict(self.sure)
                files[target] = files.pop(name)
                source = quote(f"/raw{path}")
                self.send(
                    client, files, "PUT", f"{self.folder}/{target}", "mode=legacy", x_ms_rename_source=source
                )
            case "delete":
                files = {other: content for other, content in self.sure.items() if other != name}
                self.send(client, files, "DELETE", path)

    def _append(self, client: Client, name: str, data: bytes) -> None:
        path, old = f"{self.folder}/{name}", self.sure[name]
        half = len(data) // 2
        # What an append before a kill left is dropped, lest it overlap with what comes now.
        self.send(client, self.sure, "PATCH", path, f"action=flush&position={len(old)}")
        for start, part in ((half, data[half:]), (0, data[:half])):
            query = f"action=append&position={len(old) + start}"
            self.send(client, self.sure, "PATCH", path, query, body=part)
        whole = self.sure | {name: old + data}
        self.send(client, whole, "PATCH", path, f"action=flush&position={len(old + data)}")


@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.long)])
def test_kills_lose_nothing_that_was_flushed(tmp_path, kills):
    """After each kill every directory is as its last acknowledged request left it, or the one under way."""
    writers = [StorageWriter(number) for number in range(3)]
    survive_kills(tmp_path / "data", process_over, writers, kills, "PUT", "resource=directory")


def _digest(block: bytes, times: int) -> bytes:
    found = hashlib.md5()
    for _ in range(times):
        found.update(block)
    return found.digest()


@pytest.mark.parametrize("size", [40, pytest.param(512, marks=pytest.mark.long)])
def test_long_content_takes_no_more_memory_than_short(tmp_path, size):
    """Of a long append, blob, block or copy a few MiB are in memory at a time."""
    process = process_over(tmp_path / "data")
    try:
        client = Client(process)

        def transfer(mebibytes: int) -> int:
            block = random.randbytes(MIB)
            length = mebibytes * MIB

            def send(verb: str, path: str, query: str = "", face: str = "dfs", **headers: str) -> None:
                named = {"Content_Length": str(length)} | headers
                client(verb, path, query, (block for _ in range(mebibytes)), face, **named)

            client("PUT", "/appended", "resource=file")
            send("PATCH", "/appended", "action=append&position=0")
            client("PATCH", "/appended", f"action=flush&position={length}")
            send("PUT", "/put", face="blob", x_ms_blob_type="BlockBlob")
            send("PUT", "/blocks", "comp=block&blockid=AAAA", face="blob")
            names = b"<BlockList><Latest>AAAA</Latest><Latest>AAAA</Latest></BlockList>"
            client("PUT", "/blocks", "comp=blocklist", names, face="blob")
            source = f"{process.ready['url']}/blob/lake/raw/put"
            client("PUT", "/copied", face="blob", x_ms_copy_source=source)
            for name, times in (("appended", 1), ("put", 1), ("blocks", 2), ("copied", 1)):
                assert client.digest(f"/{name}") == _digest(block, mebibytes * times)
            return process.peak()

        small = transfer(10)
        assert transfer(size) < small + 16 * MIB
        client.close()
    finally:
        process.kill()
