"""A DAG of sensors that are to start in the triggerer, with templates that it can and cannot render."""

from airflow.providers.common.compat.sdk import DAG, task

from airflow_provider_adls.sensors.adls_gen1 import ADLSGen1PathSensor

with DAG(
    "starting",
    schedule=None,
    user_defined_macros={"folder_of": lambda name: f"/{name}"},
    user_defined_filters={"shout": str.upper},
):

    @task
    def where() -> str:
        """The path that another task found out."""
        return "/there"

    def sensor(task_id: str, path: str) -> ADLSGen1PathSensor:
        """A sensor that is to start in the triggerer."""
        return ADLSGen1PathSensor(
            task_id=task_id, path=path, deferrable=True, start_from_trigger=True, poke_interval=1, timeout=600
        )

    where() >> sensor("pulled", "{{ ti.xcom_pull(task_ids='where') }}")
    sensor("macro", "{{ folder_of('there') }}")
    sensor("filter", "/{{ 'in' | shout }}")
    sensor("plain", "/{{ params.folder | default('there') }}")
    # A run that is started by hand may have no logical date.
    sensor("dateless", "/{{ ds }}/there")
