"""The network: asynchronous clients of the services, their retries and their errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.model.lazy import importing

if TYPE_CHECKING:
    from airflow_provider_adls.client.connections import Limits
    from airflow_provider_adls.client.dfs import DfsClient
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
    "DfsClient",
    "ExpiryOption",
    "Limits",
    "Page",
    "RestoreAction",
    "RetryPolicy",
    "TokenCredential",
    "WebHdfsClient",
]
# Some modules are light, and a DAG processor must not pay for the others.
__getattr__ = importing(
    __name__,
    {
        **dict.fromkeys(("DataLakeClient", "ExpiryOption", "RestoreAction"), "interface"),
        **dict.fromkeys(("AclStatus", "ContentSummary", "DeletedItem", "Page"), "results"),
        "DfsClient": "dfs",
        "Limits": "connections",
        "RetryPolicy": "retry",
        "TokenCredential": "tokens",
        "WebHdfsClient": "webhdfs",
    },
)
