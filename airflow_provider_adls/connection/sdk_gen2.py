"""`data_lake_service`: the client of azure-storage-file-datalake, signed in as a connection says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_adls.model.clouds import PUBLIC
from airflow_provider_adls.model.errors import ConnectionFieldError
from airflow_provider_adls.model.extras import is_installed

if TYPE_CHECKING:
    from azure.storage.filedatalake import DataLakeServiceClient

    from airflow_provider_adls.connection.settings import ConnectionSettings


def data_lake_service(settings: ConnectionSettings, account: str, credential: Any) -> DataLakeServiceClient:
    """Return the SDK's client of an account's files; nothing is opened before its first call.

    The SDK finds the account's other face by its host name. So an emulator of this machine is reached by its
    proxy, under the names of the public cloud.

    :param account: short name of the account.
    :param credential: an object with `get_token`, for a connection that signs in.
    :raises ConnectionFieldError: if the extra `[gen2]` is not installed, or the account has no endpoint.
    """
    if not is_installed("azure.storage.filedatalake"):
        raise ConnectionFieldError(
            f"connection {settings.conn_id!r} has a container, and the SDK of Gen2 is not installed: pip"
            " install 'airflow-provider-adls[gen2]'",
            field="container",
        )
    from azure.core.credentials import AzureSasCredential
    from azure.storage.filedatalake import DataLakeServiceClient

    network = settings.network
    proxy, cloud = network.proxy, settings.cloud
    if settings.emulator_proxy and not proxy:
        proxy, cloud = settings.emulator_proxy, PUBLIC
    options: dict[str, Any] = {
        "proxies": {"https": proxy, "http": proxy} if proxy else None,
        "connection_verify": network.ca_file,
        "connection_timeout": network.connect_seconds,
        "read_timeout": network.read_seconds,
        "retry_total": network.retries,
    }
    if settings.account_key:
        credential = {"account_name": account, "account_key": settings.account_key}
    elif settings.sas_token:
        credential = AzureSasCredential(settings.sas_token)
    return DataLakeServiceClient(
        cloud.storage_endpoint(account),
        credential,
        **{name: value for name, value in options.items() if value is not None},
    )
