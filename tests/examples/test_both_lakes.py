"""The example DAG that runs on both services, on each of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.services import GEN1, GEN2

EXAMPLES = Path(__file__).parents[2] / "example_dags"


@pytest.mark.parametrize("service", [GEN1, GEN2])
def test_the_same_file_runs_on_both(service, connect, hook, airflow_home):
    """Every task succeeds by the connection alone, and nothing is left."""
    connect()
    code, said = airflow_home.run(
        *("airflow", "dags", "test", "both_lakes_adls_gen1_default"),
        AIRFLOW__CORE__DAGS_FOLDER=str(EXAMPLES),
    )
    assert code == 0, said
    assert said.count("state=success") >= 1, said
    assert hook.list_paths("/both", recursive=True) == []
