"""How fast transfers are, against the SDK's and against one request after the other.

The sides take turns over the same emulator, once as fast as it is and once with the delay of a service that
is far away. Of several rounds the median counts; more than 1 is faster than the other side.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from azure.datalake.store.multithread import ADLDownloader, ADLUploader
from fsspec.asyn import sync

from airflow_provider_adls.auth import ClientSecret, DataLakeCredential
from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from airflow_provider_adls.filesystem.sdk import sdk_filesystem
from airflow_provider_adls.filesystem.transfer.lake import LakeStore
from airflow_provider_adls.filesystem.transfer.local import LocalStore
from airflow_provider_adls.filesystem.transfer.plan import Options
from airflow_provider_adls.filesystem.transfer.run import transfer
from airflow_provider_adls.filesystem.transfer.stores import End
from airflow_provider_adls.filesystem.uploads import Replacement, committed
from airflow_provider_adls.gen1.clouds import emulator_cloud
from airflow_provider_adls.gen1.operations import MAX_BODY
from benchmarks.emulator import ACCOUNT, emulator

ROUNDS = 3
BIG = 256 * 2**20
SMALL_FILES = 1000
SMALL = 10 * 1024
#: Milliseconds that the emulator lets each request wait: none, and what a service in the next region takes.
LATENCIES = (0, 20)
PARALLEL = 16
Transfer = Callable[[], None]


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
        self._transfer(many, End(LakeStore(self._fs), "/many"))

    def sdk_put_many(self) -> None:
        """The SDK's."""
        ADLUploader(
            self._sdk, lpath=str(self._folder / "many"), rpath="/sdkmany", nthreads=PARALLEL, overwrite=True
        )

    def get_many(self) -> None:
        """Our download of the small files."""
        shutil.rmtree(self._folder / "back-many", ignore_errors=True)
        back = End(LocalStore(), str(self._folder / "back-many"))
        self._transfer(End(LakeStore(self._fs), "/many"), back)

    def sdk_get_many(self) -> None:
        """The SDK's."""
        shutil.rmtree(self._folder / "back-many", ignore_errors=True)
        ADLDownloader(
            self._sdk, lpath=str(self._folder / "back-many"), rpath="/many", nthreads=PARALLEL, overwrite=True
        )


def compare(name: str, ours: Transfer, theirs: Transfer) -> None:
    """Let the sides take turns, and print the ratio of their medians."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for side, move in zip(seconds, (ours, theirs), strict=True):
            began = time.perf_counter()
            move()
            side.append(time.perf_counter() - began)
    one, other = map(statistics.median, seconds)
    print(f"{name:44} {other / one:6.2f}   ({one:.2f} s against {other:.2f} s)", flush=True)


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
                big, many = f"{BIG // 2**20} MiB", f"{SMALL_FILES} files"
                compare(f"upload of {big}, against a row", sides.put, sides.put_in_a_row)
                compare(f"upload of {big}, against the SDK", sides.put, sides.sdk_put)
                compare(f"download of {big}, against a row", sides.get, sides.get_in_a_row)
                compare(f"download of {big}, against the SDK", sides.get, sides.sdk_get)
                compare(f"upload of {many}, against the SDK", sides.put_many, sides.sdk_put_many)
                compare(f"download of {many}, against the SDK", sides.get_many, sides.sdk_get_many)


if __name__ == "__main__":
    main()
