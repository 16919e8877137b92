"""The network: an asynchronous client of the Gen1 service, its retries and its errors."""

from airflow_provider_adls.client.connections import Limits
from airflow_provider_adls.client.interface import DataLakeClient, ExpiryOption, RestoreAction
from airflow_provider_adls.client.results import AclStatus, ContentSummary, DeletedItem, Page
from airflow_provider_adls.client.retry import RetryPolicy
from airflow_provider_adls.client.tokens import TokenCredential
from airflow_provider_adls.client.webhdfs import WebHdfsClient

__all__ = [
    "AclStatus",
    "ContentSummary",
    "DataLakeClient",
    "DeletedItem",
    "ExpiryOption",
    "Limits",
    "Page",
    "RestoreAction",
    "RetryPolicy",
    "TokenCredential",
    "WebHdfsClient",
]
