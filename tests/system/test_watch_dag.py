"""The watcher's example DAG: files that arrive start it."""

from __future__ import annotations

import time

import pytest

from scripts.watch import follow
from tests.system.test_example_dags import run

pytestmark = pytest.mark.airflow_stack

DAG = "adls_gen1_watch"
#: Seconds that files have from their arrival to the end of the run that they start.
TIME = 600.0


def processed(stack) -> list[int]:
    """Lines of each file that a run of the DAG has processed."""
    runs = stack.api.call("GET", f"dags/{DAG}/dagRuns", run_type="asset_triggered")["dag_runs"]
    assert all(one["state"] != "failed" for one in runs)
    xcoms = [xcom for one in runs for xcom in stack.api.xcoms(DAG, one["dag_run_id"])]
    return [xcom["value"] for xcom in xcoms if xcom["task_id"] == "process"]


def test_files_that_arrive_start_it(stack):
    """Two files are delivered; the runs that they start read each of them, and nobody else starts any."""
    stack.wait_for_dag(DAG)
    stack.api.call("PATCH", f"dags/{DAG}", {"is_paused": False})
    stack.wait_for_dag("adls_gen1_deliver")
    follow(stack, "adls_gen1_deliver", stack.api.trigger("adls_gen1_deliver", {}))
    end = time.monotonic() + TIME
    while sum(processed(stack)) < 2000 and time.monotonic() < end:
        stack.check()
        time.sleep(1)
    assert [lines for lines in processed(stack) if lines] == [1000, 1000]


def test_started_by_hand(stack, tmp_path):
    """A run that no file started has nothing to do, and does not fail."""
    run_id = run(stack, DAG, tmp_path)
    states = {task["task_id"]: task["state"] for task in stack.api.tasks(DAG, run_id)}
    assert states == {"files": "success", "process": "skipped"}
