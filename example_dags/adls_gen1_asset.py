"""Two DAGs joined by an asset: one writes a file into the lake, and what it wrote starts the other.

Neither knows the other. The file's URI is all that they share, and Airflow shows them as one graph.
"""

from __future__ import annotations

from airflow.providers.common.compat.sdk import DAG, task

from airflow_provider_adls.assets.adls_gen1 import create_asset
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook

# [START asset]
TOTALS = create_asset(account="lake", path="/assets/totals.csv")
# [END asset]

# [START producer]
with DAG("adls_gen1_asset", schedule=None, tags=["example", "adls_gen1"], doc_md=__doc__):

    @task(outlets=[TOTALS])
    def write_totals() -> None:
        """Write the file; when the task has succeeded, Airflow knows that the asset is new."""
        ADLSGen1Hook(account_name="lake").filesystem.pipe(
            "/assets/totals.csv", b"shop,pieces\nnorth,12\nsouth,9\n"
        )

    write_totals()
# [END producer]

# [START consumer]
with DAG("adls_gen1_asset_report", schedule=[TOTALS], tags=["example", "adls_gen1"], doc_md=__doc__):

    @task
    def report() -> int:
        """Sum up what the other DAG wrote."""
        with ADLSGen1Hook(account_name="lake").filesystem.open("/assets/totals.csv", "r") as file:
            return sum(int(line.rpartition(",")[2]) for line in list(file)[1:])

    report()
# [END consumer]
