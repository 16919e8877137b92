"""Options of other clients of storage accounts, adlfs above all: understood, or refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
