"""Tasks of one's own: many files read at once by a coroutine, and what a task remembers. For Airflow 3.3.

It makes its files itself, so it runs wherever a connection `adls_gen1_default` leads to a lake. What it made
in the lake, it deletes; what it remembers stays in Airflow's database.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Any

from airflow.providers.common.compat.sdk import Asset, chain, dag, task

from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.operators.files import ADLSGen1DeleteOperator, ADLSGen1ListOperator

#: Names in the lake hold no colon, and ids of runs do.
FOLDER = "/tasks/{{ run_id | replace(':', '.') }}"
#: What the tasks remember from run to run belongs to it.
ORDERS = Asset("adls_gen1_orders")


@task
def make_files(folder: str) -> None:
    """Write fifty files."""
    ADLSGen1Hook().filesystem.pipe({f"{folder}/{number:02}.csv": b"1\n" * number for number in range(50)})
    # What is written in the second of a listing by time is left to the next one.
    time.sleep(1)


# [START coroutine]
@task
async def count_lines(paths: list[str]) -> int:
    """Count the lines of all files, which are read at the same time."""
    lake = ADLSGen1FileSystem(conn_id="adls_gen1_default", asynchronous=True)
    contents = await asyncio.gather(*(lake._cat_file(path) for path in paths))
    return sum(content.count(b"\n") for content in contents)


# [END coroutine]


# [START retry]
@task(retries=2)
def process(paths: list[str], task_state_store: Any = None) -> int:
    """Process the files one by one; a retry goes on with the file that the killed try did not finish."""
    hook = ADLSGen1Hook()
    for number in range(task_state_store.get("processed", 0), len(paths)):
        hook.read_file(paths[number])
        task_state_store.set("processed", number + 1)
    return task_state_store.get("processed", 0)


# [END retry]


# [START since]
@task(inlets=[ORDERS])
def new_files(folder: str, asset_state_store: Any = None) -> list[str]:
    """List the files that came since the last run, whenever that was; the first run lists all."""
    since = asset_state_store.get("since", "2000-01-01")
    # A file of this second may still come, and Gen2 knows no fractions.
    now = datetime.now(UTC).replace(microsecond=0).isoformat()
    paths = ADLSGen1Hook().list_paths(folder, recursive=True, modified_after=since, modified_before=now)
    asset_state_store.set("since", now)
    return paths


# [END since]


@task
def compare(lines: int, processed: int, new: list[str]) -> None:
    """Fail unless each task had all files."""
    if (lines, processed, len(new)) != (sum(range(50)), 50, 50):
        raise ValueError(f"{lines} lines, {processed} processed and {len(new)} new files are not those of 50")


@dag(schedule=None, tags=["example", "adls_gen1"], doc_md=__doc__)
def adls_gen1_tasks():
    """Make files, read them in three ways, compare, and delete them."""
    made = make_files(FOLDER)
    listed = ADLSGen1ListOperator(task_id="listed", path=FOLDER)
    lines, processed, new = count_lines(listed.output), process(listed.output), new_files(FOLDER)
    clean_up = ADLSGen1DeleteOperator(task_id="clean_up", path=FOLDER, recursive=True)
    chain(made, [listed, new])
    compare(lines, processed, new) >> clean_up.as_teardown(setups=made)


adls_gen1_tasks()
