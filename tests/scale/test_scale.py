"""A transfer of many tasks on an Airflow, with Celery and without, whose processes are killed."""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from airflow_provider_adls.emulator import Emulator
from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from scripts.airflow_api import FINAL
from scripts.celery_stack import CeleryStack, missing
from scripts.guard import descendants

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.scale,
    pytest.mark.airflow_stack,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(
        bool(missing()), reason=f"not installed: {', '.join(missing())} (docs/how-to/distributed.md)"
    ),
]

#: Files of a tree, in so many directories, and what each request waits.
FILES, DIRECTORIES, LATENCY = int(os.environ.get("SCALE_FILES", "8000")), 8, 20
#: Tasks that run at the same time.
TASKS = 4
#: Lines of a ledger's chunk: what a killed slot does once more, at most.
CHUNK = 256
GROUP = "move"


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """The service, each of whose answers takes 20 ms."""
    with Emulator(accounts=["lake"], latency_ms=LATENCY) as emulator:
        yield emulator


@pytest.fixture(scope="module", params=["CeleryExecutor", "LocalExecutor"])
def stack(emulator, tmp_path_factory, request) -> Iterator[CeleryStack]:
    """Two workers of two slots, or a scheduler with four, whose end is noticed within 20 s."""
    dags = Path(__file__).with_name("dags")
    executor = {} if request.param == "CeleryExecutor" else {"workers": (), "slots": TASKS}
    with CeleryStack(tmp_path_factory.mktemp("scale"), dags, "lake", emulator, **executor) as stack:
        stack.start()
        stack.wait_for_dag("scale")
        yield stack


@pytest.fixture(scope="module")
def lake(emulator) -> ADLSGen1FileSystem:
    """The lake that the Airflow is connected to."""
    ready = emulator.ready
    options = {name: ready[name] for name in ("tenant_id", "client_id", "client_secret", "ca_file")}
    return ADLSGen1FileSystem("lake", cloud=ready["url"], **options)


def content() -> dict[str, bytes]:
    """Return the content of the source's files, by their places."""
    return {f"day={n % DIRECTORIES}/{n:06d}.csv": f"row {n}".encode() for n in range(FILES)}


@pytest.fixture(scope="module")
def source(lake) -> str:
    """A tree of small files."""
    lake.pipe({f"/s/{place}": text for place, text in content().items()})
    return "/s"


@pytest.fixture
def target(request, stack) -> str:
    """A directory of the test's own."""
    return f"/{request.node.originalname}_{'_'.join(stack.workers) or 'local'}"


def begin(stack, source, target, **options) -> str:
    """Start a run, and return its id."""
    return stack.api.trigger("scale", {"source": source, "destination": target, **options})


def tasks(stack, run, name) -> list[dict]:
    """Return the instances of a task of the group."""
    query = {"task_id": f"{GROUP}.{name}", "limit": 100}
    path = f"dags/scale/dagRuns/{run}/taskInstances"
    return [
        one
        for one in stack.api.call("GET", path, **query)["task_instances"]
        if one["task_id"] == query["task_id"]
    ]


def wait_for(seen, seconds=600.0):
    """Return what is seen, as soon as there is something."""
    end = time.monotonic() + seconds
    while not (found := seen()):
        assert time.monotonic() < end
        time.sleep(0.2)
    return found


def finish(stack, run) -> None:
    """Wait until a run has ended, and fail unless it is a success."""
    wait_for(lambda: stack.api.run_state("scale", run) in FINAL, 1500)
    states = Counter((one["task_id"], one["state"]) for one in stack.api.tasks("scale", run))
    assert stack.api.run_state("scale", run) == "success", states


def is_copied(lake, target) -> bool:
    """Return whether a tree holds the files of the source, by content."""
    found = lake.cat(lake.find(target))
    return {path[len(target) + 1 :]: text for path, text in found.items()} == content()


def report(lake, run) -> dict:
    """Return the report of a run."""
    (path,) = [path for path in lake.find("/_transfers") if path.endswith("report.json") and _id(run) in path]
    return json.loads(lake.cat_file(path))


def _id(run: str) -> str:
    return run.replace(":", "%3A")


def commands(worker: int) -> dict[int, str]:
    """Return the commands of all processes below one."""
    found = {}
    for pid in descendants(worker):
        try:
            found[pid] = (
                Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            )
        except OSError:
            continue
    return found


def parents(pids) -> dict[int, int]:
    """Return the parent of each process."""
    return {pid: int(Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[1]) for pid in pids}


def task_process(worker: int) -> int:
    """Return a process that runs a task: one below a supervisor, which is a process of the worker's pool."""
    pids = list(commands(worker))
    above = parents(pids)
    leaves = [pid for pid in pids if pid not in above.values()]
    # The deepest one: guard, worker, pool, task.
    return max(leaves, key=lambda pid: depth(pid, above))


def depth(pid: int, above: dict[int, int]) -> int:
    """Return how many of the known processes are above one."""
    return 1 + depth(above[pid], above) if above.get(pid) in above else 0


