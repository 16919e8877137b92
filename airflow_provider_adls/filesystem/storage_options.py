"""Options of other clients of storage accounts, adlfs above all: understood, or refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from airflow_provider_adls.model.errors import ConnectionFieldError
from airflow_provider_adls.model.paths import Container, account_name

if TYPE_CHECKING:
    from airflow_provider_adls.client.tokens import RequestSigner

#: Options of adlfs that mean nothing here, and what does instead.
ADLFS = {
    "account_host": "endpoint_url, what stands before the container: https://ACCOUNT.dfs.example.com",
    "anon": "credential, account_key or sas_token: files of these accounts are not read without one",
    "assume_container_exists": "nothing: no container is looked for before its files are",
    "blocksize": "block_size of open()",
    "connection_timeout": "limits=Limits(connect_seconds=…)",
    "default_cache_type": "cache_type of open()",
    "default_fill_cache": "cache_type of open()",
    "location_mode": "account_name of the other region: NAME-secondary",
    "max_concurrency": "batch_size",
    "read_timeout": "limits=Limits(silence_seconds=…)",
    "request_session": "proxy, ca_file and limits",
    "socket_timeout": "limits=Limits(silence_seconds=…)",
    "version_aware": "nothing: accounts with a hierarchical namespace keep no versions",
}
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


def signing_credential(
    account: str | None, account_key: str | None, sas_token: str | None
) -> RequestSigner | None:
    """Return the credential of an account's key or of a signature; None if neither is given.

    :param account: the account that the key is of: its name, or `container@account`.
    :raises ConnectionFieldError: for both, or a key that is not one, or that is of no account.
    """
    if account_key and sas_token:
        raise ConnectionFieldError("account_key and sas_token: give one of them", field="sas_token")
    if account_key:
        if not account:
            raise ConnectionFieldError("account_key needs account_name", field="account_name")
        from airflow_provider_adls.auth.storage_key import StorageKey

        return StorageKey(account_name(Container.of(account).account), account_key)
    if sas_token:
        from airflow_provider_adls.auth.storage_key import StorageSignature

        return StorageSignature(sas_token)
    return None
