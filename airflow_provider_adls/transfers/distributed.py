"""`adls_gen1_transfer`: a task group that copies or syncs a tree with as many workers as Airflow has."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from airflow.providers.common.compat.sdk import TaskGroup

from airflow_provider_adls.operators.distributed import (
    ADLSGen1BeginTransferOperator,
    ADLSGen1CopyShardOperator,
    ADLSGen1DeleteExtraneousOperator,
    ADLSGen1KeepAttributesOperator,
    ADLSGen1ListShardsOperator,
    ADLSGen1PackShardsOperator,
    ADLSGen1TransferReportOperator,
    ADLSGen1VerifyShardOperator,
)

logger = logging.getLogger(__name__)
#: Default id of a transfer: each run of the DAG has one of its own.
TRANSFER_ID = "{{ dag.dag_id }}/{{ run_id }}"
_SHARED = ("adls_gen1_conn_id", "account_name", "azure_data_lake_conn_id")


def adls_gen1_transfer(
    group_id: str,
    *,
    source_path: str,
    destination_path: str,
    state_path: str,
    transfer_id: str = TRANSFER_ID,
    pool: str | None = None,
    retries: int = 5,
    retry_delay: dt.timedelta = dt.timedelta(seconds=5),
    max_active_tis_per_dag: int | None = None,
    **options: Any,
) -> TaskGroup:
    """Return a task group that copies a tree, or makes one like another, as the work of many tasks.

    .. code-block:: python

        with DAG("migration"):
            adls_gen1_transfer(
                "migrate", source_path="/raw", destination_path="adl://new/raw", mode="sync", delete=True,
                max_deletes=0.1, state_path="/_transfers", pool="migration",
            )

    Tasks ``begin``, ``list`` (mapped), ``pack``, ``copy`` (mapped), ``verify`` (mapped), ``delete``, with
    `keep` also ``keep`` (mapped), and ``report``. What they know of each other is in files below
    `state_path`; their XComs hold numbers alone.

    :param group_id: id of the group.
    :param source_path: path or URL of the tree that is copied, in a lake or an object store.
    :param destination_path: path or URL of the directory that it is copied into.
    :param state_path: directory of a lake, outside of both trees, for manifest, ledgers and report.
        (templated)
    :param transfer_id: names the transfer below it. The next run goes on with a fixed one, and copies nothing
        if it is complete; a run that begins while another one has it fails. (templated)
    :param pool: pool of the tasks that list, copy and verify. Give it no more slots than the workers have:
        what waits in an executor's queue fails after a while, and what waits for a pool does not.
    :param retries: tries of each task after its first; a worker that dies takes one.
    :param retry_delay: pause before the first of them; it grows.
    :param max_active_tis_per_dag: most tasks that copy at the same time, without a pool.
    :param options: of `ADLSGen1BeginTransferOperator` (`mode`, `delete`, `max_deletes`, `include`, `exclude`,
        `checksum`, `ignore_failures`, `keep`, `fail_unless_kept`, `source_conn_id`,
        `destination_conn_id`, `list_tasks`, `shard_files`, `shard_bytes` …), and `adls_gen1_conn_id` and
        `account_name`, the state's.
    """
    tasks: dict[str, Any] = {
        "retries": retries,
        "retry_delay": retry_delay,
        "retry_exponential_backoff": True,
        "max_retry_delay": dt.timedelta(minutes=10),
    }
    state: dict[str, Any] = {"state_path": state_path, "transfer_id": transfer_id}
    state |= {name: options.pop(name) for name in _SHARED if name in options}
    in_pool: dict[str, Any] = {**tasks, **({"pool": pool} if pool else {})}
    at_once = {"max_active_tis_per_dag": max_active_tis_per_dag} if max_active_tis_per_dag else {}
    if not pool and not max_active_tis_per_dag:
        logger.warning(
            "the tasks of %s wait in default_pool, which has 128 slots: give pool=, no bigger than the slots"
            " of the workers, for what waits in an executor's queue fails after [scheduler]"
            " task_queued_timeout",
            group_id,
        )
    with TaskGroup(group_id) as group:
        begin = ADLSGen1BeginTransferOperator(
            task_id="begin",
            source_path=source_path,
            destination_path=destination_path,
            **state,
            **options,
            **tasks,
        )
        listed = ADLSGen1ListShardsOperator.partial(task_id="list", **state, **in_pool).expand(
            part=begin.output
        )
        pack = ADLSGen1PackShardsOperator(task_id="pack", **state, **tasks)
        copy = ADLSGen1CopyShardOperator.partial(task_id="copy", **state, **in_pool, **at_once).expand(
            shard=pack.output
        )
        # Where nothing is to be copied, both are skipped, and the rest goes on.
        verify = ADLSGen1VerifyShardOperator.partial(task_id="verify", **state, **in_pool).expand(
            shard=pack.output
        )
        delete = ADLSGen1DeleteExtraneousOperator(
            task_id="delete", trigger_rule="none_failed", **state, **tasks
        )
        report = ADLSGen1TransferReportOperator(task_id="report", trigger_rule="all_done", **state, **tasks)
        listed >> pack >> copy >> verify >> delete
        last: Any = delete
        if options.get("keep"):
            # By the parts that the tree was listed by; a deletion changes the times of directories.
            last = ADLSGen1KeepAttributesOperator.partial(
                task_id="keep", trigger_rule="none_failed", **state, **in_pool
            ).expand(part=begin.output)
            delete >> last
        last >> report
    return group
