"""Start a DAG when files arrive: an asset's watcher looks at the lake, and no task waits. For Airflow 3.

Whatever comes to `/arrivals/*.csv` starts `adls_gen1_watch`. `adls_gen1_deliver` delivers two files, so the
example runs wherever a connection `adls_gen1_default` leads to a Gen1 service. Files that were processed are
moved away: a file that has gone is not reported again, whatever restarts.
"""

from __future__ import annotations

from airflow.providers.common.compat.sdk import Asset, dag, task
from airflow.sdk import AssetWatcher

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.triggers.adls_gen1 import ADLSGen1PathTrigger

# [START watcher]
arrivals = Asset(
    "adls_gen1_arrivals",
    watchers=[
        AssetWatcher(
            name="csv",
            trigger=ADLSGen1PathTrigger("/arrivals/*.csv", min_age=1, poke_interval=2),
        )
    ],
)
# [END watcher]


# [START dag]
@dag(schedule=[arrivals], tags=["example", "adls_gen1"], doc_md=__doc__)
def adls_gen1_watch():
    """Process what came, one task for each file."""

    @task
    def files(triggering_asset_events) -> list[str]:
        """Paths of all files that started this run, each once."""
        events = triggering_asset_events[arrivals]
        return sorted({file["path"] for event in events for file in event.extra["payload"]["files"]})

    @task
    def process(path: str) -> int:
        """Count the lines of one file, and move it away; one that was processed already is gone."""
        lake = ADLSGen1Hook().filesystem
        if not lake.exists(path):
            return 0
        with lake.open(path, "r") as file:
            lines = sum(1 for _ in file)
        lake.makedirs("/arrived", exist_ok=True)
        lake.mv(path, path.replace("/arrivals/", "/arrived/"))
        return lines

    process.expand(path=files())


adls_gen1_watch()
# [END dag]


@dag(schedule=None, tags=["example", "adls_gen1"])
def adls_gen1_deliver():
    """Deliver two files, whole at once: others' files would grow where they are."""

    @task
    def deliver(name: str) -> None:
        """Write the files."""
        ADLSGen1Hook().filesystem.pipe(
            {f"/arrivals/{name} {part}.csv": f"{part}\n".encode() * 1000 for part in ("a", "b")}
        )

    # Names in the lake hold no colon, and ids of runs do.
    deliver("{{ run_id | replace(':', '.') }}")


adls_gen1_deliver()
