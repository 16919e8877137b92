"""Databases: SQLite always, and PostgreSQL where this machine has its programs."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Id of a connection to an empty SQLite database."""
    connection = {"conn_type": "sqlite", "host": str(tmp_path / "base.db")}
    monkeypatch.setenv("AIRFLOW_CONN_SQLITE", json.dumps(connection))
    return "sqlite"


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[int]:
    """Port of a PostgreSQL server of the session's own."""
    if not shutil.which("initdb") or not shutil.which("pg_ctl"):
        pytest.skip("this machine has no PostgreSQL")
    # Not below pytest's own folder, which only one user may enter: the server refuses to run as root.
    with tempfile.TemporaryDirectory(prefix="adls-gen1-postgres-") as folder:
        user = "postgres" if os.getuid() == 0 else None
        if user:
            shutil.chown(folder, user)
        data, port = f"{folder}/data", _free_port()

        def run(*command: str) -> None:
            subprocess.run(command, check=True, capture_output=True, cwd=folder, user=user, timeout=120)

        run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        run("pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start")
        yield port
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")


@pytest.fixture
def postgres(postgres_server: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Id of a connection to PostgreSQL, with a schema that is empty and removed after the test."""
    connection = {
        "conn_type": "postgres",
        "host": "127.0.0.1",
        "port": postgres_server,
        "login": "postgres",
        "schema": "postgres",
    }
    monkeypatch.setenv("AIRFLOW_CONN_POSTGRES", json.dumps(connection))
    yield "postgres"
    execute("postgres", "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")


def execute(conn_id: str, *statements: str) -> None:
    """Run statements and commit."""
    _hook(conn_id).run(list(statements))


def select(conn_id: str, sql: str) -> list[tuple]:
    """Return the rows of a query."""
    return [tuple(row) for row in _hook(conn_id).get_records(sql)]


def _hook(conn_id: str):
    from airflow.providers.common.compat.sdk import BaseHook

    return BaseHook.get_connection(conn_id).get_hook()
