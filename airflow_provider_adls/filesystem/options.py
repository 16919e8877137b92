"""The options of a file system: how an account is reached and who signs in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from airflow_provider_adls.model.clouds import CLOUDS, PUBLIC, Cloud, emulator_cloud
from airflow_provider_adls.model.errors import ConnectionFieldError
from airflow_provider_adls.model.gen2 import checked_container
from airflow_provider_adls.model.paths import Container, lake_name

if TYPE_CHECKING:
    from airflow_provider_adls.client import DataLakeClient, Limits, RetryPolicy, TokenCredential
    from airflow_provider_adls.client.tokens import RequestSigner


@dataclass(frozen=True)
class Access:
    """Credential, cloud and network settings that reach the accounts of a file system.

    :param cloud: endpoints and audiences.
    :param credential: credential that signs in; None if that was left open.
    :param ca_file: certificates to trust, PEM; None for the environment's or the system's.
    :param proxy: URL of an HTTP proxy; None for the environment's.
    :param retry: how failed requests are repeated.
    :param limits: bounds of the connections.
    :param container: container of an account's paths (Gen2); None for Gen1 accounts.
    """

    cloud: Cloud
    credential: TokenCredential | RequestSigner | None = field(repr=False)
    ca_file: str | None = None
    proxy: str | None = field(default=None, repr=False)
    retry: RetryPolicy | None = None
    limits: Limits | None = None
    container: str | None = None

    def client(self, account: str) -> DataLakeClient:
        """Return a client of one account.

        :param account: its name in a `Location`: the short name, or `container@account`.
        :raises ConnectionFieldError: without a credential or an endpoint, or for another cloud's account.
        """
        if self.credential is None:
            raise ConnectionFieldError(
                "no identity to sign in as: give conn_id, credential, or tenant_id, client_id and"
                " client_secret",
                field="credential",
            )
        named = Container.of(account)
        container = named.name or self.container
        if not container and hasattr(self.credential, "sign"):
            raise ConnectionFieldError(
                f"account_key and sas_token are for storage accounts (Gen2): give the container of {account}",
                field="container",
            )
        try:
            self._check_domain(named)
            if container:
                endpoint = self.cloud.storage_endpoint(named.account)
            else:
                endpoint = self.cloud.account_endpoint(account)
        except ValueError as error:
            raise ConnectionFieldError(str(error), field="endpoint_url") from None
        way: dict[str, Any] = {
            "ca_file": self.ca_file,
            "proxy": self.proxy,
            "retry": self.retry,
            "limits": self.limits,
        }
        # Airflow loads this module in each of its processes, and few of them open a connection.
        if container:
            from airflow_provider_adls.client import DfsClient

            scope = f"{self.cloud.storage_audience.rstrip('/')}/.default"
            return DfsClient(named.account, container, endpoint, self.credential, scope=scope, **way)
        from airflow_provider_adls.client import WebHdfsClient

        scope = f"{self.cloud.datalake_audience}/.default"
        return WebHdfsClient(account, endpoint, cast("TokenCredential", self.credential), scope=scope, **way)

    def lake(self, account: str) -> str:
        """Return what a `Location` names an account by.

        :param account: the same, or the short name of an account whose container these are.
        """
        if "@" in account or not self.container:
            return account
        suffix = self.cloud.storage_suffix
        return lake_name(f"{self.container}@{account}{f'.dfs.{suffix}' if suffix else ''}")

    def _check_domain(self, named: Container) -> None:
        known = self.cloud.storage_suffix
        if named.domain and known and named.domain != known:
            raise ValueError(
                f"account {named.account} of .dfs.{named.domain} is not in cloud {self.cloud.name!r}, whose"
                f" accounts are of .dfs.{known}"
            )


def container_option(name: str | None) -> str | None:
    """Return the name of a container, checked.

    :raises ConnectionFieldError: if no container can be called so.
    """
    if name is None:
        return None
    try:
        return checked_container(name)
    except ValueError as error:
        raise ConnectionFieldError(str(error), field="container") from None


def chosen_cloud(cloud: str | Cloud | None, endpoint_url: str | None, *, is_gen2: bool = False) -> Cloud:
    """Return the cloud that the options name, at the endpoint that they name.

    :param cloud: a name, a `Cloud`, or an emulator's URL.
    :param endpoint_url: URL before ``/webhdfs/v1``, or before the container.
    :param is_gen2: whether it is before a container.
    :raises ConnectionFieldError: for an unknown name, or an unsafe URL.
    """
    if isinstance(cloud, str) and "://" in cloud:
        try:
            cloud = emulator_cloud(cloud)
        except ValueError as error:
            raise ConnectionFieldError(str(error), field="cloud") from None
    if isinstance(cloud, str) and cloud not in CLOUDS:
        raise ConnectionFieldError(
            f"cloud {cloud!r} is none of {', '.join(CLOUDS)}: an emulator is given by its URL",
            field="cloud",
        )
    known = CLOUDS[cloud] if isinstance(cloud, str) else cloud or PUBLIC
    try:
        return known.with_dfs_endpoint(endpoint_url) if is_gen2 else known.with_endpoint(endpoint_url)
    except ValueError as error:
        raise ConnectionFieldError(str(error), field="endpoint_url") from None


def cloud_option(cloud: Cloud) -> str:
    """Return the text that, given as the option `cloud`, means this cloud.

    :raises TypeError: if there is none.
    """
    if CLOUDS.get(cloud.name) == cloud:
        return cloud.name
    if emulator_cloud(cloud.authority) == cloud:
        return cloud.authority
    raise TypeError(f"cloud {cloud.name!r} is none that a name or URL stands for")


def secret_credential(
    tenant_id: str | None,
    client_id: str | None,
    client_secret: str | None,
    cloud: Cloud,
    ca_file: str | None,
    proxy: str | None = None,
) -> TokenCredential | None:
    """Return the credential of a client secret, or None if nothing of one was given.

    :raises ConnectionFieldError: if only a part was given.
    """
    given = {"tenant_id": tenant_id, "client_id": client_id, "client_secret": client_secret}
    missing = [name for name, value in given.items() if not value]
    if len(missing) == len(given):
        return None
    if missing:
        raise ConnectionFieldError(f"to sign in by a secret, {missing[0]} is missing", field=missing[0])
    # Signing in needs adal and msrestazure, which someone with a credential of their own need not load.
    from airflow_provider_adls.auth import ClientSecret, DataLakeCredential

    assert tenant_id
    assert client_id
    assert client_secret
    return DataLakeCredential(ClientSecret(tenant_id, client_id, client_secret, cloud, ca_file, proxy))
