"""The network: asynchronous clients of the services, their retries and their errors."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

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
_MODULES = {
    **dict.fromkeys(("DataLakeClient", "ExpiryOption", "RestoreAction"), "interface"),
    **dict.fromkeys(("AclStatus", "ContentSummary", "DeletedItem", "Page"), "results"),
    "DfsClient": "dfs",
    "Limits": "connections",
    "RetryPolicy": "retry",
    "TokenCredential": "tokens",
    "WebHdfsClient": "webhdfs",
}


def __getattr__(name: str) -> Any:
    # Some modules are light, and a DAG processor must not pay for the others.
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value
