"""An ETL on Azure Data Lake Storage Gen1: the orders of some shops become one table of their totals.

It makes the orders itself, so it runs wherever a connection `adls_gen1_default` leads to a Gen1 service.
What it downloads stays in the working folder; what it made in the lake, it deletes, and the account too
unless that was there before.
"""

from __future__ import annotations

import csv
import random
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from airflow.providers.common.compat.sdk import Param, chain, dag, task

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.operators.accounts import ADLSGen1CreateAccountOperator
from airflow_provider_adls.operators.files import (
    ADLSGen1CreateDirectoryOperator,
    ADLSGen1DeleteOperator,
    ADLSGen1ListOperator,
)
from airflow_provider_adls.transfers.adls_gen1_to_local import ADLSGen1ToLocalOperator
from airflow_provider_adls.transfers.local_to_adls_gen1 import LocalToADLSGen1Operator

#: Orders of each shop. One sells nothing, so that its file is empty.
SHOPS = {"Αθήνα": 900, "Kraków & Łódź": 1200, "New York": 1500, "São Paulo 100%": 700, "Zürich #1": 0}
FOLDER = "{{ params.working_folder }}"
Totals = dict[str, list[str]]


@task
def make_orders(params) -> Totals:
    """Write a CSV file for each shop, and return what their totals must come to."""
    folder = Path(params["working_folder"], "made")
    folder.mkdir(parents=True, exist_ok=True)
    dice = random.Random(1)
    totals = {}
    for shop, count in SHOPS.items():
        orders = [(number, dice.randint(1, 9), dice.randint(99, 9999)) for number in range(count)]
        with (folder / f"{shop}.csv").open("w", newline="", encoding="utf-8") as file:
            if orders:
                csv.writer(file).writerows([("order", "pieces", "cents"), *orders])
        revenue = Decimal(sum(pieces * cents for _, pieces, cents in orders)) / 100
        totals[shop] = [str(count), str(sum(pieces for _, pieces, _ in orders)), f"{revenue:.2f}"]
    return totals


@task
def compare(expected: Totals, listed: list[str], params) -> None:
    """Fail unless every byte and every sum came back as it was made."""
    made, downloaded = (Path(params["working_folder"], name) for name in ("made", "downloaded"))
    names = {path.name for path in made.iterdir()}
    if {Path(path).name for path in listed} != names:
        raise ValueError(f"the lake lists {listed}, and {names} were uploaded")
    for name in names:
        if (made / name).read_bytes() != (downloaded / "raw" / name).read_bytes():
            raise ValueError(f"{name} came back changed")
    with (downloaded / "totals.csv").open(newline="", encoding="utf-8") as file:
        totals = {shop: numbers for shop, *numbers in list(csv.reader(file))[1:]}
    if totals != expected:
        raise ValueError(f"the totals are {totals}, and {expected} were made")


@dag(
    schedule=None,
    max_active_runs=1,
    tags=["example", "adls_gen1"],
    params={
        "account_name": Param("ordersexample", type="string", description="Account to work in"),
        "working_folder": Param(
            f"{tempfile.gettempdir()}/adls_gen1_etl", type="string", description="Where the files go here"
        ),
    },
    default_args={"account_name": "{{ params.account_name }}"},
    doc_md=__doc__,
)
def adls_gen1_etl():
    """Make, upload, aggregate, download, compare, clean up."""
    # [START create_account]
    create_account = ADLSGen1CreateAccountOperator(
        task_id="create_account",
        location="eastus2",
        if_exists="skip",
    )
    # [END create_account]

    # [START create_directory]
    create_folder = ADLSGen1CreateDirectoryOperator(
        task_id="create_folder", path="/adls_gen1_etl/raw", permission="750"
    )
    # [END create_directory]

    # [START upload]
    upload = LocalToADLSGen1Operator(
        task_id="upload", local_path=f"{FOLDER}/made", remote_path="/adls_gen1_etl/raw"
    )
    # [END upload]

    # [START hook]
    @task
    def aggregate(params) -> str:
        """Read the shops' files where they lie, and write one table beside them."""
        lake = ADLSGen1Hook(account_name=params["account_name"]).filesystem
        result = "/adls_gen1_etl/totals.csv"
        with lake.open(result, "w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(("shop", "orders", "pieces", "revenue"))
            for path in sorted(lake.glob("/adls_gen1_etl/raw/*.csv")):
                with lake.open(path, "r", newline="", encoding="utf-8") as orders:
                    rows = [(int(row["pieces"]), int(row["cents"])) for row in csv.DictReader(orders)]
                pieces, revenue = sum(row[0] for row in rows), Decimal(sum(a * b for a, b in rows)) / 100
                table.writerow((Path(path).stem, len(rows), pieces, f"{revenue:.2f}"))
        return result

    # [END hook]

    # [START list]
    list_raw = ADLSGen1ListOperator(task_id="list_raw", path="/adls_gen1_etl/raw/*.csv")
    # [END list]

    # [START download]
    download = ADLSGen1ToLocalOperator(
        task_id="download", remote_path="/adls_gen1_etl", local_path=f"{FOLDER}/downloaded"
    )
    # [END download]

    # [START delete]
    delete_files = ADLSGen1DeleteOperator(task_id="delete_files", path="/adls_gen1_etl", recursive=True)
    # [END delete]

    @task
    def delete_account(account: dict[str, Any]) -> None:
        """Delete the account if this run made it."""
        if account["created"]:
            ADLSGen1Hook().delete_account(account["name"])

    orders = make_orders()
    table = aggregate()
    chain(orders, create_account, create_folder, upload, [table, list_raw], download)
    compared = compare(orders, list_raw.output)
    account_deleted = delete_account(create_account.output)
    chain(download, compared, delete_files, account_deleted)
    # They clean up whatever happens in between, and `compare` decides whether the run is a success.
    delete_files.as_teardown(setups=create_folder)
    account_deleted.as_teardown(setups=create_account)


adls_gen1_etl()
