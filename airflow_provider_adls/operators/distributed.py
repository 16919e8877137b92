"""The steps of one transfer as the work of many tasks; `transfers.distributed` makes a task group of them.

Each step reads what the ones before it wrote below `state_path`, and returns numbers alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from airflow_provider_adls.hooks.ends import is_lake
from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import fixed, flag, is_known, templated
from airflow_provider_adls.operators.distributed_steps import (
    PartStepOperator,
    ShardStepOperator,
    SingleStepOperator,
    TransferStepOperator,
    is_active,
    task_states,
)
from airflow_provider_adls.operators.keep import FAIL_UNLESS_KEPT, KEEP, validate_keep
from airflow_provider_adls.operators.links import ADLSGen1AccountLink, ADLSGen1ReportLink
from airflow_provider_adls.operators.resuming import VERIFY
from airflow_provider_adls.operators.times import TimesOperator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
    from airflow_provider_adls.transfer.runs import DagRun


class TransferIncompleteError(RuntimeError):
    """A transfer has ended, and not all of it is done."""


class ADLSGen1BeginTransferOperator(TimesOperator, TransferStepOperator):
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
            " more would be, none is deleted. None for any number",
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
            hook.claim_transfer(*self.state, run, lambda other: is_active(context, other))

    def perform(self, hook: ADLSGen1Hook) -> list[int]:
        """Begin the transfer, or go on with it."""
        names = self.argument_table.keys() - TransferStepOperator.argument_table.keys()
        parts = hook.begin_transfer(*self.state, **{name: getattr(self, name) for name in names})
        return list(range(parts))


class ADLSGen1ListShardsOperator(PartStepOperator):
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


class ADLSGen1PackShardsOperator(SingleStepOperator):
    """Share what is to be copied out to shards of about equal cost, at most 1,000.

    :returns: ``[0, 1, …]``, a number for each shard, the most expensive one first.
    """

    def perform(self, hook: ADLSGen1Hook) -> list[int]:
        """Pack the shards."""
        return list(range(hook.pack_transfer(*self.state)))


class ADLSGen1CopyShardOperator(ShardStepOperator):
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


class ADLSGen1VerifyShardOperator(ShardStepOperator):
    """List the destination's directories anew, and compare them with what a shard was to copy.

    :returns: numbers of ``files`` that are right, and of those that ``failed``.
    """

    def perform(self, hook: ADLSGen1Hook) -> dict[str, int]:
        """Verify the shard."""
        return hook.verify_shard(*self.state, int(self.shard))


class ADLSGen1DeleteExtraneousOperator(SingleStepOperator):
    """Delete what only the destination has, if the transfer is to, and every shard is verified.

    :returns: the number of ``deleted`` files.
    """

    def perform(self, hook: ADLSGen1Hook) -> dict[str, int]:
        """Delete the files."""
        return hook.delete_extraneous(*self.state)


class ADLSGen1KeepAttributesOperator(PartStepOperator):
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


class ADLSGen1TransferReportOperator(SingleStepOperator):
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
        run: DagRun | None,  # noqa: ARG002 - the signature of the base class
        context: Context,
    ) -> None:
        """Refuse to report the files of an earlier run, with the same `transfer_id`, as those of this one.

        :raises TransferIncompleteError: naming the task right before this one that failed.
        """
        self._refuse_failed(hook, context)

    def _refuse_failed(self, hook: ADLSGen1Hook, context: Context) -> None:
        for name, state in task_states(context, self.upstream_task_ids).items():
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
