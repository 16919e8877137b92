"""How fast the emulator is, against aiohttp over the same TLS that stores nothing.

`make bench` prints the ratios; the sides take turns, and of several rounds the median counts.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import aiohttp

from airflow_provider_adls.auth import ClientSecret
from airflow_provider_adls.emulator.store import ACCOUNTS, Node, open_store
from airflow_provider_adls.model.clouds import DATALAKE_AUDIENCE, STORAGE_AUDIENCE, emulator_cloud

ROUNDS = 5
REQUESTS = 2000
IN_FLIGHT = 64
BODY = b"x" * 1024
ENTRIES = 100_000
PAGE = 4000
STREAMED = 256 * 2**20
BLOCK = 4 * 2**20
ACCOUNT = "bench"
GEN2_ACCOUNT, CONTAINER = "bench2", "data"
Measure = Callable[[], Coroutine[Any, Any, float]]


class Server:
    """A running emulator, or the bare server, and how it is asked."""

    def __init__(
        self, url: str, ca_file: str, token: str = "", pid: int = 0, said: dict[str, Any] | None = None
    ) -> None:
        self.url = url
        self.pid = pid
        #: What stands in its ready file.
        self.said = said or {}
        self._token = token
        self._tls = ssl.create_default_context(cafile=ca_file)
        #: Container of a storage account, and the token for it; the bare server takes any.
        self.gen2_url, self.gen2_token = url, token

    def session(self, token: str = "") -> aiohttp.ClientSession:
        """Connections to it.

        :param token: another one than the account's.
        """
        connector = aiohttp.TCPConnector(ssl=self._tls, limit=IN_FLIGHT)
        headers = {"Authorization": f"Bearer {token or self._token}", "x-ms-version": "2021-06-08"}
        return aiohttp.ClientSession(connector=connector, headers=headers)


@contextlib.contextmanager
def emulator(folder: Path, *storage: str) -> Iterator[Server]:
    """The emulator as a process of its own."""
    ready = folder / "ready.json"
    ready.unlink(missing_ok=True)
    began = time.perf_counter()
    process = subprocess.Popen(
        [
            *(sys.executable, "-c", "from airflow_provider_adls.cli import main; main()"),
            *("emulator", "start", "--port", "0", "--proxy-port", "0", "--account", ACCOUNT),
            *("--storage-account", f"{GEN2_ACCOUNT}={CONTAINER}"),
            *("--ready-file", str(ready), *storage),
        ],
        stdout=subprocess.DEVNULL,
    )
    try:
        while not ready.exists():
            time.sleep(0.005)
        print(f"  ready after {time.perf_counter() - began:.2f} s ({' '.join(storage)})")
        said = json.loads(ready.read_text())
        secret = ClientSecret(
            said["tenant_id"],
            said["client_id"],
            said["client_secret"],
            emulator_cloud(said["url"]),
            said["ca_file"],
        )
        token = secret.acquire(DATALAKE_AUDIENCE).token
        server = Server(f"{said['url']}/adls/{ACCOUNT}/webhdfs/v1", said["ca_file"], token, process.pid, said)
        server.gen2_url = f"{said['storage_accounts'][GEN2_ACCOUNT]['dfs_url']}/{CONTAINER}"
        server.gen2_token = secret.acquire(STORAGE_AUDIENCE).token
        yield server
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def bare(folder: Path, file: Path) -> Iterator[Server]:
    """The bare server as a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.bare", str(folder), str(file)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield Server(process.stdout.readline().strip(), str(folder / "ca.pem"))
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


async def create(server: Server) -> float:
    """Files of 1 KiB a second."""
    numbers = iter(range(REQUESTS))
    mark = time.monotonic_ns()
    async with server.session() as session:

        async def worker() -> None:
            for number in numbers:
                url = f"{server.url}/{mark}/{number % 20}/{number}?op=CREATE&write=true&overwrite=true"
                async with session.put(url, data=BODY) as answer:
                    assert answer.status == 201, await answer.text()

        began = time.perf_counter()
        await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))
        return REQUESTS / (time.perf_counter() - began)


async def create_append_flush(server: Server) -> float:
    """Files of 1 KiB a second, each by the three requests of Gen2."""
    numbers = iter(range(REQUESTS))
    mark = time.monotonic_ns()

    async def lane(session: aiohttp.ClientSession) -> None:
        for number in numbers:
            url = f"{server.gen2_url}/{mark}-{number}"
            for method, query, body, expected in (
                ("PUT", "resource=file", None, 201),
                ("PATCH", "action=append&position=0", BODY, 202),
                ("PATCH", f"action=flush&position={len(BODY)}", None, 200),
            ):
                async with session.request(method, f"{url}?{query}", data=body) as answer:
                    assert answer.status in {expected, 201}, await answer.text()

    async with server.session(server.gen2_token) as session:
        began = time.perf_counter()
        await asyncio.gather(*(lane(session) for _ in range(IN_FLIGHT)))
        return REQUESTS / (time.perf_counter() - began)


