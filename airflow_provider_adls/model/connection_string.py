"""`read_connection_string`: the parts of a storage account's connection string."""

from __future__ import annotations

from typing import NamedTuple

from airflow_provider_adls.model.errors import ConnectionFieldError

_PARTS = {
    name.lower(): name
    for name in (
        *("AccountKey", "AccountName", "BlobEndpoint", "DefaultEndpointsProtocol", "DfsEndpoint"),
        *("EndpointSuffix", "SharedAccessSignature"),
    )
}


class StorageAccount(NamedTuple):
    """The parts of a connection string.

    :param account: short name of the account; None where it does not say.
    :param endpoint: URL of the DFS face, what stands before the container; None for that of the cloud.
    """

    account: str | None
    key: str | None
    signature: str | None
    endpoint: str | None


def read_connection_string(text: str) -> StorageAccount:
    """Return what a storage account's connection string says; no error shows it.

    :raises ConnectionFieldError: naming the part that is wrong or missing.
    """
    parts: dict[str, str] = {}
    for number, part in enumerate(filter(None, text.strip().split(";")), 1):
        name, equals, value = part.partition("=")
        if not equals:
            raise _wrong(f"its part number {number} is not of the form Name=value")
        # Queues, tables and file shares have endpoints too.
        if known := _PARTS.get(name.strip().lower()):
            parts[known] = value.strip()
    account, endpoint = parts.get("AccountName"), parts.get("DfsEndpoint")
    protocol = parts.get("DefaultEndpointsProtocol", "https").lower()
    if not endpoint and (blob := parts.get("BlobEndpoint")):
        endpoint = blob.replace(".blob.", ".dfs.", 1)
        if endpoint == blob:
            raise _wrong("it has BlobEndpoint and no DfsEndpoint, which does not follow from it")
    if not endpoint and account:
        suffix = parts.get("EndpointSuffix", "core.windows.net")
        endpoint = f"{protocol}://{{account}}.dfs.{suffix}"
    key, signature = parts.get("AccountKey"), parts.get("SharedAccessSignature")
    if not endpoint:
        raise _wrong("it has neither AccountName nor an endpoint")
    if not key and not signature:
        raise _wrong("it has neither AccountKey nor SharedAccessSignature")
    return StorageAccount(account, key, signature, endpoint.rstrip("/"))


def _wrong(why: str) -> ConnectionFieldError:
    return ConnectionFieldError(
        f"connection_string: {why}; copy it whole (portal, the account, Access keys)",
        field="connection_string",
    )
