"""How fast transfers are, against the SDK's and against one request after the other.

The sides take turns over the same emulator, once as fast as it is and once with the delay of a service that
is far away. Each writes to where nothing is. Of several rounds the median counts; more than 1 is faster than
the other side, and, of processor time, spends less: that of this process and of the emulator together, which
is the measure to trust on a machine that has other work.
"""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from azure.datalake.store.multithread import ADLDownloader, ADLUploader
from fsspec.asyn import sync

from airflow_provider_adls.auth import ClientSecret, DataLakeCredential
from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from airflow_provider_adls.filesystem.sdk import sdk_filesystem
from airflow_provider_adls.lake.uploads import Replacement, committed
from airflow_provider_adls.model.clouds import emulator_cloud
from airflow_provider_adls.model.operations import MAX_BODY
from airflow_provider_adls.transfer.lake import LakeStore
from airflow_provider_adls.transfer.local import LocalStore
from airflow_provider_adls.transfer.plan import Options
from airflow_provider_adls.transfer.run import transfer
from airflow_provider_adls.transfer.stores import End
from benchmarks.emulator import ACCOUNT, emulator

ROUNDS = 3
BIG = 256 * 2**20
SMALL_FILES = 1000
SMALL = 10 * 1024
#: Milliseconds that the emulator lets each request wait: none, and what a service in the next region takes.
LATENCIES = (0, 20)
PARALLEL = 16
Transfer = Callable[[], None]
_TICK = os.sysconf("SC_CLK_TCK")


class Sides:
    """Ways to move the same files.

    :param folder: has `big`, a file, and `many`, a folder of small ones.
    """

    def __init__(self, folder: Path, said: dict[str, Any]) -> None:
        secret = ClientSecret(
            said["tenant_id"],
            said["client_id"],
            said["client_secret"],
            emulator_cloud(said["url"]),
            said["ca_file"],
        )
        credential = DataLakeCredential(secret)
        self._fs = ADLSGen1FileSystem(
            ACCOUNT,
            credential=credential,
            endpoint_url=f"{said['url']}/adls/{{account}}",
            ca_file=said["ca_file"],
            skip_instance_cache=True,
        )
        self._sdk = sdk_filesystem(
            ACCOUNT, credential, f"{said['url']}/adls/{ACCOUNT}", said["ca_file"], None, None
        )
        self._folder = folder

    def clear(self) -> None:
        """Remove what uploads made."""
        for path in ("/big", "/row", "/sdk", "/many", "/sdkmany"):
            if self._fs.exists(path):
                self._fs.rm(path, recursive=True)

    def clear_back(self) -> None:
        """Remove what downloads made."""
        (self._folder / "back").unlink(missing_ok=True)
        shutil.rmtree(self._folder / "back-many", ignore_errors=True)

    def put(self) -> None:
        """Our upload of the big file."""
        self._fs.put_file(str(self._folder / "big"), "/big")

    def get(self) -> None:
        """Our download of it."""
        self._fs.get_file("/big", str(self._folder / "back"))

    def put_in_a_row(self) -> None:
        """The same file, one block after the other."""

        async def put() -> None:
            client = self._fs._client(self._fs._place("/"))  # noqa: SLF001 - what is measured
            async with committed(Replacement(client, "/row")) as upload:
                with (self._folder / "big").open("rb") as file:
                    while block := file.read(MAX_BODY):
                        await upload.write(block)

        sync(self._fs.loop, put)

    def get_in_a_row(self) -> None:
        """The same."""
        with (self._folder / "back").open("wb") as file:
            for offset in range(0, BIG, MAX_BODY):
                file.write(self._fs.cat_file("/big", offset, offset + MAX_BODY))

    def sdk_put(self) -> None:
        """The SDK's upload of it."""
        ADLUploader(
            self._sdk, lpath=str(self._folder / "big"), rpath="/sdk", nthreads=PARALLEL, overwrite=True
        )

    def sdk_get(self) -> None:
        """The SDK's download of it."""
        ADLDownloader(
            self._sdk, lpath=str(self._folder / "back"), rpath="/big", nthreads=PARALLEL, overwrite=True
        )

    def _transfer(self, source: End, target: End) -> None:
        sync(self._fs.loop, transfer, source, target, Options(), lambda *_: None, lambda *_: None)

    def put_many(self) -> None:
        """Our upload of the small files."""
        many = End(LocalStore(), str(self._folder / "many"))
        self._transfer(many, End(LakeStore(self._fs.client), "/many"))

    def sdk_put_many(self) -> None:
        """The SDK's."""
        ADLUploader(
            self._sdk, lpath=str(self._folder / "many"), rpath="/sdkmany", nthreads=PARALLEL, overwrite=True
        )

    def get_many(self) -> None:
        """Our download of the small files."""
        back = End(LocalStore(), str(self._folder / "back-many"))
        self._transfer(End(LakeStore(self._fs.client), "/many"), back)

    def sdk_get_many(self) -> None:
        """The SDK's."""
        ADLDownloader(
            self._sdk, lpath=str(self._folder / "back-many"), rpath="/many", nthreads=PARALLEL, overwrite=True
        )


