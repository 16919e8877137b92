"""The same tasks on Gen1 and on Gen2, by two connections: what a team runs while it moves.

It makes its files itself, so it runs wherever a connection `adls_gen1_default` leads to a Gen1 account or,
with a container, to a storage account. Put the ids of both into `CONNECTIONS`. What it made in the lake, it
deletes.
"""

from __future__ import annotations

from airflow.providers.common.compat.sdk import DAG, chain

from airflow_provider_adls.operators.content import ADLSGen1CreateFileOperator
from airflow_provider_adls.operators.files import ADLSGen1DeleteOperator, ADLSGen1ListOperator
from airflow_provider_adls.sensors.adls_gen1 import ADLSGen1PathSensor
from airflow_provider_adls.transfers.adls_gen1_to_adls_gen1 import ADLSGen1CopyOperator

#: One that has a container, and one that has none.
CONNECTIONS = ["adls_gen1_default"]


# [START both]
for conn_id in CONNECTIONS:
    with DAG(
        f"both_lakes_{conn_id}",
        schedule=None,
        tags=["example", "adls_gen1"],
        default_args={"adls_gen1_conn_id": conn_id},
        doc_md=__doc__,
    ):
        folder = "/both/{{ run_id | replace(':', '.') }}"
        orders = ADLSGen1CreateFileOperator(
            task_id="orders", path=f"{folder}/orders.csv", data="bread,3\nmilk,2\n"
        )
        arrived = ADLSGen1PathSensor(task_id="arrived", path=f"{folder}/*.csv", poke_interval=2)
        copied = ADLSGen1CopyOperator(
            task_id="copied", source_path=f"{folder}/orders.csv", destination_path=f"{folder}/kept/"
        )
        listed = ADLSGen1ListOperator(task_id="listed", path=folder, recursive=True)
        clean_up = ADLSGen1DeleteOperator(task_id="clean_up", path=folder, recursive=True)
        chain(orders, arrived, copied, listed, clean_up.as_teardown(setups=orders))
# [END both]
