"""`ResourceManagerCredential`: signs requests to Azure Resource Manager, for msrest and azure-core.

The credential for files needs no msrestazure, whose import takes longer than all else of a sign-in's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msrestazure.azure_active_directory import AADTokenCredentials

from airflow_provider_adls.auth.credentials import RenewedCredential, SharedToken

if TYPE_CHECKING:
    import requests

    from airflow_provider_adls.auth.credentials import Reread
    from airflow_provider_adls.auth.sources import TokenSource


class ResourceManagerCredential(RenewedCredential, AADTokenCredentials):
    """Signs requests to Azure Resource Manager.

    `azure.mgmt.datalake.store.DataLakeStoreAccountManagementClient` takes it, as any client of msrest;
    clients of azure-core take it by its `get_token`. Unlike a bare `AADTokenCredentials`, which a token
    without refresh token leaves for dead after an hour, it renews itself.

    :param source: identity to sign in as.
    :param reread: that of `DataLakeCredential`.
    """

    def __init__(self, source: TokenSource, reread: Reread | None = None) -> None:
        self._shared = SharedToken(source, source.cloud.resource_manager_audience, reread)
        super().__init__({}, resource=self._shared.audience)

    @property
    def token(self) -> dict[str, Any]:
        """The token as msrestazure spells it; signs in if there is none."""
        token = self._shared.get()
        return {"token_type": "Bearer", "access_token": token.token, "expires_on": token.expires_on}

    @token.setter
    def token(self, value: dict[str, Any]) -> None:
        """Ignore the token that msrestazure's constructors assign; the cache's counts."""

    def refresh_session(self, session: requests.Session | None = None) -> requests.Session:
        """Return the same as `signed_session`, which renews already."""
        return self.signed_session(session)
