"""Processes of tasks that list and pack, killed by SIGKILL at some of their requests, and run again."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import Counter

import pytest

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from tests.services import gen1_name

#: The quick tests of the same kind are in `test_kills`.
pytestmark = pytest.mark.long

STATE = {"state_path": "/_state", "transfer_id": "nightly/scheduled__2026-11-29T00:00:00+00:00"}
TREES = {"source_path": "/s", "destination_path": "/t", "list_tasks": 1, "shard_files": 10}
NAMES = [*(f"a [1]/{n}%.csv" for n in range(9)), *(f"z/ü {n}.csv" for n in range(9)), "z#", "empty/er/1"]


def work(step, environment):
    """Do the work of one task, in a process of its own."""
    os.environ.update(environment)
    hook = ADLSGen1Hook()
    if step == "list":
        hook.list_transfer(**STATE, part=0)
    else:
        hook.pack_transfer(**STATE)


@pytest.fixture(scope="module")
def processes():
    """Makes processes that have imported all that a task needs."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__, "airflow_provider_adls.transfer.summary"])
    return context


def kill(processes, fault, step, nth):
    """Kill the process of a task at its nth request; return whether it had so many."""
    with fault(nth=nth, delay=30) as held:
        process = processes.Process(target=work, args=(step, dict(os.environ)))
        process.start()
        while process.is_alive() and not held.fired:
            time.sleep(0.01)
        process.kill()
        process.join()
    if held.fired:
        assert process.exitcode == -signal.SIGKILL
    return held.fired > 0


@pytest.mark.parametrize(
    ("step", "moments"),
    [
        ("list", (9, 12, 4, 5, 8, 2, 13, 17, 20)),
        ("pack", (4, 1, 2, 3, 5, 6)),
    ],
)
def test_a_process_that_is_killed_is_taken_up(hook, fault, emulator, account, processes, step, moments):
    """After kills of the process that lists, or packs, its retry goes on: each file is in one shard, once."""
    hook.filesystem.pipe({f"/s/{name}": name.encode() for name in NAMES})
    hook.begin_transfer(**STATE, **TREES)
    if step == "pack":
        hook.list_transfer(**STATE, part=0)
    # Each try is killed; those that go on after others make fewer requests.
    killed = [kill(processes, fault, step, nth) for nth in moments]
    assert killed[0]
    before = len(emulator.requests(account=account))
    if step == "list":
        counts = hook.list_transfer(**STATE, part=0)
        assert (counts["files"], counts["bytes"]) == (len(NAMES), sum(len(name.encode()) for name in NAMES))
    shards = hook.pack_transfer(**STATE)
    assert shards == 2
    assert sum(hook.copy_shard(**STATE, shard=shard)["files"] for shard in range(shards)) == len(NAMES)
    for shard in range(shards):
        hook.verify_shard(**STATE, shard=shard)
    assert hook.report_transfer(**STATE)["complete"]
    fs = hook.filesystem
    assert {path[3:]: fs.cat_file(path).decode() for path in fs.find("/t")} == {one: one for one in NAMES}
    made = Counter(
        one.path
        for one in emulator.requests(account=account)[before:]
        if gen1_name(one.operation) == "CREATE" and one.status == 201 and "/t/" in one.path
    )
    assert set(made.values()) == {1}
    assert len(made) == len(NAMES)
