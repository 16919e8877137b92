"""What names the work of a task, whichever try does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context


def work_of(context: Context) -> str | None:
    """Name of a task in a run; None outside of one, where every call is work of its own."""
    task = context.get("ti")
    return None if task is None else f"{task.dag_id}/{task.task_id}/{task.run_id}/{task.map_index}"
