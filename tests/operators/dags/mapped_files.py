"""Operators on what is in files and on rights, mapped and fed by XComs, as users write them."""

from airflow.providers.common.compat.sdk import DAG, task

from airflow_provider_adls.operators.content import (
    ADLSGen1AppendToFileOperator,
    ADLSGen1ConcatenateOperator,
    ADLSGen1CreateFileOperator,
    ADLSGen1ReadFileOperator,
)
from airflow_provider_adls.operators.expiry import ADLSGen1SetExpiryOperator
from airflow_provider_adls.operators.files import ADLSGen1ListOperator, ADLSGen1MoveOperator
from airflow_provider_adls.operators.rights import ADLSGen1SetPermissionOperator
from airflow_provider_adls.operators.transform import ADLSGen1FileTransformOperator

with DAG("mapped_files", schedule=None):
    create = ADLSGen1CreateFileOperator.partial(task_id="create", path="/{{ dag.dag_id }}/f.txt").expand(
        data=["{{ dag.dag_id }}\n"]
    )
    append = ADLSGen1AppendToFileOperator.partial(task_id="append", path="/{{ dag.dag_id }}/f.txt").expand(
        data=["{{ ti.task_id }} {{ ti.map_index }}\n", b"bytes {{ }}\n"]
    )
    found = ADLSGen1ListOperator(task_id="found", path="/{{ dag.dag_id }}")
    permission = ADLSGen1SetPermissionOperator.partial(task_id="permission", permission="640").expand(
        path=found.output
    )
    transform = ADLSGen1FileTransformOperator.partial(
        task_id="transform", destination_path="/{{ dag.dag_id }}/out/", transform_script=["cp"]
    ).expand(source_path=found.output)
    move = ADLSGen1MoveOperator.partial(
        task_id="move", destination_path="/{{ dag.dag_id }}/moved/", overwrite=True
    ).expand(source_path=found.output)
    expire = ADLSGen1SetExpiryOperator.partial(task_id="expire", path="/{{ dag.dag_id }}/out/*").expand(
        expires_in=[3600, "{{ 7200 }}"]
    )
    whole = ADLSGen1ConcatenateOperator(
        task_id="whole",
        source_path=["/{{ dag.dag_id }}/moved/f.txt", "/{{ dag.dag_id }}/out/f.txt"],
        destination_path="/{{ dag.dag_id }}/whole.txt",
    )
    read = ADLSGen1ReadFileOperator.partial(task_id="read").expand(path=["/{{ dag.dag_id }}/whole.txt"])

    create >> append >> found >> permission >> transform >> [move, expire] >> whole >> read

    @task
    def check(read: list[str], expired: list[dict[str, object]]) -> None:
        """Fails if the results are others than they should be."""
        lines = read[0].splitlines()
        assert lines[:3] == lines[3:], lines
        assert (lines[0], sorted(lines[1:3])) == ("mapped_files", ["append 0", "bytes {{ }}"]), lines
        assert [summary["files"] for summary in expired] == [1, 1]

    check(read.output, expire.output)
