"""Each example DAG, run by a real scheduler on the emulator."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from scripts.demo import compare
from scripts.leaks import search_for_secrets
from scripts.stack import CONNECTION
from scripts.watch import follow

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(ROOT.glob("example_dags/*.py"))
#: What each example is run with; a new example needs its line here.
RUNS = {
    "adls_gen1_accounts": lambda _: {"account_name": "exampleaccounts"},
    "adls_gen1_asset": lambda _: {},
    "adls_gen1_distributed": lambda _: {},
    "adls_gen1_etl": lambda folder: {"account_name": "exampleorders", "working_folder": str(folder)},
    "adls_gen1_files": lambda _: {},
    "adls_gen1_rights": lambda _: {},
    "adls_gen1_sensor": lambda _: {"delay": 5},
    "adls_gen1_sql": lambda _: {},
    "adls_gen1_sync": lambda folder: {"working_folder": str(folder)},
    "adls_gen1_tasks": lambda _: {},
    "adls_gen1_transfers": lambda folder: {
        "working_folder": str(folder),
        "store": f"file://{folder}/store",
    },
    "adls_gen1_watch": lambda _: {},
    # Its DAGs are called after the connections.
    "adls_gen2_both": lambda _: {},
}

pytestmark = pytest.mark.airflow_stack


def run(stack, dag: str, folder: Path) -> str:
    stack.wait_for_dag(dag)
    run_id = stack.api.trigger(dag, RUNS[dag](folder))
    follow(stack, dag, run_id)
    return run_id


def press_test(stack, **fields: str) -> dict:
    """What the connection page's test button sends, and gets."""
    form = {"connection_id": CONNECTION, "conn_type": "adls_gen1", **fields}
    return stack.api.call("POST", "connections/test", form)


@pytest.fixture(scope="session")
def orders(stack, tmp_path_factory):
    """Run id and working folder of the orders' ETL, once run."""
    folder = tmp_path_factory.mktemp("orders")
    return run(stack, "adls_gen1_etl", folder), folder


def test_every_example_has_a_run():
    """An example DAG that no test runs is noticed."""
    assert [path.stem for path in EXAMPLES] == sorted(RUNS)


def test_orders_are_right(stack, orders):
    """The ETL's table, read from the lake, is what its downloaded files come to when they are summed anew."""
    run_id, folder = orders
    expected = {}
    for path in (folder / "downloaded" / "raw").iterdir():
        rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        pieces = [int(row["pieces"]) for row in rows]
        cents = sum(int(row["pieces"]) * int(row["cents"]) for row in rows)
        expected[path.stem] = [str(len(rows)), str(sum(pieces)), f"{cents // 100}.{cents % 100:02}"]

    with (folder / "downloaded" / "totals.csv").open(encoding="utf-8", newline="") as file:
        header, *table = csv.reader(file)

    assert {task["state"] for task in stack.api.tasks("adls_gen1_etl", run_id)} == {"success"}
    assert header == ["shop", "orders", "pieces", "revenue"]
    assert {shop: numbers for shop, *numbers in table} == expected
    assert sum(int(numbers[0]) for numbers in expected.values()) > 3000
    assert compare(folder / "made", folder / "downloaded" / "raw").startswith("5 files")


def test_orders_leak_nothing(stack, orders):
    """No log, rendered field or XCom of the ETL, and no table of Airflow, holds the secret or a token."""
    run_id, _ = orders

    search = search_for_secrets(stack, "adls_gen1_etl", run_id)

    assert search.found == []
    # As many as the tasks at least, or the search would have looked at nothing.
    assert search.counts["logs"] > 10
    assert search.counts["rendered fields"] > 10
    assert search.counts["XComs"] > 5


def test_orders_leave_nothing_in_the_lake(stack, orders):
    """The ETL deletes the account that it made."""
    extra = stack.connection()["extra"] | {"account_name": "exampleorders"}

    answer = press_test(stack, extra=json.dumps(extra))

    assert answer["status"] is False
    assert "exampleorders" in answer["message"]


def test_button_of_the_page_answers(stack):
    """The connection that was imported passes the test of Airflow's page, which names the account."""
    answer = press_test(stack)

    assert answer["status"] is True, answer["message"]
    assert stack.account in answer["message"]
