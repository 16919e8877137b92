"""The log of a task in a browser, out of the lake: the file that the worker wrote is gone."""

from __future__ import annotations

import textwrap
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from scripts.airflow_api import FINAL, AirflowApi
from scripts.stack import START_TIMEOUT, Stack

if TYPE_CHECKING:
    from playwright.sync_api import Page

DAG = "speaks"
FILE = """
    import logging
    from airflow.providers.common.compat.sdk import dag, task

    @dag(schedule=None)
    def speaks():
        @task
        def speak():
            for number in range(1, 11):
                logging.getLogger("airflow.task").info("line %d out of the lake, é", number)

        speak()

    speaks()
"""


@pytest.fixture(scope="module")
def admin(stack: Stack) -> AirflowApi:
    return stack.api.signed_in("admin", stack.passwords["admin"])


@pytest.fixture(scope="module")
def run(stack: Stack, admin: AirflowApi) -> str:
    """Id of a run that has ended, whose log is not on this machine any more."""
    (stack.dags / "speaks.py").write_text(textwrap.dedent(FILE))
    end = time.monotonic() + START_TIMEOUT
    while not admin.has_dag(DAG):
        assert time.monotonic() < end
        time.sleep(1)
    run_id = admin.trigger(DAG, {})
    while admin.run_state(DAG, run_id) not in FINAL:
        assert time.monotonic() < end
        time.sleep(1)
    logs = [path for path in (stack.home / "logs").rglob("attempt=*") if f"dag_id={DAG}" in str(path)]
    assert len(logs) == 1
    # The log is uploaded, and then emptied, after the run has ended.
    while logs[0].stat().st_size:
        assert time.monotonic() < end
        time.sleep(0.2)
    logs[0].unlink()
    return run_id


def test_page_shows_a_log_out_of_the_lake(signed_in: Page, stack: Stack, run: str) -> None:
    """Airflow's page has the lines of a task's log, and names the lake's file that they are from."""
    signed_in.set_viewport_size({"width": 1280, "height": 800})
    signed_in.goto(f"{stack.api.url}/dags/{DAG}/runs/{quote(run, safe='')}/tasks/speak")

    for number in (1, 10):
        expect(signed_in.get_by_text(f"line {number} out of the lake, é", exact=True)).to_be_visible()
    signed_in.get_by_text("Log message source details").first.click()
    source = f"adl://lake.azuredatalakestore.net/logs/dag_id={DAG}/run_id={run.replace(':', '%3A')}"
    expect(signed_in.get_by_text(f"{source}/task_id=speak/attempt=1.log")).to_be_visible()
