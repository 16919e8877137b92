"""The SDK's own file system, `azure.datalake.store.core.AzureDLFileSystem`, at any endpoint.

The SDK builds its URL from account and suffix, trusts the machine's certificate authorities, and goes on
with a token that the service has refused. Bound here, it goes to the endpoint, trusts the CA file, and
signs in again after a 401; everything else is the SDK's.

It is bound in the same way for 1.x and for 0.0.53. The two differ in the name of the credential's argument,
``token`` and ``token_credential``, so it is given by its place; and 0.0.53 signs in when it is made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import requests
from azure.datalake.store.core import AzureDLFileSystem
from azure.datalake.store.lib import MAX_POOL_CONNECTIONS, DatalakeRESTInterface

from airflow_provider_adls.auth.adapter import BoundAdapter
from airflow_provider_adls.model.operations import WEBHDFS

if TYPE_CHECKING:
    from airflow_provider_adls.auth import DataLakeCredential


def sdk_filesystem(
    account: str,
    credential: DataLakeCredential,
    endpoint: str,
    ca_file: str | None = None,
    proxy: str | None = None,
    timeout: tuple[float | None, float | None] | None = None,
) -> AzureDLFileSystem:
    """Return the SDK's file system for one account. With 1.x nothing is opened before its first call.

    :param account: short name of the account.
    :param credential: signs its requests.
    :param endpoint: URL of the account, what stands before ``/webhdfs/v1``.
    :param ca_file: PEM file of the certificate authorities to trust.
    :param proxy: URL of an HTTP proxy; None for the environment's.
    :param timeout: seconds to wait for a connection, and for a byte of an answer; None for the SDK's own.
    """
    return BoundFileSystem(
        credential, store_name=account, endpoint=endpoint, ca_file=ca_file, proxy=proxy, timeout=timeout
    )


class BoundFileSystem(AzureDLFileSystem):
    """An `AzureDLFileSystem` that goes to one endpoint, also after it was pickled.

    :param credential: signs its requests.
    :param kwargs: those of `BoundInterface`.
    """

    def __init__(self, credential: DataLakeCredential, **kwargs: Any) -> None:
        self.credential = credential
        super().__init__(credential, **kwargs)

    def connect(self) -> None:
        """Make the REST interface; the SDK calls it from its constructor and when it is unpickled."""
        self.azure = BoundInterface(self.credential, **self.kwargs)


class BoundInterface(DatalakeRESTInterface):
    """The SDK's REST interface for one endpoint.

    :param credential: signs its requests.
    :param store_name: short name of the account.
    :param endpoint: URL of the account, what stands before ``/webhdfs/v1``.
    :param ca_file: PEM file of the certificate authorities to trust.
    :param proxy: URL of an HTTP proxy.
    :param timeout: seconds to wait for a connection, and for a byte of an answer.
    """

    def __init__(
        self,
        credential: DataLakeCredential,
        *,
        store_name: str,
        endpoint: str,
        ca_file: str | None = None,
        proxy: str | None = None,
        timeout: tuple[float | None, float | None] | None = None,
        **kwargs: Any,
    ) -> None:
        self.credential = credential
        super().__init__(store_name, credential, **kwargs)
        self.url = f"{endpoint.removesuffix(WEBHDFS).rstrip('/')}/"
        self._way = (ca_file, proxy, timeout)

    def get_refreshed_bearer_token(self) -> str:
        """Return a token that is valid now: the credential keeps it, not this interface."""
        return self.credential.get_token(self.scopes).token

    @property
    def session(self) -> requests.Session:
        """The thread's session."""
        session: requests.Session = super().session
        if any(self._way) and not isinstance(session.get_adapter(self.url), BoundAdapter):
            pool = {"pool_connections": MAX_POOL_CONNECTIONS, "pool_maxsize": MAX_POOL_CONNECTIONS}
            session.mount(self.url, BoundAdapter(*self._way, **pool))
        return session

    def is_successful_response(self, response: requests.Response | None, exception: Exception | None) -> bool:
        """Return the SDK's judgement of an answer; on a 401 it tries again, and now with another token."""
        if response is not None and response.status_code == requests.codes.unauthorized:
            used = response.request.headers["Authorization"].removeprefix("Bearer ")
            self.credential.invalidate(used)
        successful: bool = super().is_successful_response(response, exception)
        return successful
