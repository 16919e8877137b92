"""Wait for files that somebody else delivers, without a worker that waits: the triggerer does it.

It delivers the files itself, after some seconds, so it runs wherever a connection `adls_gen1_default` leads
to a Gen1 service. What it made in the lake, it deletes.
"""

from __future__ import annotations

import time
from typing import Any

from airflow.providers.common.compat.sdk import Param, dag, task

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.operators.files import ADLSGen1DeleteOperator
from airflow_provider_adls.sensors.adls_gen1 import (
    ADLSGen1DirectorySizeSensor,
    ADLSGen1PathSensor,
    ADLSGen1UnchangedSensor,
    ADLSGen1UpdatedSensor,
)

#: Names in the lake hold no colon, and ids of runs do.
FOLDER = "/deliveries/{{ run_id | replace(':', '.') }}"


# [START function]
def is_complete(files: list[dict[str, Any]]) -> bool:
    """Return whether the files have 4,000 bytes together."""
    return sum(file["length"] for file in files) >= 4000


# [END function]


@dag(
    schedule=None,
    tags=["example", "adls_gen1"],
    params={"delay": Param(10, type="integer", minimum=0, description="Seconds until the files come")},
    doc_md=__doc__,
)
def adls_gen1_sensor():
    """Wait, count, clean up; meanwhile, deliver."""
    # [START sensor]
    wait = ADLSGen1PathSensor(
        task_id="wait",
        path=f"{FOLDER}/*.csv",
        min_size=1,
        min_matches=2,
        deferrable=True,
        poke_interval=2,
        timeout=600,
    )
    # [END sensor]

    # [START complete]
    complete = ADLSGen1PathSensor(
        task_id="complete",
        path=f"{FOLDER}/*.csv",
        check_fn=is_complete,
        deferrable=True,
        poke_interval=2,
        timeout=600,
    )
    # [END complete]

    # [START updated]
    updated = ADLSGen1UpdatedSensor(
        task_id="updated", path=f"{FOLDER}/a.csv", deferrable=True, poke_interval=2, timeout=600
    )
    # [END updated]

    # [START unchanged]
    unchanged = ADLSGen1UnchangedSensor(
        task_id="unchanged",
        path=FOLDER,
        inactivity_period=3,
        min_objects=2,
        deferrable=True,
        poke_interval=2,
        timeout=600,
    )
    # [END unchanged]

    # [START size]
    enough = ADLSGen1DirectorySizeSensor(
        task_id="enough",
        path=FOLDER,
        min_files=2,
        min_bytes=4000,
        mode="reschedule",
        poke_interval=2,
        timeout=600,
    )
    # [END size]

    @task
    def deliver(folder: str, params) -> None:
        """Deliver two files at once: under another name first, for nobody waits for that."""
        lake = ADLSGen1Hook().filesystem
        time.sleep(params["delay"])
        lake.pipe({f"{folder}.partial/{name}.csv": f"{name}\n".encode() * 1000 for name in ("a", "b")})
        lake.mv(f"{folder}.partial", folder, recursive=True)

    # [START matches]
    @task
    def count(path: str) -> int:
        """Count the lines of one file."""
        with ADLSGen1Hook().filesystem.open(path, "r") as file:
            return sum(1 for _ in file)

    counted = count.expand(path=wait.output)
    # [END matches]

    clean_up = ADLSGen1DeleteOperator(task_id="clean_up", path=[FOLDER, f"{FOLDER}.partial"], recursive=True)
    [counted, complete, updated, unchanged, enough] >> clean_up.as_teardown(setups=deliver(FOLDER))


adls_gen1_sensor()
