"""A transfer of many tasks under the id of one with other options."""

from airflow.providers.common.compat.sdk import DAG

from airflow_provider_adls.transfers.distributed import adls_gen1_transfer

with DAG("changed_option", schedule=None):
    adls_gen1_transfer(
        "move",
        source_path="/s",
        destination_path="/t",
        state_path="/state",
        transfer_id="nightly",
        list_tasks=1,
        shard_files=7,
        retries=0,
        max_active_tis_per_dag=1,
    )
