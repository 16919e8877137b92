"""Every file operator in one DAG: templates, XComs and mapping, as users write them."""

from airflow.providers.common.compat.sdk import DAG, task

from airflow_provider_adls.operators.files import (
    ADLSGen1CreateDirectoryOperator,
    ADLSGen1DeleteOperator,
    ADLSGen1ListOperator,
)
from airflow_provider_adls.transfers.adls_gen1_to_local import ADLSGen1ToLocalOperator
from airflow_provider_adls.transfers.local_to_adls_gen1 import LocalToADLSGen1Operator

with DAG("mapped", schedule=None, params={"folder": "/tmp"}):
    make = ADLSGen1CreateDirectoryOperator.partial(task_id="make", permission="750").expand(
        path=["/{{ dag.dag_id }}/a", "/{{ dag.dag_id }}/b"]
    )

    @task
    def sources(params: dict[str, str]) -> list[dict[str, str]]:
        """What goes where."""
        return [
            {"local_path": f"{params['folder']}/{name}.csv", "remote_path": f"/mapped/{name}/"}
            for name in "ab"
        ]

    upload = LocalToADLSGen1Operator.partial(task_id="upload").expand_kwargs(sources())
    found = ADLSGen1ListOperator(task_id="found", path="/{{ dag.dag_id }}/*/*.csv")
    download = ADLSGen1ToLocalOperator.partial(
        task_id="download", local_path="{{ params.folder }}/back/{{ ti.map_index }}.csv", overwrite=False
    ).expand(remote_path=found.output)
    delete = ADLSGen1DeleteOperator(task_id="delete", path=found.output)
    left = ADLSGen1ListOperator(task_id="left", path="/mapped", recursive=True)

    make >> upload >> found >> download >> delete >> left

    @task
    def check(found: list[str], downloaded: list[dict[str, object]], left: list[str]) -> None:
        """Fails if the results are others than they should be."""
        assert found == ["/mapped/a/a.csv", "/mapped/b/b.csv"]
        assert [summary["bytes"] for summary in downloaded] == [1, 1]
        assert left == []

    check(found.output, download.output, left.output)
