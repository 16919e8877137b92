"""`DfsBase`: a container of a Gen2 account, its transport, and the status of a path."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn, TypeVar
from urllib.parse import urlsplit

from airflow_provider_adls.client.base import ServiceClient
from airflow_provider_adls.client.connections import Connections, Limits
from airflow_provider_adls.client.dfs_dialect import DfsDialect, blob_endpoint
from airflow_provider_adls.client.dfs_values import read_headers
from airflow_provider_adls.client.dialect import Request
from airflow_provider_adls.client.retry import RetryPolicy
from airflow_provider_adls.client.tokens import authorizer
from airflow_provider_adls.client.transport import Transport
from airflow_provider_adls.model.clouds import STORAGE_AUDIENCE, checked_url
from airflow_provider_adls.model.errors import (
    AccessDeniedError,
    UnsupportedOperationError,
)
from airflow_provider_adls.model.gen2 import checked_container
from airflow_provider_adls.model.paths import lake_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_adls.client.tokens import RequestSigner, TokenCredential
    from airflow_provider_adls.client.transport import Answer
    from airflow_provider_adls.model.status import FileStatus

T = TypeVar("T")
#: Scope of tokens for storage accounts.
SCOPE = f"{STORAGE_AUDIENCE}.default"


class DfsBase(ServiceClient):
    """Documented at `DfsClient`."""

    lists_trees = True
    keeps_permission = True
    listing = "ListFilesystemDir"

    def __init__(
        self,
        account: str,
        container: str,
        endpoint: str,
        credential: TokenCredential | RequestSigner,
        *,
        ca_file: str | None = None,
        proxy: str | None = None,
        retry: RetryPolicy | None = None,
        limits: Limits | None = None,
        scope: str = SCOPE,
    ) -> None:
        self.account = account
        self.container = checked_container(container)
        base = checked_url(endpoint, "endpoint").rstrip("/")
        _, dot, domain = (urlsplit(base).hostname or "").partition(".dfs.")
        # In other clouds than the public one with the domain.
        self.lake = lake_name(f"{self.container}@{account}{dot}{domain}")
        self.endpoint = f"{base}/{container}"
        #: Whether the URL of the account's Blob face follows from that of its DFS face.
        self._has_blob_face = blob_endpoint(base) is not None
        self._dialect = DfsDialect(container)
        self._connections = Connections(base, ca_file=ca_file, proxy=proxy, limits=limits)
        self._transport = Transport(
            account,
            base,
            self._dialect,
            authorizer(account, credential, scope),
            self._connections,
            retry or RetryPolicy(),
        )

    async def status(self, path: str) -> FileStatus:
        """Return the status of a path."""
        if self._has_blob_face and path != "/":
            try:
                # Only this face says when a file expires.
                return await self._read(Request("GetBlobProperties", path), _status)
            except AccessDeniedError:
                # It takes the right to read the file; the other face takes none beyond its directories'.
                pass
        return await self._read(Request("GetPathStatus", path), _status)

    async def has_namespace(self) -> bool:
        """Return whether the account has a hierarchical namespace.

        :raises ContainerNotFoundError: if it does not have the container.
        :raises AccessDeniedError: for a client that may not ask, as one whose rights are in ACLs alone.
        """
        answer = await self._transport.send(Request("GetFilesystemProperties", "/"))
        return answer.headers.get("x-ms-namespace-enabled", "true").lower() == "true"

    async def _read(self, request: Request, read: Callable[[Answer], T]) -> T:
        """Send a request and read its answer.

        :param read: makes the result of the answer; what it does not find is the service's failure.
        """
        return self._transport.read_answer(request, await self._transport.send(request), read)

    def _unsupported(self, operation: str, path: str, message: str) -> NoReturn:
        request = Request(operation, path)
        raise self._error(request, UnsupportedOperationError, f"{message} on a Gen2 account", status=None)


def _status(answer: Answer) -> FileStatus:
    return read_headers(answer.headers)
