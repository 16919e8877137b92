"""The task group of a transfer of many tasks, in a DAG that Airflow runs."""

from __future__ import annotations

import logging
from itertools import pairwise
from pathlib import Path

import pytest
from airflow.providers.common.compat.sdk import DAG, AirflowException, AirflowFailException

from airflow_provider_adls.operators.distributed import (
    ADLSGen1BeginTransferOperator,
    ADLSGen1CopyShardOperator,
    ADLSGen1DeleteExtraneousOperator,
    ADLSGen1ListShardsOperator,
    ADLSGen1TransferReportOperator,
    ADLSGen1VerifyShardOperator,
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
    assert {task.retries for task in tasks} == {5}
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
        with pytest.raises(AirflowFailException, match=f"delete is {state} in this run"):
            report.execute({"ti": Instance()})
    else:
        assert report.execute({"ti": Instance()})["files"] == 1


class Instance:
    """A task instance as Airflow gives it to an operator, with the runs that are queued or running."""

    dag_id = "nightly"

    def __init__(self, run_id, active=()) -> None:
        self.run_id = run_id
        self._active = active

    def get_dr_count(self, dag_id, run_ids, states):
        assert (dag_id, states) == (self.dag_id, ["queued", "running"])
        return len({*run_ids} & {*self._active})

    def get_task_states(self, dag_id, task_ids, run_ids):
        return {self.run_id: dict.fromkeys(task_ids, "upstream_failed")}


FIRST, SECOND = "scheduled__2026-11-29T00:00:00+00:00", "manual__2026-11-29T10:00:00+00:00"


@pytest.fixture
def steps():
    """The first step of a transfer, a later one, and the report."""
    with DAG("nightly", schedule=None):
        begin = ADLSGen1BeginTransferOperator(
            task_id="begin", source_path="/s", destination_path="/t", list_tasks=1, **STATE
        )
        verify = ADLSGen1VerifyShardOperator(task_id="verify", shard=0, **STATE)
        report = ADLSGen1TransferReportOperator(task_id="report", **STATE)
        begin >> verify >> report
    return begin, verify, report


def test_a_run_beside_another_one_of_the_same_id_is_refused(hook, complete, steps):
    """A run whose transfer another run is at work on fails at once, names it, and leaves its report alone."""
    begin, verify, report = steps
    begin.execute({"ti": Instance(FIRST)})
    with pytest.raises(AirflowFailException, match=r"run scheduled__.* of DAG \w+ is at work"):
        begin.execute({"ti": Instance(SECOND, active=[FIRST])})
    with pytest.raises(AirflowFailException, match="verify is upstream_failed in this run"):
        report.execute({"ti": Instance(SECOND)})
    assert not hook.filesystem.exists("/state/nightly/report.html")
    assert verify.execute({"ti": Instance(FIRST)})["files"] == 1


def test_a_run_that_has_ended_is_taken_over(hook, complete, steps):
    """The transfer of a run that has ended is the next one's; cleared tasks of the old run say so."""
    begin, verify, report = steps
    begin.execute({"ti": Instance(FIRST)})
    begin.execute({"ti": Instance(SECOND)})
    for task in (verify, report):
        with pytest.raises(AirflowFailException, match=r"run manual__.* has taken over"):
            task.execute({"ti": Instance(FIRST)})
    assert verify.execute({"ti": Instance(SECOND)})["files"] == 1
    begin.execute({"ti": Instance(FIRST)})
    assert verify.execute({"ti": Instance(FIRST)})["files"] == 1


def test_what_no_retry_mends_fails_at_once(hook, complete, steps):
    """Another option, a missing source, and a file that only a cleared copy mends spend no retries."""
    begin, verify, _ = steps
    begin.shard_files = 7
    with pytest.raises(AirflowFailException, match="whose shard_files is 50000 and not 7"):
        begin.execute({"ti": Instance(FIRST)})
    begin.source_path = "/missing"
    with pytest.raises(AirflowFailException, match="PathNotFoundError"):
        begin.execute({"ti": Instance(FIRST)})
    hook.filesystem.rm_file("/t/1 [1].csv")
    with pytest.raises(AirflowFailException, match="clear the task that copied shard 0"):
        verify.execute({})


@pytest.mark.parametrize(
    ("operator", "argument"),
    [(ADLSGen1ListShardsOperator, "part"), (ADLSGen1CopyShardOperator, "shard")],
)
def test_a_number_that_the_transfer_does_not_have(complete, operator, argument):
    """A part or a shard that does not exist fails at once, and the error says how many there are."""
    with DAG("nightly", schedule=None):
        task = operator(task_id="step", **STATE, **{argument: 5})
    with pytest.raises(AirflowFailException, match=rf"has 1 {argument}s?.*, and no {argument} 5"):
        task.execute({})


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
