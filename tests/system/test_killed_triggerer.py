"""A real triggerer that is killed while it waits and watches: nothing is lost, and little is told twice."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from scripts.airflow_api import AirflowApiError
from scripts.stack import Stack

pytestmark = [pytest.mark.airflow_stack, pytest.mark.long, pytest.mark.timeout(900)]

#: Seconds that anything may take.
TIME = 180.0
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


def until(stack: Stack, seen: Callable[[], object]) -> None:
    """Wait until something is so."""
    end = time.monotonic() + TIME
    while not _holds(seen):
        stack.check()
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.5)


def _holds(seen: Callable[[], object]) -> bool:
    try:
        return bool(seen())
    except AirflowApiError:
        # Its SQLite is locked by one process at a time, and there are many.
        return False


def told(stack: Stack) -> Counter[str]:
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
    """What came before is not told again, what came meanwhile is, and what waits goes on waiting."""
    lake.pipe({"/in/a.csv": b"1", "/in/b.csv": b"2"})
    stack.api.call("PATCH", "dags/started", {"is_paused": False})
    until(stack, lambda: len(told(stack)) == 2)
    until(stack, lambda: kept(stack) == 2)
    run = stack.api.trigger("waits", {})
    until(stack, lambda: states(stack, run) == {"deferred"})

    stack.kill("triggerer")
    lake.pipe("/in/c.csv", b"3")
    stack.begin("triggerer")
    until(stack, lambda: "/in/c.csv" in told(stack))
    assert states(stack, run) == {"deferred"}
    lake.pipe("/in/d.csv", b"4")
    until(stack, lambda: "/in/d.csv" in told(stack))
    lake.pipe({f"/awaited/{number}.csv": b"x" for number in range(20)})
    until(stack, lambda: states(stack, run) == {"success"})

    assert told(stack) == {f"/in/{name}.csv": 1 for name in "abcd"}
    assert stack.api.xcom("waits", run, "wait7") == ["/awaited/7.csv"]
    assert stack.api.xcom("waits", run, "updated") == ["/awaited/0.csv"]
    # No worker had a part in it before there was something.
    for task in stack.api.tasks("waits", run):
        assert task["try_number"] <= 1


def test_it_is_killed_in_a_burst(stack, lake):
    """However many events were on their way, each file is told at least once."""
    names = [f"/in/burst {number:04}.csv" for number in range(BURST)]
    lake.pipe(dict.fromkeys(names, b"x"))
    until(stack, lambda: len(told(stack)) > 100)
    stack.kill("triggerer")
    stack.begin("triggerer")
    until(stack, lambda: set(names) <= set(told(stack)))
    assert {told(stack)[f"/in/{name}.csv"] for name in "abcd"} == {1}


def test_nothing_blocked_the_triggerer(stack):
    """The triggerer says of nothing that it held up its event loop."""
    log = (stack.logs / "triggerer.log").read_text()
    assert "trigger" in log
    assert "async thread was blocked" not in log
