"""The transfers' and the sync's example DAGs, run by a real scheduler; each checks what it moved."""

from __future__ import annotations

import pytest

from scripts.leaks import search_for_secrets
from tests.system.test_example_dags import run

pytestmark = pytest.mark.airflow_stack


@pytest.mark.parametrize(
    "dag",
    ["adls_gen1_transfers", "adls_gen1_sync", "adls_gen1_distributed", "adls_gen1_sql", "adls_gen1_tasks"],
)
def test_files_arrive(stack, tmp_path, dag):
    """Every task succeeds, the comparison at the end among them, and no log or XCom holds a secret."""
    run_id = run(stack, dag, tmp_path / "files")

    assert {task["state"] for task in stack.api.tasks(dag, run_id)} == {"success"}
    search = search_for_secrets(stack, dag, run_id)
    assert search.found == []
    assert search.counts["XComs"] > 2
