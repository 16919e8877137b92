"""How long a thousand triggers, or one look at 10,000 files, keep a triggerer's event loop busy.

`make bench` prints, for each job, the longest turn of the loop and how much of it was Python's garbage
collector, which grows with what the process has imported and not with the triggers. The emulator runs in a
process of its own.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import tempfile
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.triggers.adls_gen1 import ADLSGen1PathTrigger
from airflow_provider_adls.triggers.shared import shared_lakes
from benchmarks.emulator import ACCOUNT, emulator

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

TRIGGERS = 1000
FILES = 10_000
IN_FLIGHT = 50
#: Seconds between two looks at the loop.
_LAP = 0.005
CONN_ID = "triggers_benchmark"


class Turns:
    """The longest turn of an event loop, in seconds of this thread's own work."""

    longest = 0.0
    #: What the garbage collector had of the longest turn.
    collected = 0.0
    _collecting = 0.0
    _began = 0.0

    def collect(self, phase: str, _info: dict[str, Any]) -> None:
        """Count the collector's time; a callback of `gc.callbacks`."""
        now = time.thread_time()
        if phase == "start":
            self._began = now
        else:
            self._collecting += now - self._began

    async def watch(self) -> None:
        """Measure turn after turn, until cancelled."""
        while True:
            began, self._collecting = time.thread_time(), 0.0
            await asyncio.sleep(_LAP)
            work = time.thread_time() - began
            if work > self.longest:
                self.longest, self.collected = work, self._collecting


@asynccontextmanager
async def watched() -> AsyncIterator[Turns]:
    """Watch the running event loop."""
    turns = Turns()
    gc.callbacks.append(turns.collect)
    task = asyncio.create_task(turns.watch())
    try:
        yield turns
    finally:
        task.cancel()
        gc.callbacks.remove(turns.collect)


async def create(paths: list[str]) -> None:
    """Create empty files."""
    lake = await shared_lakes(CONN_ID).view(None)
    for start in range(0, len(paths), IN_FLIGHT):
        await asyncio.gather(*(lake.client.create(path) for path in paths[start : start + IN_FLIGHT]))


async def wait_for(path: str, interval: float) -> None:
    """Run one trigger until its event."""
    async for _event in ADLSGen1PathTrigger(path, adls_gen1_conn_id=CONN_ID, poke_interval=interval).run():
        return


async def many_triggers(folder: str, suffix: str) -> Turns:
    """Let a thousand triggers wait, each for a file of its own.

    :param folder: directory of the files.
    :param suffix: what follows a file's number in a trigger's path: ``.csv``, or a pattern.
    """
    await create([f"{folder}/first"])
    async with watched() as turns:
        waiting = [
            asyncio.create_task(wait_for(f"{folder}/{number:05}{suffix}", 5.0)) for number in range(TRIGGERS)
        ]
        await asyncio.sleep(12)
        await create([f"{folder}/{number:05}.csv" for number in range(TRIGGERS)])
        await asyncio.gather(*waiting)
    return turns


async def many_files() -> Turns:
    """Let one trigger look through a directory of very many files."""
    await create([f"/big/{number:06}.csv" for number in range(FILES)])
    async with watched() as turns:
        await wait_for("/big/**", 5.0)
    return turns


def main() -> None:
    """Run the jobs, and print a line each."""
    with tempfile.TemporaryDirectory() as folder, emulator(Path(folder)) as server:
        ready = Path(folder, "triggers.json")
        ready.write_text(json.dumps(server.said))
        os.environ["ADLS_GEN1_EMULATOR"] = str(ready)
        os.environ["NO_PROXY"] = "127.0.0.1"
        extra = {"cloud": "emulator", "account_name": ACCOUNT}
        os.environ[f"AIRFLOW_CONN_{CONN_ID.upper()}"] = json.dumps({"conn_type": "adls_gen1", "extra": extra})
        for name, job in {
            f"{TRIGGERS:,} triggers on paths": many_triggers("/paths", ".csv"),
            f"{TRIGGERS:,} triggers on globs of one directory": many_triggers("/globs", ".*"),
            f"one look at {FILES:,} files": many_files(),
        }.items():
            turns = asyncio.run(job)
            print(
                f"{name}: longest turn of the loop {turns.longest * 1000:.0f} ms,"
                f" {turns.collected * 1000:.0f} ms of it the garbage collector"
            )


if __name__ == "__main__":
    main()
