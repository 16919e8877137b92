"""A transfer of many tasks, over whatever tree a run names."""

from __future__ import annotations

import datetime as dt

from airflow.providers.common.compat.sdk import DAG, Param

from airflow_provider_adls.transfers.distributed import adls_gen1_transfer

with DAG(
    "scale",
    schedule=None,
    render_template_as_native_obj=False,
    max_active_tasks=32,
    params={
        "source": Param("/s", type="string"),
        "destination": Param("/t", type="string"),
        "shard_files": Param(1_000, type="integer"),
        "transfer_id": Param("", type="string"),
    },
):
    adls_gen1_transfer(
        "move",
        source_path="{{ params.source }}",
        destination_path="{{ params.destination }}",
        state_path="/_transfers",
        transfer_id="{{ params.transfer_id or (dag.dag_id ~ '/' ~ run_id) }}",
        mode="sync",
        delete=True,
        shard_files="{{ params.shard_files }}",
        list_tasks=4,
        retries=3,
        retry_delay=dt.timedelta(seconds=1),
        max_active_tis_per_dag=32,
    )
