"""The sensor's example DAG: a real triggerer waits for the files."""

from __future__ import annotations

import pytest

from tests.system.test_example_dags import run

pytestmark = pytest.mark.airflow_stack

DAG = "adls_gen1_sensor"


def folder(run_id: str) -> str:
    """The DAG's folder in a run."""
    return f"/deliveries/{run_id.replace(':', '.')}"


@pytest.fixture(scope="module")
def waited(stack, tmp_path_factory) -> str:
    """Run id of the DAG, once run."""
    return run(stack, DAG, tmp_path_factory.mktemp("waited"))


def test_files_are_found_and_read(stack, waited):
    """The sensor's task gives the paths of both files, each of which is read by a mapped task."""
    states = {task["state"] for task in stack.api.tasks(DAG, waited)}
    counts = [xcom["value"] for xcom in stack.api.xcoms(DAG, waited) if xcom["task_id"] == "count"]

    assert states == {"success"}
    assert stack.api.xcom(DAG, waited, "wait") == [f"{folder(waited)}/{name}.csv" for name in "ab"]
    assert counts == [1000, 1000]
    assert stack.api.xcom(DAG, waited, "updated") == [f"{folder(waited)}/a.csv"]
    assert stack.api.xcom(DAG, waited, "unchanged") == [f"{folder(waited)}/{name}.csv" for name in "ab"]
    assert stack.api.xcom(DAG, waited, "enough") == {"path": folder(waited), "files": 2, "bytes": 4000}


def test_triggerer_waited(stack, waited):
    """The looks at the lake are in the triggerer's log, so no worker waited; and no secret is there."""
    (log,) = (stack.home / "logs").rglob("*wait/*.trigger.*")

    said = log.read_text()

    assert f"'result': ['{folder(waited)}/a.csv', '{folder(waited)}/b.csv']" in said
    assert stack.emulator["client_secret"] not in said