class Clock:
    """Seconds since its making.

    :param pid: the emulator's process.
    """

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._began = self._now()

    def _now(self) -> tuple[float, float]:
        ours = os.times()
        theirs = Path(f"/proc/{self._pid}/stat").read_text().rpartition(")")[2].split()[11:13]
        return time.perf_counter(), ours.user + ours.system + sum(map(int, theirs)) / _TICK

    def read(self) -> tuple[float, float]:
        """On the wall, and of processors, this process's and the emulator's."""
        wall, spent = self._now()
        return wall - self._began[0], spent - self._began[1]


def compare(name: str, pid: int, clear: Transfer, ours: Transfer, theirs: Transfer) -> None:
    """Let the sides take turns, and print the ratio of their medians.

    :param pid: the emulator's process.
    :param clear: what is done before each, and not measured.
    """
    seconds: tuple[list[tuple[float, float]], list[tuple[float, float]]] = ([], [])
    for _ in range(ROUNDS):
        for side, move in zip(seconds, (ours, theirs), strict=True):
            clear()
            clock = Clock(pid)
            move()
            side.append(clock.read())
    (one, spent), (other, spent_by_other) = (
        map(statistics.median, zip(*side, strict=True)) for side in seconds
    )
    print(
        f"{name:44} {other / one:6.2f}   ({one:.2f} s against {other:.2f} s)"
        f"   processor {spent_by_other / spent:6.2f}   ({spent:.2f} s against {spent_by_other:.2f} s)",
        flush=True,
    )


def main() -> None:
    """Measure everything, and print a line each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "big").write_bytes(bytes(range(256)) * (BIG // 256))
        (folder / "many").mkdir()
        for number in range(SMALL_FILES):
            (folder / "many" / f"{number:05}").write_bytes(bytes(SMALL))
        for latency in LATENCIES:
            with emulator(
                folder, "--data", str(folder / f"lake{latency}"), "--latency", str(latency)
            ) as server:
                sides = Sides(folder, server.said)
                up = partial(compare, pid=server.pid, clear=sides.clear)
                down = partial(compare, pid=server.pid, clear=sides.clear_back)
                big, many = f"{BIG // 2**20} MiB", f"{SMALL_FILES} files"
                up(f"upload of {big}, against a row", ours=sides.put, theirs=sides.put_in_a_row)
                up(f"upload of {big}, against the SDK", ours=sides.put, theirs=sides.sdk_put)
                up(f"upload of {many}, against the SDK", ours=sides.put_many, theirs=sides.sdk_put_many)
                sides.clear()
                sides.put()
                sides.put_many()
                down(f"download of {big}, against a row", ours=sides.get, theirs=sides.get_in_a_row)
                down(f"download of {big}, against the SDK", ours=sides.get, theirs=sides.sdk_get)
                down(f"download of {many}, against the SDK", ours=sides.get_many, theirs=sides.sdk_get_many)


if __name__ == "__main__":
    main()
