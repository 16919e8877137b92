"""The memory of the tasks of a big transfer: it does not depend on the number of files."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
import tracemalloc
from pathlib import Path

import pytest

from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from airflow_provider_adls.transfer.manifest import list_part, plan_parts
from airflow_provider_adls.transfer.options import Options
from airflow_provider_adls.transfer.run import transfer
from airflow_provider_adls.transfer.shard_copy import copy_shard
from airflow_provider_adls.transfer.shard_verify import verify_shard
from airflow_provider_adls.transfer.shards import pack_shards
from airflow_provider_adls.transfer.specification import Specification
from airflow_provider_adls.transfer.state import TransferState
from airflow_provider_adls.transfer.stores import End
from airflow_provider_adls.transfer.sync import SyncOptions, sync_trees
from tests.transfer.trees import SyntheticStore, SyntheticTree, end


@pytest.fixture
def client(tmp_path):
    """A client of a service in another process, so that what the service holds counts for nobody's memory."""
    ready_file = tmp_path / "ready.json"
    command = [str(Path(sys.executable).with_name("adls-gen1")), "emulator", "start", "--in-memory"]
    ports = ["--port", "0", "--proxy-port", "0", "--ready-file", str(ready_file)]
    service = subprocess.Popen([*command, *ports, "--account", "lake"], stdout=subprocess.DEVNULL)
    try:
        while not ready_file.exists():
            assert service.poll() is None
            time.sleep(0.05)
        ready = json.loads(ready_file.read_text())
        options = {name: ready[name] for name in ("tenant_id", "client_id", "client_secret", "ca_file")}
        lake = ADLSGen1FileSystem("lake", cloud=ready["url"], skip_instance_cache=True, **options)
        lake.ls("/")
        yield lake.client
    finally:
        service.terminate()
        service.wait()


async def peaks(client, files, page, shard_files):
    """Return the peak of each step's memory, for a tree of so many files."""
    source, target = end(SyntheticTree(files, page=page)), end(SyntheticTree(files, page=page))
    state = TransferState(client, f"/state/{files}")
    what = Specification("/s", "/t", list_tasks=1, shard_files=shard_files)
    await what.write(state)
    assert await plan_parts(state, source, what) == 1
    found = {"list": await peak(list_part(state, source, target, what, 0), files)}
    shards = range(await pack_shards(state, what))
    for name, step in (
        ("copy", lambda shard: copy_shard(state, source, target, what, shard, lambda *_: None)),
        ("verify", lambda shard: verify_shard(state, source, target, what, shard)),
    ):
        found[name] = max([await peak(step(shard)) for shard in shards])
    return found


async def peak(step, files=None):
    """Return the peak of memory while a step runs."""
    gc.collect()
    tracemalloc.start()
    result = await step
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert result["files"] == (files or result["files"])
    return found


@pytest.mark.parametrize(
    ("few", "many", "page", "shard_files"),
    [
        (800, 2_000, 100, 600),
        pytest.param(10_000, 1_000_000, 1_000, 50_000, marks=[pytest.mark.long, pytest.mark.timeout(5400)]),
    ],
)
async def test_memory_does_not_depend_on_the_number_of_files(client, few, many, page, shard_files):
    """Listing, copying and verifying several, or a hundred, times as many files takes the same memory.

    A plan takes about 1,000 bytes for each file. How many pages are in memory at once varies from run to run.
    """
    await peaks(client, few, page, shard_files)
    less, more = [await peaks(client, files, page, shard_files) for files in (few + page, many)]
    print(f"\npeaks at {few + page} files {less}, at {many} {more}")
    growth = {name: more[name] - less[name] for name in less}
    assert [name for name in growth if growth[name] > 250 * (many - few)] == []
    if many >= 1_000_000:
        assert {name: more[name] < 1.3 * less[name] for name in less} == dict.fromkeys(less, True)


#: Kinds of transfers by one task: options, and the path of the source.
KINDS = {
    "directory": ({}, "/"),
    "glob": ({}, "/day=*"),
    "names of a glob": ({}, "/*/*5.csv"),
    "flat": ({"keep_directory_structure": False}, "/"),
    "move": ({"delete_source": True, "delete_directories": True}, "/"),
    "move of a glob": ({"delete_source": True}, "/day=*"),
    "preview": ({"preview": True}, "/"),
    "skip": ({"overwrite": False, "if_exists": "skip"}, "/"),
    "fail": ({"overwrite": False}, "/"),
}


async def one_task(kind, files, page):
    """Return the peak of a transfer's memory, and the number of files that it reports."""
    if kind in ("sync", "preview of a sync"):
        # All but the files of one directory are deleted.
        source, target = SyntheticStore(page, page), SyntheticStore(files, page)
        options = SyncOptions(delete=True, compare="size", preview=kind != "sync")
        step = sync_trees(End(source, "/"), End(target, "/"), options, _ignore, _ignore)
        files -= page
    else:
        options, path = KINDS[kind]
        source, target = SyntheticStore(files, page), SyntheticStore(files, page, is_empty=kind != "skip")
        step = transfer(End(source, path), End(target, "/to"), Options(**options), _ignore, _ignore)
    gc.collect()
    tracemalloc.start()
    summary = await step
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    done = summary["deleted" if "sync" in kind else "skipped" if kind == "skip" else "files"]
    assert done == (files // 10 if kind == "names of a glob" else files)
    return found


def _ignore(*_):
    """Take a line of the log, or the paths of a copied file."""


async def check_growth(kind, few, many, page):
    """Hold that more files take no more memory; a plan takes about 1,000 bytes for each."""
    await one_task(kind, 2 * page, page)
    less, more = await one_task(kind, few, page), await one_task(kind, many, page)
    print(f"\n{kind}: peak at {few} files {less}, at {many} {more}")
    assert more - less < 250 * (many - few)
    return less, more


@pytest.mark.parametrize("kind", ["names of a glob", "flat", "move of a glob", "sync"])
async def test_memory_of_one_task_does_not_depend_on_the_number_of_files(kind):
    """Whatever is copied, moved or compared: more files take the same memory."""
    await check_growth(kind, 1_600, 3_000, 100)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize(
    ("kind", "few", "many"),
    [
        *((kind, 10_000, 100_000) for kind in [*KINDS, "sync", "preview of a sync"]),
        ("names of a glob", 100_000, 1_000_000),
        ("sync", 100_000, 1_000_000),
    ],
)
async def test_memory_of_one_task_with_up_to_a_million_files(kind, few, many):
    """The same for each kind, with ten times as many files."""
    less, more = await check_growth(kind, few, many, 1_000)
    assert more < 1.2 * less + 300_000
