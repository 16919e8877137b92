"""`ask_files`: asks the service of a connection's files which one it is, and whether what it names exists."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, cast

from airflow_provider_adls.hooks.running import run
from airflow_provider_adls.model.advice import FLAT
from airflow_provider_adls.model.errors import (
    AccessDeniedError,
    InvalidRequestError,
    ServiceError,
)

if TYPE_CHECKING:
    from airflow_provider_adls.client import DataLakeClient, DfsClient

_UNKNOWN = "(whether it has a hierarchical namespace, this client may not ask)"


def ask_files(client: DataLakeClient, container: str | None) -> str:
    """Return which service answered, and where.

    :param container: of a Gen2 account; None for Gen1.
    :raises ADLSGen1Error: if it did not answer, does not have what the connection names, or is flat.
    """
    if container is None:
        run(client.status("/"))
        return f"Gen1 account {client.account} answered at {client.endpoint}"
    try:
        is_hierarchical = run(cast("DfsClient", client).has_namespace())
        namespace = "with a hierarchical namespace"
    except AccessDeniedError:
        # The right to ask is of roles, and not of ACLs, nor of a signature for a directory.
        is_hierarchical, namespace = True, _UNKNOWN
    except ServiceError as error:
        # So the emulator answers for an account without one.
        if error.status != HTTPStatus.NOT_IMPLEMENTED:
            raise
        is_hierarchical, namespace = False, ""
    if not is_hierarchical:
        raise InvalidRequestError(FLAT, operation="GetFilesystemProperties", path="/", account=client.account)
    run(client.status("/"))
    return (
        f"Gen2 account {client.account}, {namespace} and the container {container}, answered at"
        f" {client.endpoint}"
    )
