"""The pair of DAGs that an asset joins."""

from __future__ import annotations

import time

import pytest

from scripts.watch import follow
from tests.system.test_example_dags import run

pytestmark = pytest.mark.airflow_stack

#: Seconds that a DAG has to be started by what it waits for.
TIME = 600.0
WRITER, READER = "adls_gen1_asset", "adls_gen1_asset_report"


def runs(stack) -> list[str]:
    found = stack.api.call("GET", f"dags/{READER}/dagRuns")["dag_runs"]
    return [one["dag_run_id"] for one in found]


def test_what_one_writes_starts_the_other(stack, tmp_path):
    """The second DAG runs once, without a start by hand, after the first wrote the asset, and reads it."""
    stack.wait_for_dag(READER)
    # A paused DAG is not started by what it waits for.
    stack.api.call("PATCH", f"dags/{READER}", {"is_paused": False})
    assert runs(stack) == []

    run(stack, WRITER, tmp_path)

    end = time.monotonic() + TIME
    while not (started := runs(stack)) and time.monotonic() < end:
        time.sleep(0.2)
    (started,) = started
    follow(stack, READER, started)
    assert stack.api.xcom(READER, started, "report") == 21


def test_asset_is_known_by_its_uri(stack):
    """Airflow shows the asset by the account's full host, with both DAGs at it."""
    stack.wait_for_dag(READER)
    found = stack.api.call("GET", "assets", uri_pattern="assets/totals.csv")["assets"]
    (asset,) = [one for one in found if one["uri"] == "adl://lake.azuredatalakestore.net/assets/totals.csv"]
    assert [one["dag_id"] for one in asset["producing_tasks"]] == [WRITER]
    assert [one["dag_id"] for one in asset["scheduled_dags"]] == [READER]
