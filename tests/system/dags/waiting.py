"""DAGs whose triggerer is killed: one is started by files, and the other waits for some."""

from airflow.providers.common.compat.sdk import DAG, Asset, task
from airflow.sdk import AssetWatcher

from airflow_provider_adls.sensors.adls_gen1 import ADLSGen1PathSensor, ADLSGen1UpdatedSensor
from airflow_provider_adls.triggers.adls_gen1 import ADLSGen1PathTrigger

trigger = ADLSGen1PathTrigger("/in/*.csv", poke_interval=1, batch_size=100)
files = Asset("files", watchers=[AssetWatcher(name="csv", trigger=trigger)])

with DAG("started", schedule=[files], max_active_runs=1):

    @task
    def count(triggering_asset_events):
        """Number of the events."""
        return len(triggering_asset_events[files])

    count()

with DAG("waits", schedule=None, max_active_tasks=100):
    waiting = {"deferrable": True, "start_from_trigger": True, "poke_interval": 1, "timeout": 3600}
    for number in range(20):
        ADLSGen1PathSensor(
            task_id=f"wait{number}",
            path=f"/{{{{ params.folder }}}}/{number}.*",
            params={"folder": "awaited"},
            **waiting,
        )
    ADLSGen1UpdatedSensor(task_id="updated", path="/awaited/0.csv", **waiting)
