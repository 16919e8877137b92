"""The emulator as a process, killed as files of a Gen2 account are written."""

from __future__ import annotations

import contextlib
import hashlib
import http.client
import json
import random
import sqlite3
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

import pytest

from airflow_provider_adls.emulator.store import open_store
from tests.emulator.test_durability import MIB, SIZES, Process

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


class Writer:
    """Changes the files of one directory, and knows at each moment how they may be.

    :param sure: names and content, as far as it was acknowledged.
    :param next: the same after the request under way, which was not acknowledged yet.
    """

    def __init__(self, number: int) -> None:
        self.folder = f"/writer {number}"
        self.sure: dict[str, bytes] = {}
        self.next: dict[str, bytes] = {}
        self.acknowledged = 0
        self._random = random.Random(number)
        self._names = iter(range(10**9))

    def work(self, process: Process) -> None:
        """Write until the process is gone."""
        client = Client(process)
        try:
            # A broken tunnel has many faces, and none of them is a refusal.
            with contextlib.suppress(OSError, http.client.HTTPException):
                while True:
                    self._step(client)
        finally:
            client.close()

    def _send(self, client: Client, files: dict[str, bytes], *request: str, **options: object) -> None:
        self.next = files
        client(*request, **options)
        self.sure = files
        self.acknowledged += 1

    def _step(self, client: Client) -> None:
        pick = self._random
        data = pick.randbytes(pick.choice(SIZES[1:]))
        names = sorted(self.sure)
        name = pick.choice(names) if names else ""
        new = f"{next(self._names)} ü%.bin"
        steps = ["create", "blob"] if len(names) < 3 else ["create", "append", "blob", "rename", "delete"]
        path = f"{self.folder}/{name}"
        match pick.choice(steps if len(names) < 12 else steps[3:]):
            case "create":
                target = pick.choice([new, name or new])
                empty = self.sure | {target: b""}
                self._send(client, empty, "PUT", f"{self.folder}/{target}", "resource=file")
                self._append(client, target, data)
            case "append":
                self._append(client, name, data)
            case "blob":
                target = pick.choice([new, name or new])
                whole = self.sure | {target: data}
                options = {"body": data, "face": "blob", "x_ms_blob_type": "BlockBlob"}
                self._send(client, whole, "PUT", f"{self.folder}/{target}", **options)
            case "rename":
                target = pick.choice([new, *names])
                files = dict(self.sure)
                files[target] = files.pop(name)
                source = quote(f"/raw{path}")
                self._send(
                    client, files, "PUT", f"{self.folder}/{target}", "mode=legacy", x_ms_rename_source=source
                )
            case "delete":
                files = {other: content for other, content in self.sure.items() if other != name}
                self._send(client, files, "DELETE", path)

    def _append(self, client: Client, name: str, data: bytes) -> None:
        path, old = f"{self.folder}/{name}", self.sure[name]
        half = len(data) // 2
        # What an append before a kill left is dropped, lest it overlap with what comes now.
        self._send(client, self.sure, "PATCH", path, f"action=flush&position={len(old)}")
        for start, part in ((half, data[half:]), (0, data[:half])):
            query = f"action=append&position={len(old) + start}"
            self._send(client, self.sure, "PATCH", path, query, body=part)
        whole = self.sure | {name: old + data}
        self._send(client, whole, "PATCH", path, f"action=flush&position={len(old + data)}")


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.long)])
def test_kills_lose_nothing_that_was_flushed(tmp_path, kills):
    """After each kill every directory is as its last acknowledged request left it, or the one under way."""
    folder, writers, moment = tmp_path / "data", [Writer(number) for number in range(3)], random.Random(1)
    process = process_over(folder)
    try:
        client = Client(process)
        for writer in writers:
            client("PUT", writer.folder, "resource=directory")
        client.close()
        for _ in range(kills):
            before = [writer.acknowledged for writer in writers]
            threads = [threading.Thread(target=writer.work, args=(process,)) for writer in writers]
            for thread in threads:
                thread.start()
            deadline = time.monotonic() + 180
            while any(writer.acknowledged == count for writer, count in zip(writers, before, strict=True)):
                assert time.monotonic() < deadline
                time.sleep(0.01)
            time.sleep(moment.uniform(0, 0.6))
            process.kill()
            for thread in threads:
                thread.join()
            process = process_over(folder)
            client = Client(process)
            for writer in writers:
                found = client.files(writer.folder)
                assert found in (writer.sure, writer.next)
                writer.sure = writer.next = found
            client.close()
    finally:
        process.kill()
    # What was left of the last kill goes at the next opening.
    open_store(folder).close()
    with contextlib.closing(sqlite3.connect(folder / "lake.db")) as database:
        (out,) = database.execute("SELECT count(*) FROM segments WHERE data IS NULL").fetchone()
        (lost,) = database.execute(
            "SELECT count(*) FROM segments WHERE abs(node) NOT IN (SELECT id FROM nodes)"
        ).fetchone()
    assert (out, lost) == (sum(path.is_file() for path in (folder / "content").rglob("*")), 0)


def _digest(block: bytes, times: int) -> bytes:
    found = hashlib.md5()
    for _ in range(times):
        found.update(block)
    return found.digest()


@pytest.mark.parametrize("size", [100, pytest.param(512, marks=pytest.mark.long)])
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
