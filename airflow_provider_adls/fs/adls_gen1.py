"""`adl://` in Airflow: `ObjectStoragePath("adl://conn_id@account/raw")`, and ``conn_id`` of the file system.

Airflow 3.3 makes the file system with the path, so while it parses a DAG: the connection is read when a
task first looks at a file, and never before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from airflow_provider_adls.filesystem import ADLSGen1FileSystem
    from airflow_provider_adls.filesystem.connections import Connection

schemes = ["adl"]


def get_fs(conn_id: str | None, storage_options: Mapping[str, Any] | None = None) -> ADLSGen1FileSystem:
    """Return the file system of a connection, without reading the connection.

    :param conn_id: id of a connection of type `adls_gen1`; None where the options say who signs in.
    :param storage_options: options of `ADLSGen1FileSystem`; they go before what the connection says.
    """
    from airflow_provider_adls.filesystem import ADLSGen1FileSystem

    # The path that was opened knows which options are its own, and an instance of them is shared.
    return ADLSGen1FileSystem(**{"conn_id": conn_id, **(storage_options or {})})


async def read_connection(conn_id: str) -> Connection:
    """Read account, endpoint and credential of an Airflow connection.

    :raises ConnectionFieldError: naming the field that is missing or malformed.
    """
    from asgiref.sync import sync_to_async

    # In a trigger Airflow answers to a thread that its own event loop waits for, and not to that loop.
    return await sync_to_async(_read, thread_sensitive=False)(conn_id)


def _read(conn_id: str) -> Connection:
    from airflow_provider_adls.filesystem.connections import Connection
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook

    hook = ADLSGen1Hook(conn_id)
    return Connection(hook.settings.account_name, hook.access())
