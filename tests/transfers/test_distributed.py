"""The task group of a transfer of many tasks, in a DAG that Airflow runs."""

from __future__ import annotations

import logging
from itertools import pairwise
from pathlib import Path

import pytest
from airflow.providers.common.compat.sdk import DAG, AirflowException

from airflow_provider_adls.operators.distributed import (
    ADLSGen1DeleteExtraneousOperator,
    ADLSGen1TransferReportOperator,
)
from airflow_provider_adls.transfers.distributed import adls_gen1_transfer

DAGS = Path(__file__).with_name("dags")
EXAMPLES = Path(__file__).parents[2] / "example_dags"
PATHS = {"source_path": "/s", "destination_path": "/t", "state_path": "/state"}


@pytest.mark.timeout(900)
def test_the_example_runs(hook, airflow_home):
    """The example DAG copies a tree, changes it, syncs it, and compares both trees itself."""
    code, said = airflow_home.run(
        "airflow", "dags", "test", "adls_gen1_distributed", AIRFLOW__CORE__DAGS_FOLDER=str(EXAMPLES)
    )
    assert code == 0, said
    # What it made, its teardown deleted.
    assert hook.filesystem.find("/distributed") == []


def test_the_group(caplog):
    """The group's tasks stand in their order, mapped ones in the pool, with retries that pause and grow."""
    with DAG("migration", schedule=None), caplog.at_level(logging.WARNING):
        group = adls_gen1_transfer("move", **PATHS, pool="migration", adls_gen1_conn_id="other")
    labels = ("begin", "list", "pack", "copy", "verify", "delete", "report")
    tasks = [group.get_child_by_label(label) for label in labels]
    assert [task.task_id for task in tasks] == [f"move.{label}" for label in labels]
    for task, downstream in pairwise(tasks):
        assert downstream.task_id in task.downstream_task_ids
    pools = {task.task_id.removeprefix("move."): task.pool for task in tasks}
    assert {label for label, pool in pools.items() if pool == "migration"} == {"list", "copy", "verify"}
    assert (tasks[0].retries, tasks[-1].retries) == (5, 0)
    assert (tasks[-2].trigger_rule, tasks[-1].trigger_rule) == ("none_failed", "all_done")
    assert tasks[0].adls_gen1_conn_id == "other"
    assert not caplog.records


def test_a_default_pool_is_warned_of(caplog):
    """Without a pool and another bound, the group says what may happen."""
    with DAG("migration", schedule=None), caplog.at_level(logging.WARNING):
        adls_gen1_transfer("move", **PATHS)
    assert "default_pool" in caplog.text


def test_a_wrong_option_fails_at_parse():
    """An option that no step has, and a deletion without sync, fail when the DAG is parsed."""
    with DAG("migration", schedule=None):
        with pytest.raises(ValueError, match="argument 'delete': needs mode='sync'"):
            adls_gen1_transfer("move", **PATHS, pool="migration", delete=True)
        with pytest.raises((TypeError, AirflowException), match="delet"):
            adls_gen1_transfer("again", **PATHS, pool="migration", delet=True)


STATE = {"state_path": "/state", "transfer_id": "nightly"}


@pytest.fixture
def complete(hook):
    """A transfer that an earlier run has completed."""
    hook.filesystem.pipe_file("/s/1 [1].csv", b"1")
    hook.begin_transfer(**STATE, source_path="/s", destination_path="/t", list_tasks=1)
    hook.list_transfer(**STATE, part=0)
    hook.pack_transfer(**STATE)
    hook.copy_shard(**STATE, shard=0)
    hook.verify_shard(**STATE, shard=0)


@pytest.mark.parametrize("state", ["success", "skipped", "failed", "upstream_failed"])
def test_the_report_of_a_run_whose_steps_failed(complete, state):
    """A run whose steps failed is not reported as complete by what an earlier run of the same id did."""

    class Instance:
        dag_id, run_id = "migration", "scheduled__2026-11-29T00:00:00+00:00"

        def get_task_states(self, dag_id, task_ids, run_ids):
            assert (dag_id, task_ids, run_ids) == (self.dag_id, ["delete"], [self.run_id])
            return {self.run_id: {"delete": state}}

    with DAG("migration", schedule=None):
        delete = ADLSGen1DeleteExtraneousOperator(task_id="delete", **STATE)
        report = ADLSGen1TransferReportOperator(task_id="report", **STATE)
        delete >> report
    if "failed" in state:
        with pytest.raises(RuntimeError, match=f"delete is {state} in this run"):
            report.execute({"ti": Instance()})
    else:
        assert report.execute({"ti": Instance()})["files"] == 1


@pytest.mark.long
@pytest.mark.timeout(900)
def test_a_changed_option_fails_the_run(complete, hook, airflow_home):
    """A run with another option under the id of a transfer that is complete fails, and copies nothing."""
    code, said = airflow_home.run(
        "airflow", "dags", "test", "changed_option", AIRFLOW__CORE__DAGS_FOLDER=str(DAGS)
    )
    assert "whose shard_files is 50000 and not 7" in said
    assert "move.delete is upstream_failed in this run" in said
    assert code != 0
