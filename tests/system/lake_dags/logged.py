"""A DAG on a schedule whose tasks log in each way that a try may go; it is read from a lake."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from airflow.providers.common.compat.sdk import DAG, get_current_context, task
from words.said import SAID

from airflow_provider_adls.sensors.adls_gen1 import ADLSGen1PathSensor

with DAG(
    "logged",
    schedule=timedelta(days=1),
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    end_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=True,
):

    @task(retries=1, retry_delay=timedelta(seconds=1))
    def again() -> None:
        """Fail once."""
        number = get_current_context()["ti"].try_number
        print(f"{SAID} of try {number}, é")
        if number == 1:
            raise ValueError("the first try fails")

    @task
    def each(number: int) -> None:
        """Log a line of each mapped task."""
        print(f"{SAID} of number {number}")

    @task
    def much() -> None:
        """Log five megabytes."""
        for number in range(5_000):
            print(f"{number} {'x' * 1000}")

    @task.sensor(mode="reschedule", poke_interval=10)
    def rescheduled() -> bool:
        """Look three times, each in a turn of its own."""
        with Path(os.environ["AIRFLOW_HOME"], "looks").open("a+") as file:
            file.write("x")
            print(f"look {file.tell()}")
            return file.tell() == 3

    again()
    each.expand(number=[1, 2, 3])
    much()
    rescheduled()
    ADLSGen1PathSensor(task_id="deferred", path="/arrives", poke_interval=1, deferrable=True)
