"""The accounts' example DAG, run by a real scheduler and triggerer."""

from __future__ import annotations

import json

import pytest

from scripts.leaks import search_for_secrets
from tests.system.test_example_dags import press_test, run

pytestmark = pytest.mark.airflow_stack

DAG = "adls_gen1_accounts"


@pytest.fixture(scope="module")
def lived(stack, tmp_path_factory) -> str:
    """Run id of the DAG, once run."""
    return run(stack, DAG, tmp_path_factory.mktemp("accounts"))


def test_account_lives(stack, lived):
    """Every task succeeds, the comparison at the end among them, and no log or XCom holds a secret."""
    assert {task["state"] for task in stack.api.tasks(DAG, lived)} == {"success"}
    search = search_for_secrets(stack, DAG, lived)
    assert search.found == []
    assert search.counts["XComs"] > 9


def test_triggerer_waited(stack, lived):
    """The new account was waited for by the triggerer, and its task went on with what that saw."""
    (log,) = (stack.home / "logs" / f"dag_id={DAG}").rglob("task_id=create/*.trigger.*")
    created = stack.api.xcom(DAG, lived, "create")

    assert "'provisioning_state': 'Succeeded'" in log.read_text()
    assert (created["state"], created["created"]) == ("Active", True)


def test_rules_are_listed(stack, lived):
    """The log of the task that declares the firewall has a line for each rule."""
    (log,) = (stack.home / "logs" / f"dag_id={DAG}").rglob("task_id=declare/*.log")

    said = log.read_text()

    for line in ("add firewall rule 'office'", "set firewall_enabled to True", "remove firewall rule 'old'"):
        assert line in said


def test_nothing_is_left(stack, lived):
    """The account is gone."""
    extra = stack.connection()["extra"] | {"account_name": "exampleaccounts"}

    answer = press_test(stack, extra=json.dumps(extra))

    assert answer["status"] is False
    assert "exampleaccounts" in answer["message"]
