"""A real triggerer that is killed while it waits and watches: nothing is lost, and few events come twice."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from scripts.airflow_api import AirflowApiError
from scripts.stack import Stack

pytestmark = [pytest.mark.airflow_stack, pytest.mark.long, pytest.mark.timeout(1800)]

T = TypeVar("T")

#: Seconds that anything may take.
TIME = 600.0
#: Files of the burst.
BURST = 1000


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """An Airflow of its own, whose triggerer may be killed, and is soon missed."""
    dags = Path(__file__).with_name("dags")
    with Stack(tmp_path_factory.mktemp("killed"), dags, "lake") as stack:
        stack.environment["AIRFLOW__TRIGGERER__TRIGGERER_HEALTH_CHECK_THRESHOLD"] = "5"
        stack.environment["AIRFLOW__TRIGGERER__JOB_HEARTBEAT_SEC"] = "1"
        stack.start()
        for dag in ("started", "waits"):
            stack.wait_for_dag(dag)
        yield stack


@pytest.fixture(scope="module")
def lake(stack) -> ADLSGen1FileSystem:
    """The lake that the Airflow is connected to."""
    emulator = stack.emulator
    options = {name: emulator[name] for name in ("tenant_id", "client_id", "client_secret", "ca_file")}
    return ADLSGen1FileSystem("lake", cloud=emulator["url"], **options)


def until(stack: Stack, seen: Callable[[], T]) -> T:
    """What is seen, as soon as there is something, and Airflow answers."""
    end = time.monotonic() + TIME
    while True:
        try:
            if found := seen():
                return found
            refused = "it did not come about"
        except AirflowApiError as error:
            # On a busy machine it takes its time, and its SQLite is locked by one process at a time.
            refused = str(error)
        stack.check()
        assert time.monotonic() < end, refused
        time.sleep(0.5)


def reported(stack: Stack) -> Counter[str]:
    """How often each file is in an event of the asset."""
    paths: Counter[str] = Counter()
    offset = 0
    while events := stack.api.call("GET", "assets/events", limit=100, offset=offset)["asset_events"]:
        for event in events:
            paths.update(file["path"] for file in event["extra"]["payload"]["files"])
        offset += len(events)
    return paths


def kept(stack: Stack) -> int:
    """Number of entries in the state of the asset."""
    (asset,) = stack.api.call("GET", "assets", name_pattern="files")["assets"]
    return int(stack.api.call("GET", f"assets/{asset['id']}/state-store")["total_entries"])


def states(stack: Stack, run: str) -> set[str]:
    """States of the tasks that wait."""
    return {task["state"] for task in stack.api.tasks("waits", run)}


def test_the_triggerer_is_killed(stack, lake):
    """Earlier files are not reported again, files that came meanwhile are, and waits go on."""
    lake.pipe({"/in/a.csv": b"1", "/in/b.csv": b"2"})
    until(stack, lambda: stack.api.call("PATCH", "dags/started", {"is_paused": False}))
    until(stack, lambda: len(reported(stack)) == 2)
    until(stack, lambda: kept(stack) == 2)
    run = until(stack, lambda: stack.api.trigger("waits", {}))
    until(stack, lambda: states(stack, run) == {"deferred"})

    stack.kill("triggerer")
    lake.pipe("/in/c.csv", b"3")
    stack.begin("triggerer")
    until(stack, lambda: "/in/c.csv" in reported(stack))
    assert until(stack, lambda: states(stack, run)) == {"deferred"}
    lake.pipe("/in/d.csv", b"4")
    until(stack, lambda: "/in/d.csv" in reported(stack))
    lake.pipe({f"/awaited/{number}.csv": b"x" for number in range(20)})
    until(stack, lambda: states(stack, run) == {"success"})

    assert until(stack, lambda: reported(stack)) == {f"/in/{name}.csv": 1 for name in "abcd"}
    for task, name in ("wait7", "7"), ("updated", "0"):
        assert until(stack, lambda: stack.api.xcom("waits", run, task)) == [f"/awaited/{name}.csv"]  # noqa: B023 - it is called here
    # No worker had a part in it before there was something.
    for task in until(stack, lambda: stack.api.tasks("waits", run)):
        assert task["try_number"] <= 1


def test_it_is_killed_in_a_burst(stack, lake):
    """However many events were on their way, each file is reported at least once."""
    names = {f"/in/burst {number:04}.csv" for number in range(BURST)}
    before = set(until(stack, lambda: reported(stack)))
    lake.pipe(dict.fromkeys(names, b"x"))
    until(stack, lambda: len(reported(stack)) > 100)
    stack.kill("triggerer")
    stack.begin("triggerer")
    files = until(stack, lambda: names <= set(found := reported(stack)) and found)
    assert {files[name] for name in before} == {1}
