"""A whole Airflow with Postgres on this machine, and Redis and Celery's workers, or LocalExecutor."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.airflow_home import write_private
from scripts.processes import reserve_port
from scripts.stack import Stack

if TYPE_CHECKING:
    from airflow_provider_adls.emulator import Emulator

#: The user that Postgres runs as where it would be root, which it refuses.
POSTGRES_USER = "postgres"
_POSTGRES_FOLDERS = (
    "/usr/local/bin",
    *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True),
)
#: Seconds, so that a dead worker is noticed soon; a deployment has 300, 10 and 5.
_NOTICED = {
    "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "20",
    "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "2",
    "WORKERS__MIN_HEARTBEAT_INTERVAL": "2",
}


def program(name: str) -> str | None:
    """Return the path of a program of Postgres or Redis; None if it is not installed."""
    return shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", os.defpath), *_POSTGRES_FOLDERS]))


def missing() -> list[str]:
    """Return what is not installed of all that the stack takes."""
    programs = [
        name for name in ("initdb", "postgres", "createdb", "pg_isready", "redis-server") if not program(name)
    ]
    modules = ("airflow.providers.celery", "redis", "psycopg2", "asyncpg")
    return programs + [name for name in modules if find_spec(name) is None]


class CeleryStack(Stack):
    """A stack whose tasks run on workers of Celery, or without these below the scheduler.

    :param emulator: the service, in this process, so that its record can be read.
    :param workers: names of the workers; none for LocalExecutor.
    :param slots: tasks that each worker, or the scheduler, runs at once.
    """

    database = "Postgres"

    def __init__(
        self,
        folder: Path,
        dags: Path,
        account: str,
        emulator: Emulator,
        *,
        workers: Iterable[str] = ("w1", "w2"),
        slots: int = 2,
        settings: Mapping[str, str] = _NOTICED,
    ) -> None:
        super().__init__(folder, dags, account)
        self._emulator = emulator
        self.workers = tuple(workers)
        self._slots = slots
        self._ports = [reserve_port(), reserve_port()]
        (self._postgres_port, _), (self._redis_port, _) = self._ports
        database = f"airflow@127.0.0.1:{self._postgres_port}/airflow"
        self.environment |= {
            f"AIRFLOW__{name}": value
            for name, value in {
                "CORE__EXECUTOR": "CeleryExecutor" if self.workers else "LocalExecutor",
                "CORE__PARALLELISM": "32" if self.workers else str(slots),
                # SQLAlchemy's plain postgresql:// means another driver.
                "DATABASE__SQL_ALCHEMY_CONN": f"postgresql+psycopg2://{database}",
                "CELERY__BROKER_URL": f"redis://127.0.0.1:{self._redis_port}/0",
                "CELERY__RESULT_BACKEND": f"db+postgresql+psycopg2://{database}",
                "CELERY__WORKER_CONCURRENCY": str(slots),
                "CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT": "86400",
                **settings,
            }.items()
        }

    def _start_emulator(self) -> None:
        write_private(self.ready_file, json.dumps(self._emulator.ready))

    def _start_services(self) -> None:
        """Start Postgres and Redis, and make the database."""
        # Where Postgres has a user of its own, it must be able to read every folder above.
        self._database_folder = Path(tempfile.mkdtemp(prefix="airflow-postgres-"))
        is_root = os.geteuid() == 0
        if is_root:
            shutil.chown(self._database_folder, POSTGRES_USER, POSTGRES_USER)
        change = (
            ["setpriv", f"--reuid={POSTGRES_USER}", f"--regid={POSTGRES_USER}", "--init-groups"]
            if is_root
            else []
        )
        data = str(self._database_folder / "data")
        subprocess.run(
            [
                *change,
                str(program("initdb")),
                "-D",
                data,
                "-U",
                "airflow",
                "--auth=trust",
                "-E",
                "UTF8",
                "--no-sync",
            ],
            check=True,
            capture_output=True,
            cwd="/",
        )
        options = ("fsync=off", "max_connections=60", "shared_buffers=64MB")
        settings = [word for option in options for word in ("-c", option)]
        sockets = str(self._database_folder)
        postgres = [
            str(program("postgres")),
            "-D",
            data,
            "-p",
            str(self._postgres_port),
            "-h",
            "127.0.0.1",
            "-k",
            sockets,
        ]
        self._lasting.append(self._run("postgres", [*change, *postgres, *settings]))
        if self.workers:
            redis = [
                "--port",
                str(self._redis_port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
            ]
            self._lasting.append(self._run("redis", [str(program("redis-server")), *redis]))
        where = ["-h", "127.0.0.1", "-p", str(self._postgres_port), "-U", "airflow"]
        self._wait_for(
            lambda: not subprocess.call([str(program("pg_isready")), *where, "-q", "-d", "postgres"]),
            "postgres",
            "does not answer",
        )
        subprocess.run([str(program("createdb")), *where, "airflow"], check=True, capture_output=True)
        if self.workers:
            self._wait_for(self._redis_answers, "redis", "does not answer")

    def _redis_answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._redis_port), timeout=1):
                return True
        except OSError:
            return False

    def _components(self) -> dict[str, tuple[str, ...]]:
        parts = super()._components()
        del parts["triggerer"]
        quiet = ("--skip-serve-logs", "--without-gossip", "--without-mingle")
        for name in self.workers:
            parts[name] = (
                "celery",
                "worker",
                "--celery-hostname",
                name,
                "--concurrency",
                str(self._slots),
                *quiet,
            )
        return parts

    def stop(self) -> None:
        """Stop whatever runs, and remove the database."""
        super().stop()
        for _, reservation in self._ports:
            reservation.close()
        if hasattr(self, "_database_folder"):
            shutil.rmtree(self._database_folder, ignore_errors=True)
