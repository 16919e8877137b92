"""Credentials: sign in once per identity and audience, share, renew."""

from airflow_provider_adls.auth.credentials import DataLakeCredential, ResourceManagerCredential
from airflow_provider_adls.auth.identities import AzureIdentity
from airflow_provider_adls.auth.sdk import auth
from airflow_provider_adls.auth.sources import ClientCertificate, ClientSecret, TokenSource
from airflow_provider_adls.auth.tokens import AccessToken

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
