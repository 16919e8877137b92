"""`ask_files`: asks the service of a connection's files which one it is, and whether what it names exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.hooks.running import run

if TYPE_CHECKING:
    from airflow_provider_adls.client import DataLakeClient


def ask_files(client: DataLakeClient, container: str | None) -> str:
    """Return which service answered, and where.

    :param container: of a Gen2 account; None for Gen1.
    :raises ADLSGen1Error: if it did not answer, or does not have what the connection names.
    """
    if container is None:
        run(client.status("/"))
        return f"Gen1 account {client.account} answered at {client.endpoint}"
    run(client.status("/"))
    return (
        f"Gen2 account {client.account}, with a hierarchical namespace and the container {container},"
        f" answered at {client.endpoint}"
    )
