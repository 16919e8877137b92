"""A DAG for OpenLineage: transfers, and a task of one's own."""

from airflow.providers.common.compat.sdk import DAG, task

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.transfers.adls_gen1_to_local import ADLSGen1ToLocalOperator
from airflow_provider_adls.transfers.local_to_adls_gen1 import LocalToADLSGen1Operator

with DAG("lineage", schedule=None, params={"folder": "/tmp"}):
    upload = LocalToADLSGen1Operator(
        task_id="upload", local_path="{{ params.folder }}/day.csv", remote_path="/raw/{{ dag.dag_id }}/"
    )

    @task
    def transform() -> None:
        """Writes one file made of another."""
        lake = ADLSGen1Hook().filesystem
        lake.pipe("/curated/day.csv", lake.cat("/raw/lineage/day.csv").upper())

    download = ADLSGen1ToLocalOperator(
        task_id="download", remote_path="/curated/*.csv", local_path="{{ params.folder }}/back"
    )
    upload >> transform() >> download