async def write_big(server: Server) -> None:
    """Make the file that is streamed."""
    async with server.session() as session:
        url = f"{server.url}/big"
        async with session.put(f"{url}?op=CREATE&write=true&overwrite=true") as answer:
            assert answer.status == 201
        for offset in range(0, STREAMED, BLOCK):
            query = f"op=APPEND&append=true&offset={offset}"
            async with session.post(f"{url}?{query}", data=bytes(BLOCK)) as answer:
                assert answer.status == 200, await answer.text()


async def stream(server: Server) -> float:
    """MiB a second."""
    async with server.session() as session:
        began = time.perf_counter()
        received = 0
        async with session.get(f"{server.url}/big?op=OPEN&read=true") as answer:
            async for chunk in answer.content.iter_any():
                received += len(chunk)
        assert received == STREAMED
        return STREAMED / 2**20 / (time.perf_counter() - began)


async def page(server: Server, after: str) -> float:
    """Pages of 4,000 entries a second."""
    async with server.session() as session:
        url = f"{server.url}/many?op=LISTSTATUS&api-version=2018-09-01&listSize={PAGE}&listAfter={after}"
        async with session.get(f"{server.url}/?op=GETFILESTATUS"):
            pass
        began = time.perf_counter()
        async with session.get(url) as answer:
            entries = (await answer.json())["FileStatuses"]["FileStatus"]
        assert len(entries) == PAGE
        return 1 / (time.perf_counter() - began)


def fill(folder: Path) -> None:
    """A directory of 100,000 files, made without the service."""
    store = open_store(folder)
    with store.transaction():
        root = store.child(ACCOUNTS, ACCOUNT)
        assert root is not None
        common: dict[str, Any] = {"permission": 0o770, "owner": root.owner, "group": root.group}
        many = store.insert(Node.made(root.id, "many", 1, directory=True, **common))
        for number in range(ENTRIES):
            node = store.insert(Node.made(many.id, f"{number:08}.csv", 1, directory=False, **common))
            store.write(node.id, 0, b"x")
            store.save(node._replace(length=1, synced=1))
    store.close()


def compare(
    name: str,
    bar: str,
    ours: Measure,
    theirs: Measure,
    unit: str,
) -> None:
    """Let the sides take turns, and print the ratio of their medians."""
    rates: tuple[list[float], list[float]] = ([], [])
    for turn in range(ROUNDS + 1):
        for side, measure in zip(rates, (ours, theirs), strict=True):
            rate = asyncio.run(measure())
            if turn:  # the first warms up
                side.append(rate)
    one, other = map(statistics.median, rates)
    print(f"{name:34} {one / other:6.2f}   bar {bar:8} ({one:,.0f} against {other:,.0f} {unit})")


def resident(pid: int) -> float:
    """MiB of memory that a process has."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found
    return int(found[1]) / 1024


def main() -> None:
    """Measure everything, and print a line each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        big = folder / "big"
        big.write_bytes(bytes(STREAMED))
        with bare(folder / "tls", big) as other:
            with emulator(folder, "--in-memory") as memory:
                compare(
                    "CREATE in memory", ">= 0.5", lambda: create(memory), lambda: create(other), "files/s"
                )
                compare(
                    "Gen2 create, append, flush, memory",
                    ">= 0.5",
                    lambda: create_append_flush(memory),
                    lambda: create_append_flush(other),
                    "files/s",
                )
            with emulator(folder, "--data", str(folder / "lake")) as disk:
                compare("CREATE on disk", ">= 0.33", lambda: create(disk), lambda: create(other), "files/s")
                compare(
                    "Gen2 create, append, flush, disk",
                    ">= 0.33",
                    lambda: create_append_flush(disk),
                    lambda: create_append_flush(other),
                    "files/s",
                )
                asyncio.run(write_big(disk))
                compare("OPEN of 256 MiB", ">= 0.5", lambda: stream(disk), lambda: stream(other), "MiB/s")
            fill(folder / "lake")
            with emulator(folder, "--data", str(folder / "lake")) as filled:
                last = f"{ENTRIES - PAGE - 1:08}.csv"
                compare(
                    "last page of 100,000, in time",
                    "<= 2",
                    lambda: page(filled, ""),
                    lambda: page(filled, last),
                    "pages/s, first against last",
                )
                print(f"resident with 100,000 files        {resident(filled.pid):6.0f}   bar <= 150  (MiB)")


if __name__ == "__main__":
    main()
