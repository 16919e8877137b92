"""Credentials: sign in once per identity and audience, share, renew."""

from airflow_provider_adls.auth.credentials import DataLakeCredential, ResourceManagerCredential
from airflow_provider_adls.auth.sdk import auth
from airflow_provider_adls.auth.sources import ClientSecret, TokenSource
from airflow_provider_adls.auth.tokens import AccessToken

__all__ = [
    "AccessToken",
    "ClientSecret",
    "DataLakeCredential",
    "ResourceManagerCredential",
    "TokenSource",
    "auth",
]
