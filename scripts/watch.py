"""Follows a DAG run, and says what its tasks do."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts.airflow_api import FINAL
from scripts.processes import ProcessFailedError
from scripts.stack import silent

if TYPE_CHECKING:
    from scripts.stack import Report, Stack

#: Seconds that a run of an example may take.
RUN_TIMEOUT = 600.0
POLL_INTERVAL = 0.2
#: States that say something to whoever watches; the rest last for moments.
TOLD = FINAL | {"up_for_retry", "deferred", "up_for_reschedule"}
#: How long a task runs before it is reported: most have ended by then.
WORTH_TELLING = timedelta(seconds=1)


def follow(stack: Stack, dag: str, run: str, report: Report = silent) -> None:
    """Wait for the end of a run.

    :param report: called with a task's name and its state, whenever that has changed.
    :raises ProcessFailedError: if a task fails, or the run does, naming the task, with its log.
    """
    end = time.monotonic() + RUN_TIMEOUT
    known: dict[tuple[str, int], str] = {}
    state = "queued"
    while state not in FINAL:
        stack.check()
        if time.monotonic() > end:
            raise ProcessFailedError(dag, f"is {state} after {RUN_TIMEOUT:.0f} s")
        # The run first: when it has ended, so have the tasks that are asked for next.
        state = stack.api.run_state(dag, run)
        tasks = stack.api.tasks(dag, run)
        for task in sorted(tasks, key=lambda task: task["end_date"] or "~"):
            key = (task["task_id"], task["map_index"])
            if is_reported(task) and task["state"] != known.get(key):
                known[key] = task["state"]
                report(name(task), task["state"] + duration(task))
        time.sleep(POLL_INTERVAL)
    # A run is a success for Airflow even if its teardowns failed.
    failed = [task for task in tasks if task["state"] == "failed"]
    if state != "success" or failed:
        where = name(failed[0]) if failed else dag
        raise ProcessFailedError(where, f"ended the run as {state}", task_log(stack, failed))


def name(task: dict[str, Any]) -> str:
    """What people call a task instance: its id, with the index of a mapped one."""
    index = task["map_index"]
    return str(task["task_id"]) + (f"[{index}]" if index >= 0 else "")


def is_reported(task: dict[str, Any]) -> bool:
    """Whether a task's state is worth a line."""
    if task["state"] == "running":
        return datetime.now(UTC) - datetime.fromisoformat(task["start_date"]) > WORTH_TELLING
    return task["state"] in TOLD


def duration(task: dict[str, Any]) -> str:
    """How long a task took, once it has ended."""
    if task["state"] not in FINAL or not task["start_date"] or not task["end_date"]:
        return ""
    taken = datetime.fromisoformat(task["end_date"]) - datetime.fromisoformat(task["start_date"])
    return f" ({taken.total_seconds():.1f} s)"


def task_log(stack: Stack, failed: list[dict[str, Any]]) -> Path | None:
    """Log of the first task that failed, as plain text."""
    for task in failed:
        for file in sorted((stack.home / "logs").rglob(f"*task_id={task['task_id']}/**/*.log")):
            text = stack.logs / f"{name(task)}.log"
            text.write_text("\n".join(plain(file.read_text(errors="replace"))))
            return text
    return None


def plain(log: str) -> Iterator[str]:
    """The events of a task's log, which Airflow writes as one JSON object a line."""
    for line in log.splitlines():
        try:
            entry = json.loads(line)
        except ValueError:
            yield line
            continue
        yield f"{entry.get('level', 'info')}: {entry.get('event', '')}"
        for error in entry.get("error_detail") or []:
            yield f"{error.get('exc_type')}: {error.get('exc_value')}"
