"""`DagRun`: a run of a DAG that works on a transfer. Of several runs, the last that began has the transfer.

Without that, two runs of one transfer at the same time would overtake each other in every ledger, until both
have used up their retries.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow_provider_adls.transfer.ledger import Ledger, OvertakenError, read_ledger

if TYPE_CHECKING:
    from airflow_provider_adls.transfer.state import TransferState

_FILE = "runs"


class TransferInUseError(ValueError):
    """Another run has the transfer: this one must stop, and leave what it has written."""


class DagRun(NamedTuple):
    """A run of a DAG."""

    dag_id: str
    run_id: str

    def __str__(self) -> str:
        return f"run {self.run_id} of DAG {self.dag_id}"


async def read_runs(state: TransferState) -> list[DagRun]:
    """Return the runs that have begun a transfer; the last one has it."""
    return _runs(await read_ledger(state.client, state.path(_FILE)))


async def claim(state: TransferState, run: DagRun, former: DagRun | None) -> bool:
    """Give the transfer to a run.

    :param former: the run that had it; None for none.
    :returns: whether it still was the former's. If not, nothing has changed.
    """
    try:
        ledger = await Ledger.take_over(state.client, state.path(_FILE))
        runs = _runs(ledger.lines)
        if (runs[-1] if runs else None) != former:
            return False
        if run != former:
            await ledger.append({**run._asdict(), "at": round(time.time(), 3)})
    except OvertakenError:
        # Another run claims it at the same time.
        return False
    return True


def refuse_other(runs: list[DagRun], run: DagRun, folder: str) -> None:
    """Raise if a run has begun a transfer, and another one has begun it since.

    A run that has not begun it may work on a single step.

    :param runs: runs that have begun the transfer.
    :param folder: directory of the transfer's state.
    :raises TransferInUseError: naming the other run.
    """
    if run in runs and runs[-1] != run:
        raise TransferInUseError(
            f"{runs[-1]} has taken over the transfer in {folder}, and goes on with what is done: this run"
            " stops. To go on in this run instead, let the other one end, then clear the task that begins"
            " the transfer and all after it. max_active_runs=1 keeps a DAG's runs apart"
        )


def _runs(lines: list[dict[str, Any]]) -> list[DagRun]:
    return [DagRun(line["dag_id"], line["run_id"]) for line in lines if "run_id" in line]
