"""`TransferStepOperator`: the base of the steps of a transfer of many tasks."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import Argument, templated
from airflow_provider_adls.operators.base import ADLSGen1Operator
from airflow_provider_adls.policies.failing import fail_at_once
from airflow_provider_adls.transfer.ledger import OvertakenError
from airflow_provider_adls.transfer.runs import DagRun

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class TransferStepOperator(ADLSGen1Operator):
    """Base of the steps: what they share is the directory of the transfer's state.

    A subclass lists its arguments, has them in its constructor, and does its work in :meth:`perform`.
    """

    arguments: ClassVar[Sequence[Argument]] = (
        templated(
            "state_path",
            kinds.target,
            "directory of the lake below which the transfer's files are",
            required=True,
        ),
        templated(
            "transfer_id",
            kinds.text,
            "names the transfer: a task with the same id goes on with it, in another run too",
            required=True,
        ),
    )
    #: Errors after which another try would end the same, beside those of every task.
    final_errors: ClassVar[tuple[type[Exception], ...]] = (ValueError,)

    def __init__(self, *, state_path: str, transfer_id: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.state_path = state_path
        self.transfer_id = transfer_id

    @property
    def state(self) -> tuple[str, str]:
        """The first two arguments of the hook's methods."""
        return self.state_path, self.transfer_id

    @abstractmethod
    def perform(self, hook: ADLSGen1Hook) -> Any:
        """Do the step, and return numbers."""
        ...

    def execute(self, context: Context) -> Any:
        """Do the step.

        :raises AirflowFailException: if no retry can mend it: another run has the transfer, an argument is
            wrong, a path or a right is missing, or an earlier task has to be cleared.
        """
        run = run_of(context)
        with fail_at_once(*self.final_errors):
            hook = self.hook_for_execution()
            self.begin_step(hook, run, context)
            try:
                result = self.perform(hook)
            except OvertakenError:
                # By a retry of this task, or by another run.
                self.begin_step(hook, run, context)
                raise
            self.end_step(hook, run, context)
        return result

    def begin_step(
        self,
        hook: ADLSGen1Hook,
        run: DagRun | None,
        context: Context,  # noqa: ARG002 - the report asks Airflow by it
    ) -> None:
        """Refuse to work beside another run.

        :raises TransferInUseError: if this run has begun the transfer, and another one has it now.
        """
        if run:
            hook.refuse_other_run(*self.state, run)

    def end_step(self, hook: ADLSGen1Hook, run: DagRun | None, context: Context) -> None:
        """Do what needs to know the run, when the work is done."""


class SingleStepOperator(TransferStepOperator):
    """Base of the steps that are one task."""

    def __init__(self, *, state_path: str, transfer_id: str, **kwargs: Any) -> None:
        super().__init__(state_path=state_path, transfer_id=transfer_id, **kwargs)
        self.validate()


class PartStepOperator(TransferStepOperator):
    """Base of the steps that are a task for each part of the trees."""

    arguments = (templated("part", kinds.index, "number of the part, from 0", required=True),)

    def __init__(self, *, state_path: str, transfer_id: str, part: int, **kwargs: Any) -> None:
        super().__init__(state_path=state_path, transfer_id=transfer_id, **kwargs)
        self.part = part
        self.validate()


class ShardStepOperator(TransferStepOperator):
    """Base of the steps that are a task for each shard."""

    arguments = (templated("shard", kinds.index, "number of the shard, from 0", required=True),)

    def __init__(self, *, state_path: str, transfer_id: str, shard: int, **kwargs: Any) -> None:
        super().__init__(state_path=state_path, transfer_id=transfer_id, **kwargs)
        self.shard = shard
        self.validate()


def run_of(context: Context) -> DagRun | None:
    """Return the run of a task; None outside of one."""
    task = context.get("ti")
    return None if task is None else DagRun(task.dag_id, task.run_id)


def is_active(context: Context, run: DagRun) -> bool:
    """Return whether a run is queued or running; one that this Airflow does not know is not."""
    task, states = context["ti"], ["queued", "running"]
    if hasattr(task, "get_dr_count"):
        return task.get_dr_count(dag_id=run.dag_id, run_ids=[run.run_id], states=states) > 0

    # Airflow 2 gives the task a run of its database.
    stored: Any = type(context["dag_run"])
    return any(one.state in states for one in stored.find(dag_id=run.dag_id, run_id=run.run_id))


def task_states(context: Context, tasks: Collection[str]) -> dict[str, str | None]:
    """Return the states that tasks have in this run; those of a mapped task by its id and number."""
    task = context.get("ti")
    if task is None or not tasks:
        return {}
    if hasattr(task, "get_task_states"):
        found = task.get_task_states(dag_id=task.dag_id, task_ids=sorted(tasks), run_ids=[task.run_id])
        states: dict[str, str | None] = found.get(task.run_id, {})
        return states

    instances = context["dag_run"].get_task_instances()  # type: ignore[attr-defined] # of Airflow 2 alone
    return {one.task_id: one.state for one in instances if one.task_id in tasks}
