"""A transfer's report whose id is a template; run as a program, it prints where the report's button leads."""

from __future__ import annotations

from airflow.providers.common.compat.sdk import DAG

from airflow_provider_adls.operators.distributed import ADLSGen1TransferReportOperator

with DAG("linked", schedule=None) as dag:
    ADLSGen1TransferReportOperator(
        task_id="report", state_path="/_state", transfer_id="{{ dag.dag_id }}/{{ run_id }}"
    )

if __name__ == "__main__":
    # As the webserver of Airflow 2 does: from the DAG as it is stored, and the key of a task that was run.
    from airflow.models.taskinstance import TaskInstance
    from airflow.serialization.serialized_objects import SerializedDAG
    from airflow.utils.session import create_session

    stored = SerializedDAG.from_dict(SerializedDAG.to_dict(dag)).get_task("report")
    with create_session() as session:
        instance = session.query(TaskInstance).filter_by(dag_id="linked").one()
        print("LINK", instance.run_id, stored.get_extra_links(instance, "Report"))
