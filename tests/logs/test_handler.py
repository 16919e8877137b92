"""On Airflow 2.11 task logs go to a lake too, by a scheduler, a triggerer and the reader of its webserver."""

from __future__ import annotations

import json
import logging
import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap
import time
from contextlib import closing
from pathlib import Path

import airflow
import pytest

from tests.system.documented import settings

if not airflow.__version__.startswith("2."):
    pytest.skip("Airflow 3 has no handler of ours", allow_module_level=True)

from airflow_provider_adls.logs.handler import ADLSGen1TaskHandler

RUN = "scheduled__2026-01-01T00:00:00+00:00"
DAG = """
    from datetime import datetime, timedelta, timezone
    from airflow.decorators import dag, task
    from airflow.operators.python import get_current_context
    from airflow_provider_adls.sensors.adls_gen1 import ADLSGen1PathSensor

    DAY = datetime(2026, 1, 1, tzinfo=timezone.utc)

    @dag(start_date=DAY, end_date=DAY, schedule="@daily", catchup=True, is_paused_upon_creation=False)
    def logged():
        @task(retries=1, retry_delay=timedelta(seconds=1))
        def again():
            number = get_current_context()["ti"].try_number
            print(f"the word of try {number}, é")
            if number == 1:
                raise ValueError("the first try fails")

        @task
        def each(number):
            print(f"the word of number {number}")

        again()
        each.expand(number=[1, 2])
        ADLSGen1PathSensor(task_id="deferred", path="/arrives", poke_interval=1, deferrable=True)

    logged()
"""
READ = """
    import json
    from airflow.models import TaskInstance
    from airflow.utils.log.log_reader import TaskLogReader
    from airflow.utils.session import create_session

    found = []
    with create_session() as session:
        for ti in session.query(TaskInstance):
            for number in range(1, ti.try_number + 1):
                logs, _ = TaskLogReader().read_log_chunks(ti, number, {})
                found.append([ti.task_id, ti.map_index, number, ti.state, str(logs)])
    print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home folder with the DAG."""
    home = tmp_path_factory.mktemp("airflow")
    (home / "dags").mkdir()
    (home / "dags" / "logged.py").write_text(textwrap.dedent(DAG))
    return home


class TaskInstance:
    """All that the handler looks at, and where its log goes."""

    def __init__(self, path, *, raw=False):
        self.path = path
        self.raw = raw


@pytest.fixture
def begin(connect, account, tmp_path, monkeypatch):
    """Begin the log of a task instance, and return its handler."""
    connect()
    monkeypatch.setattr(ADLSGen1TaskHandler, "_init_file", lambda _, ti, identifier=None: str(ti.path))

    def begin(ti, **options):
        handler = ADLSGen1TaskHandler(str(tmp_path), f"adl://{account}/logs", **options)
        handler.set_context(ti)
        return handler

    return begin


def write(handler, *lines):
    for line in lines:
        handler.emit(logging.makeLogRecord({"msg": line}))


def test_a_log_in_several_files(begin, hook, tmp_path):
    """With `max_bytes` each part of a long log is uploaded, and the next turn adds to it."""
    for turn in range(2):
        handler = begin(TaskInstance(tmp_path / "attempt=1.log"), max_bytes=100, backup_count=9)
        write(handler, *[f"turn {turn} line {number} {'x' * 40}" for number in range(5)])
        handler.close()
        handler.close()

    lines = [
        line
        for path in hook.filesystem.find("/logs")
        for line in hook.filesystem.cat(path).decode().splitlines()
    ]
    assert len(hook.filesystem.find("/logs")) > 1
    assert sorted(lines) == [f"turn {turn} line {n} {'x' * 40}" for turn in range(2) for n in range(5)]


def test_two_processes_of_a_task(begin, hook, tmp_path):
    """The process that runs the task uploads nothing; the one above it uploads what both wrote."""
    outer, raw = (begin(TaskInstance(tmp_path / "attempt=1.log", raw=raw)) for raw in (False, True))
    write(outer, "outer begins")
    write(raw, "the task")
    raw.close()
    assert not hook.filesystem.exists("/logs")
    write(outer, "outer ends")
    outer.close()

    assert hook.filesystem.cat("/logs/attempt=1.log") == b"outer begins\nthe task\nouter ends\n"


@pytest.mark.timeout(600)
def test_a_run(home, account, connect, hook):
    """A DAG run's logs are shown out of the lake, by try, by mapped task, and with those of its trigger."""
    connect()
    given = {
        name: value.replace("//lake/", f"//{account}/") for name, value in settings("how-to/logs.md").items()
    }
    environment = os.environ | given
    environment |= {
        # The executor starts the command `airflow`.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db?timeout=60",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
    }

    def airflow(*command):
        return subprocess.Popen(
            [sys.executable, "-m", "airflow", *command],
            env=environment,
            stdout=(home / f"{command[0]}.log").open("w"),
            stderr=subprocess.STDOUT,
        )

    assert airflow("db", "migrate").wait() == 0, (home / "db.log").read_text()
    running = [airflow("scheduler", "--skip-serve-logs"), airflow("triggerer", "--skip-serve-logs")]
    try:

        def states(table):
            with closing(sqlite3.connect(home / "airflow.db", timeout=60)) as database:
                return [state for (state,) in database.execute(f"SELECT state FROM {table}")]

        while not states("dag_run") or states("dag_run") == ["running"] or states("dag_run") == ["queued"]:
            assert [process.poll() for process in running] == [None, None]
            if "deferred" in states("task_instance"):
                hook.filesystem.touch("/arrives")
            time.sleep(1)
        # The last log is uploaded after the run has ended.
        while [path for path in (home / "logs").rglob("attempt=*") if path.stat().st_size]:
            time.sleep(0.5)
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()
    shutil.rmtree(home / "logs")
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(READ)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = {
        (task, index, number): text
        for task, index, number, _, text in json.loads(done.stdout.splitlines()[-1])
    }

    folder = f"adl://{account}.azuredatalakestore.net/logs/dag_id=logged/run_id={RUN.replace(':', '%3A')}"
    for number in (1, 2):
        text = found["again", -1, number]
        assert f"{folder}/task_id=again/attempt={number}.log" in text
        assert text.count(f"the word of try {number}, é") == 1
        assert f"the word of try {3 - number}" not in text
        assert found["each", number - 1, 1].count(f"the word of number {number}") == 1
    assert f"{folder}/task_id=deferred/attempt=1.log.trigger." in found["deferred", -1, 1]
    assert "/arrives" in found["deferred", -1, 1]
