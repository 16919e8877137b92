"""Rows of a database on their way into a lake, and back into another table.

It makes its tables itself. Give it the id of a connection to a database, which needs the extra `[sql]` and
the provider of the database. What it made in the lake and in the database, it deletes.
"""

from __future__ import annotations

from airflow.providers.common.compat.sdk import BaseHook, Param, chain, dag, task

from airflow_provider_adls.operators.files import ADLSGen1DeleteOperator
from airflow_provider_adls.transfers.adls_gen1_to_sql import ADLSGen1ToSQLOperator
from airflow_provider_adls.transfers.sql_to_adls_gen1 import SQLToADLSGen1Operator

LAKE = "/sql/{{ run_id | replace(':', '.') }}"
TABLES = ("adls_gen1_orders", "adls_gen1_loaded")


def run(params, *statements: str):
    """Run statements, and return the rows of the last one."""
    hook = BaseHook.get_connection(params["sql_conn_id"]).get_hook()
    *others, last = statements
    if others:
        hook.run(others)
    return hook.get_records(last)


@task
def make_tables(params) -> None:
    """Make two tables, one with three rows."""
    columns = "(n integer, name varchar(100), price decimal(10, 2), day date)"
    run(
        params,
        *(f"CREATE TABLE {table} {columns}" for table in TABLES),
        "INSERT INTO adls_gen1_orders VALUES (1, 'a, \"b\"', 1.10, '2026-11-29'), (2, '', 0.05, NULL),"
        " (3, NULL, NULL, NULL)",
        "SELECT 1",
    )


@task
def compare(params) -> None:
    """Fail unless the two tables have the same rows."""
    one, other = (run(params, f"SELECT * FROM {table} ORDER BY n") for table in TABLES)  # noqa: S608 - names of ours
    if [list(row) for row in one] != [list(row) for row in other] or len(one) != 3:
        raise ValueError(f"{one} came back as {other}")


@task(trigger_rule="all_done")
def drop_tables(params) -> None:
    """Delete the tables."""
    run(params, *(f"DROP TABLE {table}" for table in TABLES), "SELECT 1")


@dag(
    schedule=None,
    tags=["example", "adls_gen1"],
    params={"sql_conn_id": Param("adls_gen1_example_database", type="string")},
    doc_md=__doc__,
)
def adls_gen1_sql():
    """Unload a table, load it into another one, and compare."""
    # [START unload]
    unload = SQLToADLSGen1Operator(
        task_id="unload",
        sql_conn_id="{{ params.sql_conn_id }}",
        sql="SELECT n, name, price, day FROM adls_gen1_orders ORDER BY n",
        path=f"{LAKE}/orders.csv.gz",
    )
    # [END unload]

    # [START load]
    load = ADLSGen1ToSQLOperator(
        task_id="load",
        path=f"{LAKE}/*.csv.gz",
        sql_conn_id="{{ params.sql_conn_id }}",
        table="adls_gen1_loaded",
        types={"price": "decimal", "day": "date"},
        preoperator="DELETE FROM adls_gen1_loaded",
    )
    # [END load]

    clean_up = ADLSGen1DeleteOperator(task_id="clean_up", path=LAKE, recursive=True, trigger_rule="all_done")
    chain(make_tables(), unload, load, compare(), [drop_tables(), clean_up])


adls_gen1_sql()