@pytest.mark.parametrize("what", ["machine", "supervisor", "task"])
def test_what_is_killed_is_taken_up(stack, emulator, lake, source, what, target):
    """A machine, a supervisor or a task is killed in mid-copy: the run succeeds; little is done twice.

    The machine is a worker with two slots, and without Celery the scheduler with all that it runs.
    """
    target = f"{target}_{what}"
    name = stack.workers[0] if stack.workers else "scheduler"
    with emulator.fault(account="lake", operation="CREATE", path=f"{target}/**", delay=0.001) as creates:
        run = begin(stack, source, target)
        began = wait_for(lambda: time.monotonic() if creates.matched else 0)
        wait_for(lambda: creates.matched > FILES // 4)
        before = creates.matched
        if what == "machine":
            stack.kill(name)
        else:
            above = next(process.pid for process in stack._lasting if process.name == name)
            victim = task_process(above)
            if what == "supervisor":
                victim = parents([victim])[victim]
            os.kill(victim, signal.SIGKILL)
        killed = time.monotonic()
        if what == "machine" and not stack.workers:
            stack.begin(name)
        try:
            finish(stack, run)
        finally:
            if what == "machine" and stack.workers:
                stack.begin(name)
        seconds, whole = killed - began, time.monotonic() - began
        print(f"\n{name}: {what}: {FILES} files, {creates.matched} CREATEs")
        print(f"killed after {before} at {seconds:.0f} s, {whole:.0f} s in all")
        assert is_copied(lake, target)
        slots = {"machine": 2 if stack.workers else TASKS}.get(what, 1)
        assert creates.matched <= FILES + CHUNK * slots
    tries = sum(one["try_number"] for one in tasks(stack, run, "copy"))
    assert tries > len(tasks(stack, run, "copy"))
    assert report(lake, run)["complete"]


def test_what_it_costs(stack, emulator, lake, source, target):
    """An undisturbed run copies each file once, and its XComs hold numbers alone."""
    with emulator.fault(account="lake", operation="CREATE", path=f"{target}/**", delay=0.001) as creates:
        run = begin(stack, source, target)
        finish(stack, run)
        assert creates.matched == FILES
    assert is_copied(lake, target)
    path = f"dags/scale/dagRuns/{run}/taskInstances/~/xcomEntries"
    entries = stack.api.call("GET", path, limit=100)
    size = sum(len(json.dumps(value)) for value in xcoms(stack, run))
    found = report(lake, run)
    rate, requests = found["files_per_second"], found["requests"]
    print(f"\n{entries['total_entries']} XComs, {size} bytes; {rate} files/s, {requests} requests")
    assert size < 64 * 1024


def xcoms(stack, run):
    """Yield the values of all XComs of a run."""
    path = f"dags/scale/dagRuns/{run}/taskInstances"
    offset = 0
    while entries := stack.api.call("GET", f"{path}/~/xcomEntries", limit=100, offset=offset)["xcom_entries"]:
        offset += len(entries)
        for one in entries:
            where = f"{path}/{one['task_id']}/xcomEntries/{one['key']}"
            yield stack.api.call("GET", where, map_index=one["map_index"])["value"]


def test_a_cleared_shard_runs_alone(stack, emulator, lake, source, target):
    """A copy task that is cleared after the run ends copies nothing again, and no other shard runs."""
    run = begin(stack, source, target)
    finish(stack, run)
    with emulator.fault(account="lake", operation="CREATE", path=f"{target}/**", delay=0.001) as creates:
        lake.rm_file(lake.find(target)[0])
        before = {one["map_index"]: one["try_number"] for one in tasks(stack, run, "copy")}
        body = {"dry_run": False, "dag_run_id": run, "task_ids": [[f"{GROUP}.copy", 1]], "only_failed": False}
        stack.api.call("POST", "dags/scale/clearTaskInstances", body)
        finish(stack, run)
        after = {one["map_index"]: one["try_number"] for one in tasks(stack, run, "copy")}
        assert {index for index in after if after[index] != before[index]} == {1}
        assert creates.matched == 0


def test_a_second_run_of_one_id_is_refused(stack, emulator, lake, source, target):
    """A run that begins beside another one of the same id fails at once, and the first one is undisturbed."""
    with emulator.fault(account="lake", operation="CREATE", path=f"{target}/**", delay=0.001) as creates:
        runs = [begin(stack, source, target, transfer_id=f"fixed{target}")]
        wait_for(lambda: creates.matched)
        runs.append(begin(stack, source, target, transfer_id=f"fixed{target}"))
        wait_for(lambda: stack.api.run_state("scale", runs[1]) in FINAL)
        assert stack.api.run_state("scale", runs[1]) == "failed"
        assert [(one["state"], one["try_number"]) for one in tasks(stack, runs[1], "begin")] == [
            ("failed", 1)
        ]
        finish(stack, runs[0])
        assert creates.matched == FILES
    assert is_copied(lake, target)


def test_throttling_is_shared(stack, emulator, lake, source, target):
    """With 500 requests a second for four tasks no file fails, few answers are throttled, all get a share."""
    with emulator.fault(account="lake", rate=500) as throttle:
        # As many shards as tasks, so that all of them run from the beginning to the end.
        run = begin(stack, source, target, shard_files=FILES // TASKS + 100)
        finish(stack, run)
        share = throttle.fired / max(throttle.matched, 1)
    found = report(lake, run)
    rates = sorted(row["files_per_second"] for row in found["shards"])
    print(
        f"\n{throttle.fired} of {throttle.matched} answers throttled ({share:.1%}); files/s by shard {rates}"
    )
    print(f"lanes at the end {[row['lanes'] for row in found['shards']]}")
    assert is_copied(lake, target)
    assert found["failed"] == 0
    assert len(rates) == TASKS
    assert share < 0.05
    assert rates[-1] < 2 * rates[0]
