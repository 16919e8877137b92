"""An emulator as a process that is killed as it is written to, and the writers that know what it holds."""

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
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from airflow_provider_adls.emulator.store import open_store

PORTS = ["--port", "0", "--proxy-port", "0"]
COMMAND = [str(Path(sys.executable).with_name("adls-gen1")), "emulator", "start", *PORTS]
LAKE = "https://datalake.azure.net/"
MIB = 2**20
#: Sizes of content that lie in the database, move out of it, and begin outside.
SIZES = (0, 100, 60_000, 70_000, 300_000)


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


class Writer(ABC):
    """Changes the files of one directory, and knows at each moment how they may be.

    :param sure: names and content, as far as it was acknowledged.
    :param next: the same after the request under way, which was not acknowledged yet.
    """

    #: Class of the connections that it writes by.
    client: Callable[[Process], Any]

    def __init__(self, number: int) -> None:
        self.folder = f"/writer {number}"
        self.sure: dict[str, bytes] = {}
        self.next: dict[str, bytes] = {}
        self.acknowledged = 0
        self.random = random.Random(number)
        self.names = iter(range(10**9))

    @abstractmethod
    def step(self, client: Any) -> None:
        """Change something, by one request or several."""

    def work(self, process: Process) -> None:
        """Write until the process is gone."""
        # A broken tunnel has many faces, and none of them is a refusal.
        suppressed = contextlib.suppress(OSError, http.client.HTTPException)
        with contextlib.closing(self.client(process)) as client, suppressed:
            while True:
                self.step(client)

    def send(self, client: Any, files: dict[str, bytes], *request: Any, **options: object) -> None:
        """Send a request after which the directory holds these files."""
        self.next = files
        client(*request, **options)
        self.sure = files
        self.acknowledged += 1


def survive_kills(
    folder: Path, start: Callable[[Path], Process], writers: Sequence[Writer], kills: int, *make: str
) -> None:
    """Kill an emulator while it is written to, and check what the next one over its folder holds.

    :param make: the request, around its path, that makes a writer's directory.
    """
    moment, process = random.Random(1), start(folder)
    verb, what = make
    try:
        with contextlib.closing(writers[0].client(process)) as client:
            for writer in writers:
                client(verb, writer.folder, what)
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
            process = start(folder)
            with contextlib.closing(writers[0].client(process)) as client:
                for writer in writers:
                    found = client.files(writer.folder)
                    assert found in (writer.sure, writer.next)
                    writer.sure = writer.next = found
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
