"""Credentials: sign in once per identity and audience, share, renew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_adls.auth.credentials import DataLakeCredential
from airflow_provider_adls.auth.identities import AzureIdentity
from airflow_provider_adls.auth.sdk import auth
from airflow_provider_adls.auth.sources import ClientCertificate, ClientSecret, TokenSource
from airflow_provider_adls.auth.tokens import AccessToken

if TYPE_CHECKING:
    from airflow_provider_adls.auth.resource_manager import ResourceManagerCredential

__all__ = [
    "AccessToken",
    "AzureIdentity",
    "ClientCertificate",
    "ClientSecret",
    "DataLakeCredential",
    "ResourceManagerCredential",
    "TokenSource",
    "auth",
]


def __getattr__(name: str) -> Any:
    # A caller that works with files alone does not pay for the import of msrestazure.
    if name != "ResourceManagerCredential":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from airflow_provider_adls.auth.resource_manager import ResourceManagerCredential

    globals()[name] = ResourceManagerCredential
    return ResourceManagerCredential
