"""The emulator as a process: killed as it is written to, and given more than it may hold in memory."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pytest

from airflow_provider_adls.emulator.store import open_store

PORTS = ["--port", "0", "--proxy-port", "0"]
COMMAND = [str(Path(sys.executable).with_name("adls-gen1")), "emulator", "start", *PORTS]
LAKE = "https://datalake.azure.net/"
MIB = 2**20
#: Sizes of content that lie in the database, move out of it, and begin outside.
SIZES = (0, 100, 60_000, 70_000, 300_000)
STEPS = ("create", "append", "overwrite", "rename", "delete", "join")


class Process:
    """An emulator over a folder, until it is killed.

    :param account: option that makes its account.
    :param resource: what its token is for.
    """

    def __init__(self, folder: Path, account: str = "--account=lake", resource: str = LAKE) -> None:
        file = folder.with_name("ready.json")
        file.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [*COMMAND, account, "--data", str(folder), "--ready-file", str(file)],
            stdout=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 180
        while not file.exists():
            assert self.process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        self.ready = json.loads(file.read_text())
        self.address = urlsplit(self.ready["url"])
        self.tls = ssl.create_default_context(cafile=self.ready["ca_file"])
        form = {name: self.ready[name] for name in ("client_id", "client_secret")}
        form |= {"grant_type": "client_credentials", "resource": resource}
        with contextlib.closing(self.connect()) as connection:
            path = f"/{self.ready['tenant_id']}/oauth2/token"
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            connection.request("POST", path, urlencode(form), headers)
            token = json.loads(connection.getresponse().read())["access_token"]
        self.headers = {"Authorization": f"Bearer {token}"}

    def connect(self) -> http.client.HTTPSConnection:
        return http.client.HTTPSConnection(
            self.address.hostname, self.address.port, context=self.tls, timeout=180
        )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def peak(self) -> int:
        """The most memory that was resident, in bytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024


class Client:
    """One connection to the account `lake`."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._connection = process.connect()

    def __call__(
        self, verb: str, path: str, operation: str, body: bytes | Iterable[bytes] = b"", **query: object
    ) -> bytes:
        self.send(verb, path, operation, body, **query)
        answer = self._connection.getresponse()
        content = answer.read()
        assert answer.status in (200, 201), content
        return content

    def send(
        self, verb: str, path: str, operation: str, body: bytes | Iterable[bytes] = b"", **query: object
    ) -> None:
        target = f"/adls/lake/webhdfs/v1{quote(path)}?{urlencode({'op': operation, **query})}"
        self._connection.request(verb, target, body, self._process.headers)

    def read(self, path: str) -> bytes:
        return self("GET", path, "OPEN", read="true")

    def drain(self, path: str) -> int:
        """Length of a file that is read and forgotten."""
        self.send("GET", path, "OPEN", read="true")
        answer, length = self._connection.getresponse(), 0
        while chunk := answer.read(MIB):
            length += len(chunk)
        return length

    def files(self, folder: str) -> dict[str, bytes]:
        listed = json.loads(self("GET", folder, "LISTSTATUS"))["FileStatuses"]["FileStatus"]
        return {status["pathSuffix"]: self.read(f"{folder}/{status['pathSuffix']}") for status in listed}

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
                    self.sure = self.next
                    self.acknowledged += 1
        finally:
            client.close()

    def _step(self, client: Client) -> None:
        pick = self._random
        data = pick.randbytes(pick.choice(SIZES))
        names = sorted(self.sure)
        steps = (
            ["create", "append", "overwrite", "rename", "delete", "join"] if len(names) > 2 else ["create"]
        )
        name = pick.choice(names) if names else ""
        new = f"{next(self._names)} ü%.bin"
        files = dict(self.sure)
        match pick.choice(steps if len(names) < 12 else STEPS[4:]):
            case "create":
                self.next = files | {new: data}
                client("PUT", f"{self.folder}/{new}", "CREATE", data, write="true")
            case "append":
                # What was joined takes no appends: it is made anew first.
                if name.startswith("joined"):
                    return
                self.next = files | {name: files[name] + data}
                client(
                    "POST", f"{self.folder}/{name}", "APPEND", data, append="true", offset=len(files[name])
                )
            case "overwrite":
                self.next = files | {name: data}
                client("PUT", f"{self.folder}/{name}", "CREATE", data, write="true", overwrite="true")
            case "rename":
                target = f"joined {new}" if name.startswith("joined") else new
                content = files.pop(name)
                self.next = files | {target: content}
                client("PUT", f"{self.folder}/{name}", "RENAME", destination=f"{self.folder}/{target}")
            case "delete":
                files.pop(name)
                self.next = files
                client("DELETE", f"{self.folder}/{name}", "DELETE")
            case "join":
                parts = pick.sample(names, 2)
                content = b"".join(files.pop(part) for part in parts)
                self.next = files | {f"joined {new}": content}
                sources = json.dumps({"sources": [f"{self.folder}/{part}" for part in parts]}).encode()
                client("POST", f"{self.folder}/joined {new}", "MSCONCAT", sources)


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.long)])
def test_kills_lose_nothing_and_leave_nothing_half_made(tmp_path, kills):
    """After each kill every directory is as its last acknowledged request left it, or the one under way."""
    folder, writers, moment = tmp_path / "data", [Writer(number) for number in range(4)], random.Random(1)
    process = Process(folder)
    try:
        for writer in writers:
            client = Client(process)
            client("PUT", writer.folder, "MKDIRS")
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
            process = Process(folder)
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
            "SELECT count(*) FROM segments WHERE node NOT IN (SELECT id FROM nodes)"
        ).fetchone()
    assert (out, lost) == (sum(path.is_file() for path in (folder / "content").rglob("*")), 0)


@pytest.mark.parametrize("size", [64, pytest.param(512, marks=pytest.mark.long)])
def test_a_big_file_takes_no_more_memory_than_a_small_one(tmp_path, size):
    """Of a file that is written in blocks, or in one request, and read back, a few blocks are in memory."""
    process = Process(tmp_path / "data")
    try:
        client = Client(process)

        def transfer(name: str, mebibytes: int) -> int:
            client("PUT", name, "CREATE", write="true")
            block = random.randbytes(4 * MIB)
            for offset in range(0, mebibytes * MIB, 4 * MIB):
                data = block[: mebibytes * MIB - offset]
                client("POST", name, "APPEND", data, append="true", offset=offset)
            assert client.drain(name) == mebibytes * MIB
            return process.peak()

        def stream(name: str, mebibytes: int) -> int:
            block = random.randbytes(MIB)
            client("PUT", name, "CREATE", (block for _ in range(mebibytes)), write="true")
            assert client.drain(name) == mebibytes * MIB
            return process.peak()

        small = max(transfer("/small", 10), stream("/small stream", 10))
        assert transfer("/big", size) < small + 16 * MIB
        assert stream("/big stream", size) < small + 16 * MIB
        client.close()
    finally:
        process.kill()
