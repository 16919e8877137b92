"""DAGs that a scheduler runs: with large XComs, and with sensors that start in the triggerer."""

from __future__ import annotations

import json
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

import pytest

from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from scripts.stack import START_TIMEOUT, Stack
from tests.system.documented import settings

pytestmark = pytest.mark.airflow_stack

DAG = "large"
CONNECTIONS: dict[str, dict[str, Any]] = {
    "WRONG_SECRET": {"login": "3ab1c0de-0000-0000-0000-000000000000", "password": "wrong"},
    "ONCE": {"extra": {"cloud": "emulator", "account_name": "lake", "retries": "0"}},
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An Airflow of its own, with the guide's configuration."""
    dags = Path(__file__).with_name("scheduled_dags")
    with Stack(tmp_path_factory.mktemp("xcoms"), dags, "lake") as stack:
        stack.environment |= settings("how-to/xcoms.md")
        stack.environment |= {
            f"AIRFLOW_CONN_{name}": json.dumps(
                {"conn_type": "adls_gen1", "extra": {"cloud": "emulator", "account_name": "lake"}} | fields
            )
            for name, fields in CONNECTIONS.items()
        }
        stack.start()
        yield stack


def lake_of(stack: Stack) -> ADLSGen1FileSystem:
    """The lake that the Airflow is connected to."""
    emulator = stack.emulator
    options = {name: emulator[name] for name in ("tenant_id", "client_id", "client_secret", "ca_file")}
    return ADLSGen1FileSystem("lake", cloud=emulator["url"], **options)


@pytest.fixture(scope="module")
def run(stack) -> str:
    """Id of the run that the scheduler made, once it has ended."""
    stack.wait_for_dag(DAG)
    stack.api.call("PATCH", f"dags/{DAG}", {"is_paused": False})
    end = time.monotonic() + START_TIMEOUT
    while True:
        runs = stack.api.call("GET", f"dags/{DAG}/dagRuns")["dag_runs"]
        if runs and runs[0]["state"] in ("success", "failed"):
            return str(runs[0]["dag_run_id"])
        stack.check()
        assert time.monotonic() < end, runs
        time.sleep(0.5)


def test_a_scheduled_run_hands_large_values_on(stack, run):
    """Each task gets the whole value of the task before it, in a run whose id holds colons."""
    tasks = stack.api.tasks(DAG, run)

    assert run.startswith("scheduled__2026-01-01T00:00:00+00:00")
    assert {task["state"] for task in tasks} == {"success"}
    assert stack.api.xcom(DAG, run, "read") == {"rows": 100_000, "last": "row 99999 [1] é"}
    assert stack.api.xcom(DAG, run, "lengths") == [2_000_000, 2_000_000]


def test_large_values_are_files_and_small_ones_are_not(stack, run):
    """The lake holds each value over the threshold, by DAG, run and task; the database holds its URL."""
    lake = lake_of(stack)
    folder = f"/xcom/{DAG}/{run.replace(':', '%3A')}"

    assert [path.removeprefix(folder) for path in sorted(lake.find("/xcom"))] == [
        "/each/0/return_value.json.gz",
        "/each/1/return_value.json.gz",
        "/write/return_value.json.gz",
    ]
    shown = stack.api.xcom(DAG, run, "write")
    assert shown == f"adl://adls_gen1_default@lake{folder}/write/return_value.json.gz"


def test_a_cleared_task_deletes_its_value(stack, run):
    """The file of a task that runs again, and returns little, is gone."""
    lake = lake_of(stack)
    file = f"/xcom/{DAG}/{run.replace(':', '%3A')}/write/return_value.json.gz"
    assert lake.exists(file)
    lake.touch("/little")
    stack.api.call(
        "POST",
        f"dags/{DAG}/clearTaskInstances",
        {"dry_run": False, "only_failed": False, "dag_run_id": run, "task_ids": ["write"]},
    )
    end = time.monotonic() + START_TIMEOUT
    while [
        (task["state"], task["try_number"])
        for task in stack.api.tasks(DAG, run)
        if task["task_id"] == "write"
    ] != [("success", 2)]:
        stack.check()
        assert time.monotonic() < end
        time.sleep(0.5)
    assert stack.api.xcom(DAG, run, "write") == []
    assert not lake.exists(file)


@pytest.fixture(scope="module")
def started(stack) -> str:
    """Id of a run of the sensors that start in the triggerer, without a logical date."""
    stack.wait_for_dag("starting")
    lake_of(stack).pipe({"/there": b"1", "/IN": b"1"})
    run_id = stack.api.trigger("starting", {})
    end = time.monotonic() + START_TIMEOUT
    while stack.api.run_state("starting", run_id) not in ("success", "failed"):
        stack.check()
        assert time.monotonic() < end, stack.api.tasks("starting", run_id)
        time.sleep(0.5)
    return run_id


def test_sensors_that_start_in_the_triggerer(stack, started):
    """Where the triggerer cannot render a template, the sensor starts in a worker, and finds its file."""
    for task, path in {"pulled": "/there", "macro": "/there", "filter": "/IN", "plain": "/there"}.items():
        assert stack.api.xcom("starting", started, task) == [path]


def test_a_template_without_its_value_in_the_triggerer(stack, started):
    """Without a logical date a template of `ds` fails its task, and does not wait for another path."""
    states = {task["task_id"]: task["state"] for task in stack.api.tasks("starting", started)}
    (log, *_) = (stack.home / "logs").rglob("*dateless/attempt=1.log")

    assert states.pop("dateless") == "failed"
    assert set(states.values()) == {"success"}
    assert "'ds' is undefined" in log.read_text()


def test_retries_by_a_policy(stack):
    """What no retry helps is tried once, a throttle after its time, and a bug as often as Airflow does."""
    stack.wait_for_dag("retried")
    lake_of(stack).mkdir("/throttled")
    throttle = {
        "service": "lake",
        "path": "/throttled",
        "operation": "LISTSTATUS",
        "retry_after": 2,
        "times": 1,
    }
    request = Request(
        f"{stack.emulator['url']}/emulator/faults",
        json.dumps(throttle).encode(),
        {"Content-Type": "application/json"},
    )
    trust = ssl.create_default_context(cafile=stack.emulator["ca_file"])
    with build_opener(ProxyHandler({}), HTTPSHandler(context=trust)).open(request) as answer:
        assert answer.status < 300
    run_id = stack.api.trigger("retried", {})
    end = time.monotonic() + START_TIMEOUT
    while stack.api.run_state("retried", run_id) not in ("success", "failed"):
        stack.check()
        assert time.monotonic() < end, stack.api.tasks("retried", run_id)
        time.sleep(0.5)

    tries = {
        task["task_id"]: (task["state"], task["try_number"]) for task in stack.api.tasks("retried", run_id)
    }
    assert tries == {
        "missing": ("failed", 1),
        "no_connection": ("failed", 1),
        "deferred": ("failed", 1),
        "without_policy": ("failed", 1),
        "throttled": ("success", 2),
        "bug": ("failed", 3),
    }
    (log,) = (stack.home / "logs").rglob("*task_id=missing/attempt=1.log")
    assert "PathNotFoundError: another try would end the same" in log.read_text()
