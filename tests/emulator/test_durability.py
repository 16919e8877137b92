"""The emulator as a process: killed as it is written to, and given more than it may hold in memory."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from urllib.parse import quote, urlencode

import pytest

from tests.emulator.killed import MIB, SIZES, Process, Writer, survive_kills

STEPS = ("create", "append", "overwrite", "rename", "delete", "join")


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


class LakeWriter(Writer):
    """Writes by the operations of Gen1."""

    client = Client

    def step(self, client: Client) -> None:
        pick = self.random
        data = pick.randbytes(pick.choice(SIZES))
        names = sorted(self.sure)
        steps = (
            ["create", "append", "overwrite", "rename", "delete", "join"] if len(names) > 2 else ["create"]
        )
        name = pick.choice(names) if names else ""
        new = f"{next(self.names)} ü%.bin"
        files = dict(self.sure)
        match pick.choice(steps if len(names) < 12 else STEPS[4:]):
            case "create":
                self.send(
                    client, files | {new: data}, "PUT", f"{self.folder}/{new}", "CREATE", data, write="true"
                )
            case "append":
                # What was joined takes no appends: it is made anew first.
                if name.startswith("joined"):
                    return
                self.send(
                    client,
                    files | {name: files[name] + data},
                    "POST",
                    f"{self.folder}/{name}",
                    "APPEND",
                    data,
                    append="true",
                    offset=len(files[name]),
                )
            case "overwrite":
                self.send(
                    client,
                    files | {name: data},
                    "PUT",
                    f"{self.folder}/{name}",
                    "CREATE",
                    data,
                    write="true",
                    overwrite="true",
                )
            case "rename":
                target = f"joined {new}" if name.startswith("joined") else new
                content = files.pop(name)
                self.send(
                    client,
                    files | {target: content},
                    "PUT",
                    f"{self.folder}/{name}",
                    "RENAME",
                    destination=f"{self.folder}/{target}",
                )
            case "delete":
                files.pop(name)
                self.send(client, files, "DELETE", f"{self.folder}/{name}", "DELETE")
            case "join":
                parts = pick.sample(names, 2)
                content = b"".join(files.pop(part) for part in parts)
                sources = json.dumps({"sources": [f"{self.folder}/{part}" for part in parts]}).encode()
                self.send(
                    client,
                    files | {f"joined {new}": content},
                    "POST",
                    f"{self.folder}/joined {new}",
                    "MSCONCAT",
                    sources,
                )


@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.long)])
def test_kills_lose_nothing_and_leave_nothing_half_made(tmp_path, kills):
    """After each kill every directory is as its last acknowledged request left it, or the one under way."""
    writers = [LakeWriter(number) for number in range(4)]
    survive_kills(tmp_path / "data", Process, writers, kills, "PUT", "MKDIRS")


@pytest.mark.parametrize("size", [40, pytest.param(512, marks=pytest.mark.long)])
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
