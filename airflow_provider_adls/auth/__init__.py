"""Credentials: sign in once per identity and audience, share, renew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.auth.credentials import DataLakeCredential
from airflow_provider_adls.auth.identities import AzureIdentity
from airflow_provider_adls.auth.sdk import auth
from airflow_provider_adls.auth.sources import ClientCertificate, ClientSecret, TokenSource
from airflow_provider_adls.auth.tokens import AccessToken
from airflow_provider_adls.model.lazy import importing

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

# A caller that works with files alone does not pay for the import of msrestazure.
__getattr__ = importing(__name__, {"ResourceManagerCredential": "resource_manager"})
