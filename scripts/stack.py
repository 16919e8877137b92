"""A whole Airflow and a Gen1 service on this machine: started, healthy, connected, and stopped again."""

from __future__ import annotations

import json
import ssl
import sys
import time
import urllib.request
from collections.abc import Callable, Collection
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from scripts.airflow_api import AirflowApi
from scripts.airflow_home import environment, write_config, write_passwords, write_private
from scripts.processes import Process, ProcessFailedError, reserve_port, uninterrupted

CONNECTION = "adls_gen1_default"
#: Seconds until a part must be up, on a machine that does other things too.
START_TIMEOUT = 600.0
POLL_INTERVAL = 0.1

#: Takes the name of a part and a word on it.
Report = Callable[[str, str], None]


def silent(_part: str, _text: str) -> None:
    """Report nothing."""


class Stack:
    """Emulator, Airflow database, connection, API server, scheduler, DAG processor and triggerer.

    :param folder: takes all that they write; made if it is missing.
    :param dags: folder of the DAG files.
    :param account: the account that the connection names, and the only one at the start.
    :param roles: roles that have a user each, called as the role is, who signs in; with none, everybody is
        an admin.
    """

    #: What people call the kind of database.
    database = "SQLite"

    def __init__(self, folder: Path, dags: Path, account: str, roles: Collection[str] = ()) -> None:
        self.folder = folder.resolve()
        self.dags = dags.resolve()
        self.account = account
        self.roles = tuple(roles)
        self.passwords: dict[str, str] = {}
        self.home = self.folder / "airflow"
        self.logs = self.folder / "logs"
        self.ready_file = self.folder / "emulator.json"
        self.emulator: dict[str, str] = {}
        port, self._reservation = reserve_port()
        self.api = AirflowApi(f"http://127.0.0.1:{port}")
        self.environment = environment(self.home, self.ready_file)
        self._processes: list[Process] = []
        self._lasting: list[Process] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, report: Report = silent) -> None:
        """Start everything and wait until it is healthy.

        :param report: called with a part and a word on it, as each is there.
        :raises ProcessFailedError: naming the part that failed, with its log.
        """
        for folder in (self.folder, self.home, self.logs):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_config(self.home, dags=self.dags, port=self._port, roles=self.roles)
        self.passwords = write_passwords(self.home, self.roles)
        self._start_emulator()
        self._start_services()
        migration = self._airflow("database", "db", "migrate")
        self._wait_for(self.ready_file.exists, "emulator", "wrote no ready file")
        self.emulator = json.loads(self.ready_file.read_text())
        report("emulator", self.emulator["url"])
        self._wait_for(migration.finished, "database", "was not migrated")
        report("database", f"{self.database}, migrated")
        for name, arguments in self._components().items():
            self._lasting.append(self._airflow(name, *arguments))
        self._add_connection()
        report("connection", CONNECTION)
        self._wait_until_healthy(report)

    def stop(self) -> None:
        """Stop whatever runs; nothing is left behind when this returns."""
        with uninterrupted():
            for process in reversed(self._processes):
                process.let_go()
            for process in self._processes:
                process.wait()
            self._processes.clear()
            self._lasting.clear()
            self._reservation.close()

    def kill(self, name: str) -> None:
        """Kill a part of Airflow, and all that it started, without a word: as a machine that fails would."""
        process = next(process for process in self._lasting if process.name == name)
        self._lasting.remove(process)
        process.kill()

    def begin(self, name: str) -> None:
        """Start a part of Airflow that was killed; it is healthy some time later."""
        self._lasting.append(self._airflow(name, *self._components()[name]))

    def check(self) -> None:
        """Nothing, while every part runs.

        :raises ProcessFailedError: naming the part that ended, with its log.
        """
        for process in self._lasting:
            process.check()

    def wait_for_dag(self, dag: str) -> None:
        """Wait until the DAG processor has read a DAG.

        :raises ProcessFailedError: if it could not, with the reason that it gave.
        """

        def is_there() -> bool:
            for file, trace in self.api.import_errors().items():
                raise ProcessFailedError("dag-processor", f"cannot read {file}:\n{trace}")
            return self.api.has_dag(dag)

        self._wait_for(is_there, "dag-processor", f"has not found the DAG {dag!r}")

    def _start_emulator(self) -> None:
        # It greets with its credentials, which is right in a terminal and wrong in a log.
        self._lasting.append(self._run("emulator", self._emulator_command(), only_errors=True))

    def _start_services(self) -> None:
        """Start what Airflow's own parts need: nothing, with SQLite and LocalExecutor."""

    def _emulator_command(self) -> list[str]:
        command = [str(Path(sys.executable).with_name("adls-gen1")), "emulator", "start"]
        ports = ["--port", "0", "--proxy-port", "0"]
        files = ["--data", str(self.folder / "lake"), "--ready-file", str(self.ready_file)]
        return [*command, *ports, *files, "--account", self.account]

    def _components(self) -> dict[str, tuple[str, ...]]:
        # Every log is a file on this machine that the API server reads: nobody needs to serve them.
        return {
            "api-server": ("api-server", "--host", "127.0.0.1", "--port", str(self._port)),
            "scheduler": ("scheduler", "--skip-serve-logs"),
            "dag-processor": ("dag-processor",),
            "triggerer": ("triggerer", "--skip-serve-logs"),
        }

    @property
    def _port(self) -> int:
        return int(self.api.url.rpartition(":")[2])

    def _airflow(self, name: str, *arguments: str) -> Process:
        return self._run(name, [sys.executable, "-m", "airflow", *arguments])

    def _run(self, name: str, command: list[str], *, only_errors: bool = False) -> Process:
        # A signal's exception between the start and the note of it would lose the process.
        with uninterrupted():
            log = self.logs / f"{name}.log"
            process = Process(name, command, self.environment, log, only_errors=only_errors)
            self._processes.append(process)
        return process

    def _add_connection(self) -> None:
        file = self.folder / "connection.json"
        write_private(file, json.dumps({CONNECTION: self.connection()}))
        try:
            adding = self._airflow("connection", "connections", "import", str(file))
            self._wait_for(adding.finished, "connection", "was not added")
        finally:
            file.unlink()

    def connection(self) -> dict[str, Any]:
        """The connection as it is imported, with its secret."""
        return {
            "conn_type": "adls_gen1",
            "login": self.emulator["client_id"],
            "password": self.emulator["client_secret"],
            # Without one, the page's test button is refused.
            "port": 0,
            "extra": {
                "cloud": "emulator",
                "tenant_id": self.emulator["tenant_id"],
                "subscription_id": self.emulator["subscription_id"],
                "account_name": self.account,
                "ca_file": self.emulator["ca_file"],
            },
        }

    def use_container(self, container: str | None) -> None:
        """Name a container in the connection, which then leads to Gen2; None takes it out again.

        :raises AirflowApiError: if the connection is not changed.
        """
        extra = self.connection()["extra"] | ({"container": container} if container else {})
        body = {"connection_id": CONNECTION, "conn_type": "adls_gen1", "extra": json.dumps(extra)}
        self.api.call("PATCH", f"connections/{CONNECTION}", body, update_mask="extra")

    def count_requests(self, service: str, account: str) -> int:
        """Return how many requests a service of the emulator had to an account so far.

        :param service: `lake`, `dfs` or `blob`.
        """
        url = f"{self.emulator['url']}/emulator/requests?service={service}&account={account}"
        context = ssl.create_default_context(cafile=self.emulator["ca_file"])
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )
        with opener.open(url, timeout=60) as answer:
            return int(json.load(answer)["count"])

    def _wait_until_healthy(self, report: Report) -> None:
        waiting = list(self._components())

        def is_healthy() -> bool:
            unhealthy = self.api.unhealthy()
            if "api-server" in unhealthy:
                return False
            for part in [part for part in waiting if part not in unhealthy]:
                waiting.remove(part)
                report(part, self.api.url if part == "api-server" else "healthy")
            return not waiting

        self._wait_for(is_healthy, lambda: waiting[0], "did not become healthy")

    def _wait_for(self, done: Callable[[], bool], part: str | Callable[[], str], reason: str) -> None:
        end = time.monotonic() + START_TIMEOUT
        while not done():
            self.check()
            if time.monotonic() > end:
                name = part if isinstance(part, str) else part()
                raise ProcessFailedError(
                    name, f"{reason} within {START_TIMEOUT:.0f} s", self.logs / f"{name}.log"
                )
            time.sleep(POLL_INTERVAL)
