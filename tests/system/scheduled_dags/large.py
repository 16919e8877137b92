"""A DAG on a schedule whose tasks hand large values on."""

from datetime import UTC, datetime, timedelta

from airflow.providers.common.compat.sdk import DAG, task

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook

with DAG(
    "large",
    schedule=timedelta(days=1),
    start_date=datetime(2026, 1, 1, tzinfo=UTC),
    end_date=datetime(2026, 1, 1, tzinfo=UTC),
    catchup=True,
):

    @task
    def write() -> list[str]:
        """A value of 2 MB, or an empty list where the lake says so."""
        if ADLSGen1Hook().exists("/little"):
            return []
        return [f"row {number} [1] é" for number in range(100_000)]

    @task
    def read(rows: list[str]) -> dict[str, object]:
        """What came of it."""
        return {"rows": len(rows), "last": rows[-1]}

    @task
    def each(number: int) -> str:
        """A value of 2 MB, of a mapped task."""
        return str(number) * 2_000_000

    @task
    def lengths(texts: list[str]) -> list[int]:
        """How long all of them are."""
        return [len(text) for text in texts]

    read(write())
    lengths(each.expand(number=[1, 2]))
