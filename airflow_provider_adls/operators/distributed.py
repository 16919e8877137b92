"""The steps of one transfer as the work of many tasks; `transfers.distributed` makes a task group of them.

Each step reads what the ones before it wrote below `state_path`, and returns numbers alone.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from airflow_provider_adls.hooks.ends import is_lake
from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import Argument, fixed, flag, is_known, templated
from airflow_provider_adls.operators.base import ADLSGen1Operator
from airflow_provider_adls.operators.keep import FAIL_UNLESS_KEPT, KEEP, validate_keep
from airflow_provider_adls.operators.links import ADLSGen1AccountLink, ADLSGen1ReportLink
from airflow_provider_adls.operators.resuming import VERIFY
from airflow_provider_adls.operators.times import TimesOperator
from airflow_provider_adls.policies.failing import fail_at_once
from airflow_provider_adls.transfer.ledger import OvertakenError
from airflow_provider_adls.transfer.runs import DagRun

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class TransferIncompleteError(RuntimeError):
    """A transfer has ended, and not all of it is done."""


class _TransferStepOperator(ADLSGen1Operator):
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
        run = _run_of(context)
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
        context: Context,  # noqa: ARG002 - for a subclass
    ) -> None:
        """Refuse to work beside another run.

        :raises TransferInUseError: if this run has begun the transfer, and another one has it now.
        """
        if run:
            hook.refuse_other_run(*self.state, run)

    def end_step(self, hook: ADLSGen1Hook, run: DagRun | None, context: Context) -> None:
        """Do what needs to know the run, when the work is done."""


class _SingleStepOperator(_TransferStepOperator):
    """Base of the steps that are one task."""

    def __init__(self, *, state_path: str, transfer_id: str, **kwargs: Any) -> None:
        super().__init__(state_path=state_path, transfer_id=transfer_id, **kwargs)
        self.validate()


class _PartStepOperator(_TransferStepOperator):
    """Base of the steps that are a task for each part of the trees."""

    arguments = (templated("part", kinds.index, "number of the part, from 0", required=True),)

    def __init__(self, *, state_path: str, transfer_id: str, part: int, **kwargs: Any) -> None:
        super().__init__(state_path=state_path, transfer_id=transfer_id, **kwargs)
        self.part = part
        self.validate()


class _ShardStepOperator(_TransferStepOperator):
    """Base of the steps that are a task for each shard."""

    arguments = (templated("shard", kinds.index, "number of the shard, from 0", required=True),)

    def __init__(self, *, state_path: str, transfer_id: str, shard: int, **kwargs: Any) -> None:
        super().__init__(state_path=state_path, transfer_id=transfer_id, **kwargs)
        self.shard = shard
        self.validate()


class ADLSGen1BeginTransferOperator(TimesOperator, _TransferStepOperator):
    """Begin a transfer of many tasks: write what it is to do, and share its directories out to be listed.

    .. code-block:: python

        ADLSGen1BeginTransferOperator(
            task_id="begin", source_path="/raw", destination_path="adl://new/raw",
            state_path="/_transfers", transfer_id="{{ dag.dag_id }}/{{ run_id }}",
        )

    :returns: ``[0, 1, …]``, a number for each task that lists a part.
    """

    arguments = (
        templated("source_path", kinds.any_url, "the tree that is copied", required=True, lineage="input"),
        templated(
            "destination_path",
            kinds.written(kinds.any_url),
            "the directory that it is copied into",
            required=True,
            lineage="output",
        ),
        templated(
            "source_conn_id", kinds.text, "id of the source's connection; None for `adls_gen1_conn_id`"
        ),
        templated("destination_conn_id", kinds.text, "id of the destination's connection, in the same way"),
        fixed(
            "mode",
            kinds.one_of("copy", "sync"),
            "``copy`` copies all files, ``sync`` those that are new or changed",
            required=True,
        ),
        fixed(
            "compare",
            kinds.one_of("size_and_time", "size"),
            "how sync recognises a changed file: by another size, or also by a time after its copy's",
            required=True,
        ),
        flag("delete", "whether sync deletes files that the source does not have, when all else is done"),
        templated(
            "max_deletes",
            kinds.number,
            "most files that are deleted: a whole number, or below 1 a part of the destination's files; if"
            " there are more, none is deleted. None for any number",
        ),
        templated("include", kinds.globs, "globs of files, relative to the root", required=True),
        templated("exclude", kinds.globs, "globs of files and directories that are ignored", required=True),
        flag("checksum", "whether the verification reads both sides of each file, and not only the size"),
        flag(
            "ignore_failures",
            "whether files that cannot be copied are reported, and the tasks succeed; then none is deleted",
        ),
        VERIFY,
        KEEP,
        FAIL_UNLESS_KEPT,
        templated("list_tasks", kinds.count, "most tasks that list", required=True),
        templated("shard_files", kinds.count, "most files of a shard, the work of one task", required=True),
        templated(
            "shard_bytes", kinds.count, "most bytes of a shard, unless one file has more", required=True
        ),
    )

    def __init__(
        self,
        *,
        source_path: str,
        destination_path: str,
        source_conn_id: str | None = None,
        destination_conn_id: str | None = None,
        mode: Literal["copy", "sync"] = "copy",
        compare: Literal["size_and_time", "size"] = "size_and_time",
        delete: bool = False,
        max_deletes: float | None = None,
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        checksum: bool = False,
        ignore_failures: bool = False,
        verify: Literal["length", "content"] = "length",
        keep: str | Sequence[str] | None = None,
        fail_unless_kept: bool = False,
        list_tasks: int = 64,
        shard_files: int = 50_000,
        shard_bytes: int = 64 * 2**30,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.source_path = source_path
        self.destination_path = destination_path
        self.source_conn_id = source_conn_id
        self.destination_conn_id = destination_conn_id
        self.mode = mode
        self.compare = compare
        self.delete = delete
        self.max_deletes = max_deletes
        self.include = include
        self.exclude = exclude
        self.checksum = checksum
        self.ignore_failures = ignore_failures
        self.verify = verify
        self.keep = keep
        self.fail_unless_kept = fail_unless_kept
        self.list_tasks = list_tasks
        self.shard_files = shard_files
        self.shard_bytes = shard_bytes
        self.validate()

    def validate_together(self) -> None:
        """Refuse trees inside each other, paths of this machine, and a deletion without sync."""
        super().validate_together()
        for name in ("source_path", "destination_path"):
            path = getattr(self, name)
            if isinstance(path, str) and path.startswith(("file:", "local:")):
                raise self.error(name, f"{path} is on one machine, and the tasks may run on several")
        if self.delete is True and self.mode == "copy":
            raise self.error("delete", "needs mode='sync': a copy does not look at what the destination has")
        self.refuse_inside("source_path", "destination_path")
        if self.delete is True:
            self.refuse_inside("destination_path", "source_path")
        for name in ("source_path", "destination_path"):
            path = getattr(self, name)
            if isinstance(path, str) and is_known(path) and is_lake(path):
                self.refuse_inside(name, "state_path")
        validate_keep(self, self.keep, "source_path", "destination_path")

    def begin_step(self, hook: ADLSGen1Hook, run: DagRun | None, context: Context) -> None:
        """Refuse nothing yet: a run that has lost the transfer may take it back."""

    def end_step(self, hook: ADLSGen1Hook, run: DagRun | None, context: Context) -> None:
        """Give the transfer to this run.

        :raises TransferInUseError: if another run has it, and is queued or running.
        """
        if run:
            hook.claim_transfer(*self.state, run, lambda other: _is_active(context, other))

    def perform(self, hook: ADLSGen1Hook) -> list[int]:
        """Begin the transfer, or go on with it."""
        names = self.argument_table.keys() - _TransferStepOperator.argument_table.keys()
        parts = hook.begin_transfer(*self.state, **{name: getattr(self, name) for name in names})
        return list(range(parts))


class ADLSGen1ListShardsOperator(_PartStepOperator):
    """List one part of both trees, and write what is to be done into the lake; a retry goes on.

    .. code-block:: python

        ADLSGen1ListShardsOperator(
            task_id="list_part", state_path="/_transfers", transfer_id="{{ run_id }}", part=0
        )

    :returns: numbers of ``files`` and ``bytes`` to be copied, of files ``alike``, of files that are ``extra``
        in the destination and are to be deleted, and of all files there, ``target``.
    """

    def perform(self, hook: ADLSGen1Hook) -> dict[str, int]:
        """List the part."""
        return hook.list_transfer(*self.state, int(self.part))


class ADLSGen1PackShardsOperator(_SingleStepOperator):
    """Share what is to be copied out to shards of about equal cost, at most 1,000.

    :returns: ``[0, 1, …]``, a number for each shard, the most expensive one first.
    """

    def perform(self, hook: ADLSGen1Hook) -> list[int]:
        """Pack the shards."""
        return list(range(hook.pack_transfer(*self.state)))


class ADLSGen1CopyShardOperator(_ShardStepOperator):
    """Copy one shard, chunk by chunk, each noted in the shard's ledger. A retry copies what is left.

    .. code-block:: python

        ADLSGen1CopyShardOperator(
            task_id="copy_shard", state_path="/_transfers", transfer_id="{{ run_id }}", shard=17, retries=5
        )

    :returns: numbers of ``files`` and ``bytes`` that all tries have copied, and of those that ``failed``.
    """

    def perform(self, hook: ADLSGen1Hook) -> dict[str, int]:
        """Copy the shard."""
        return hook.copy_shard(*self.state, int(self.shard))


class ADLSGen1VerifyShardOperator(_ShardStepOperator):
    """List the destination's directories anew, and compare them with what a shard was to copy.

    :returns: numbers of ``files`` that are right, and of those that ``failed``.
    """

    def perform(self, hook: ADLSGen1Hook) -> dict[str, int]:
        """Verify the shard."""
        return hook.verify_shard(*self.state, int(self.shard))


class ADLSGen1DeleteExtraneousOperator(_SingleStepOperator):
    """Delete what only the destination has, if the transfer is to, and every shard is verified.

    :returns: the number of ``deleted`` files.
    """

    def perform(self, hook: ADLSGen1Hook) -> dict[str, int]:
        """Delete the files."""
        return hook.delete_extraneous(*self.state)


class ADLSGen1KeepAttributesOperator(_PartStepOperator):
    """Give the copies of one part what its files and directories have, as `keep` of the transfer says.

    Both sides are listed, and only what differs costs a request; a retry sets what is left.

    .. code-block:: python

        ADLSGen1KeepAttributesOperator(
            task_id="keep_part", state_path="/_transfers", transfer_id="{{ run_id }}", part=0
        )

    :returns: numbers of attributes that were ``kept``, and ``not_kept``.
    """

    def perform(self, hook: ADLSGen1Hook) -> dict[str, int]:
        """Set the attributes."""
        return hook.keep_attributes(*self.state, int(self.part))


class ADLSGen1TransferReportOperator(_SingleStepOperator):
    """Write the report of a transfer, as JSON and as a page of HTML, and fail unless all is done.

    Give it ``trigger_rule="all_done"``, so that it reports a transfer that failed, too. The task's log has
    the totals and a line for each shard.

    :returns: totals: ``files``, ``bytes``, ``skipped``, ``failed`` and ``deleted``; ``report`` and ``page``,
        the paths of both files; with `keep` also ``kept`` and ``not_kept``, numbers of paths by attribute.
    """

    operator_extra_links = (ADLSGen1AccountLink(), ADLSGen1ReportLink())

    final_errors = (ValueError, TransferIncompleteError)

    def begin_step(self, hook: ADLSGen1Hook, run: DagRun | None, context: Context) -> None:
        """Leave the report of another run as it is, if this one has not even begun the transfer.

        :raises TransferIncompleteError: naming the task right before this one that failed.
        """
        super().begin_step(hook, run, context)
        if run not in hook.transfer_runs(*self.state):
            self._refuse_failed(hook, context)

    def end_step(
        self,
        hook: ADLSGen1Hook,
        run: DagRun | None,  # noqa: ARG002 - as of the base
        context: Context,
    ) -> None:
        """Refuse to report the files of an earlier run, with the same `transfer_id`, as those of this one.

        :raises TransferIncompleteError: naming the task right before this one that failed.
        """
        self._refuse_failed(hook, context)

    def _refuse_failed(self, hook: ADLSGen1Hook, context: Context) -> None:
        for name, state in _states(context, self.upstream_task_ids).items():
            if state in ("failed", "upstream_failed"):
                page = hook.report_place(*self.state).path
                raise TransferIncompleteError(
                    f"{name} is {state} in this run: {page}, if it exists, is of an earlier one"
                )

    def perform(self, hook: ADLSGen1Hook) -> dict[str, Any]:
        """Write the report.

        :raises TransferIncompleteError: naming what is not done.
        """
        from airflow_provider_adls.transfer.page import spell

        report = hook.report_transfer(*self.state)
        for line in spell(report):
            self.log.info("%s", line)
        if report["problems"]:
            more = f" (and {len(report['problems']) - 1} more)" if len(report["problems"]) > 1 else ""
            raise TransferIncompleteError(
                f"the transfer is not complete: {report['problems'][0]}{more}; see {report['page']}"
            )
        names = ("files", "bytes", "skipped", "failed", "deleted", "kept", "not_kept", "report", "page")
        return {name: report[name] for name in names if name in report}


def _run_of(context: Context) -> DagRun | None:
    """Return the run of a task; None outside of one."""
    task = context.get("ti")
    return None if task is None else DagRun(task.dag_id, task.run_id)


def _is_active(context: Context, run: DagRun) -> bool:
    """Return whether a run is queued or running; one that this Airflow does not know is not."""
    task, states = context["ti"], ["queued", "running"]
    if hasattr(task, "get_dr_count"):
        return task.get_dr_count(dag_id=run.dag_id, run_ids=[run.run_id], states=states) > 0
    from airflow.models import DagRun as StoredRun  # of Airflow 2 alone

    return any(one.state in states for one in StoredRun.find(dag_id=run.dag_id, run_id=run.run_id))


def _states(context: Context, tasks: Collection[str]) -> dict[str, str | None]:
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
