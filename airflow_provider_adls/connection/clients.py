"""From a connection's settings to two credentials, and from these to clients and file systems.

Nothing here imports Airflow: the hook and the command line stand on it alike.
"""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any

from airflow_provider_adls import __version__
from airflow_provider_adls.model.errors import ConnectionFieldError
from airflow_provider_adls.model.paths import Container, lake_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure.datalake.store.core import AzureDLFileSystem
    from azure.mgmt.datalake.store import DataLakeStoreAccountManagementClient
    from azure.mgmt.storage import StorageManagementClient
    from azure.storage.filedatalake import DataLakeServiceClient
    from msrestazure.azure_active_directory import AADTokenCredentials

    from airflow_provider_adls.accounts.service import AccountService
    from airflow_provider_adls.auth import ResourceManagerCredential, TokenSource
    from airflow_provider_adls.connection.settings import ConnectionSettings
    from airflow_provider_adls.filesystem import ADLSGen1FileSystem
    from airflow_provider_adls.filesystem.options import Access

#: Sender's name in requests to the Resource Manager.
USER_AGENT = f"airflow-provider-adls/{__version__}"


class ClientsMixin:
    """Credentials, clients and file systems of one connection, each made when it is first needed."""

    _account_name: str | None = None

    @property
    @abstractmethod
    def settings(self) -> ConnectionSettings:
        """The checked fields of the connection."""
        ...

    @abstractmethod
    def token_source(self) -> TokenSource:
        """Return the identity that the connection signs in as."""
        ...

    @property
    @abstractmethod
    def reread_source(self) -> Callable[[], TokenSource]:
        """Reads the identity as it is stored now, after a refusal; it pickles without a secret."""
        ...

    @cached_property
    def _filesystems(self) -> dict[str, ADLSGen1FileSystem]:
        return {}

    @property
    def named_account(self) -> str | None:
        """Short name of the account that hook or connection names, if one does."""
        return self._account_name or self.settings.account_name

    @property
    def account_name(self) -> str:
        """Short name of the account that paths without an account are in.

        :raises ConnectionFieldError: if neither hook nor connection names one.
        """
        return self.named_account or self.settings.required(
            "account_name", "find a path that names no account"
        )

    @cached_property
    def arm_credentials(self) -> ResourceManagerCredential:
        """Signs requests to the Resource Manager; an `AADTokenCredentials` that renews itself."""
        from airflow_provider_adls.auth import ResourceManagerCredential

        return ResourceManagerCredential(self.token_source(), self.reread_source)

    @cached_property
    def filesystem_credentials(self) -> Any:
        """Signs requests to the file system, and renews itself; what `AzureDLFileSystem` takes.

        A `DataLakeCredential`; for an account key or a signature one of `auth.storage_key`.
        """
        settings = self.settings
        if settings.account_key:
            from airflow_provider_adls.auth.storage_key import StorageKey

            return StorageKey(self.account_name, settings.account_key)
        if settings.sas_token:
            from airflow_provider_adls.auth.storage_key import StorageSignature

            return StorageSignature(settings.sas_token)
        from airflow_provider_adls.auth import DataLakeCredential

        return DataLakeCredential(self.token_source(), settings.files_audience, reread=self.reread_source)

    def get_account_client(
        self, credentials: AADTokenCredentials | None = None
    ) -> DataLakeStoreAccountManagementClient:
        """Return the SDK's client for Gen1 accounts, of the connection's subscription, cloud and CA file.

        Long-running operations are looked at as often as the service asks for by `Retry-After`.

        :param credentials: sign its requests; None for `arm_credentials`.
        :raises ConnectionFieldError: if the connection names no subscription.
        """
        from azure.mgmt.datalake.store import DataLakeStoreAccountManagementClient

        from airflow_provider_adls.accounts.sessions import bind_client

        subscription = self.settings.required("subscription_id", "manage accounts")
        client = DataLakeStoreAccountManagementClient(
            credentials or self.arm_credentials, subscription, base_url=self.settings.cloud.resource_manager
        )
        client.config.add_user_agent(USER_AGENT)
        bind_client(client, self.settings.cloud, self.settings.network)
        return client

    def get_storage_client(self, credentials: Any = None) -> StorageManagementClient:
        """Return the SDK's client for storage accounts, of the connection's subscription, cloud and CA file.

        :param credentials: an object with `get_token`, which signs its requests; None for `arm_credentials`.
        :raises ConnectionFieldError: if the connection names no subscription, or the extra `[gen2]` is not
            installed.
        """
        from airflow_provider_adls.accounts.storage import check_gen2_extra

        subscription = self.settings.required("subscription_id", "manage accounts")
        check_gen2_extra(self.settings.conn_id)
        from azure.mgmt.storage import StorageManagementClient

        from airflow_provider_adls.accounts.sessions import bound_transport, quiet_log

        cloud, network = self.settings.cloud, self.settings.network
        retries: dict[str, Any] = {} if network.retries is None else {"retry_total": network.retries}
        return StorageManagementClient(
            credentials or self.arm_credentials,
            subscription,
            cloud.resource_manager,
            credential_scopes=[f"{cloud.resource_manager_audience.rstrip('/')}/.default"],
            transport=bound_transport(cloud, network),
            http_logging_policy=quiet_log(),
            user_agent=USER_AGENT,
            **retries,
        )

    @property
    def account_service(self) -> AccountService:
        """The accounts of the connection's service: storage accounts if it has a container."""
        return self.accounts_of(None)

    def accounts_of(self, credential: Any) -> AccountService:
        """Return the accounts of the connection's service.

        :param credential: an object with `get_token`, which signs the requests; None for `arm_credentials`.
        :raises ConnectionFieldError: if the connection names no subscription, or cannot sign in for accounts.
        """
        if self.settings.container:
            from airflow_provider_adls.accounts.storage import StorageAccounts

            client = self.get_storage_client(credential)
            return StorageAccounts(client, self.settings.cloud.resource_manager, self.settings.container)
        from msrest.authentication import BasicTokenAuthentication

        from airflow_provider_adls.accounts.datalake import DataLakeAccounts

        token = {"access_token": credential.get_token().token} if credential else None
        return DataLakeAccounts(self.get_account_client(token and BasicTokenAuthentication(token)))

    def get_storage_conn(self) -> DataLakeServiceClient:
        """Return the SDK's client of the files of a Gen2 account, signed in, at the right endpoint.

        :raises ConnectionFieldError: if the connection has no container, or the extra `[gen2]` is missing.
        """
        from airflow_provider_adls.connection.sdk_gen2 import data_lake_service

        self.settings.required("container", "reach a storage account (Gen2)")
        credential = None if self.settings.is_for_files_alone else self.filesystem_credentials
        return data_lake_service(self.settings, self.account_name, credential)

    def get_conn(self) -> AzureDLFileSystem | DataLakeServiceClient:
        """Return the SDK's own client of the account's files, signed in, at the right endpoint.

        :returns: the file system of azure-datalake-store; for a connection with a container the service
            client of azure-storage-file-datalake.
        """
        if self.settings.container:
            return self.get_storage_conn()
        from airflow_provider_adls.filesystem.sdk import sdk_filesystem

        account = self.account_name
        network = self.settings.network
        return sdk_filesystem(
            account,
            self.filesystem_credentials,
            self.endpoint_of(account),
            network.ca_file,
            network.proxy,
            network.timeout,
        )

    @property
    def filesystem(self) -> ADLSGen1FileSystem:
        """The fsspec file system of the account."""
        return self.filesystem_of()

    def filesystem_of(self, account: str | None = None) -> ADLSGen1FileSystem:
        """Return the fsspec file system of an account.

        :param account: short or full name, or `container@account`; None for the hook's own.
        """
        name = lake_name(account) if account else self.account_name
        if name not in self._filesystems:
            self._filesystems[name] = self.new_filesystem(name, self.filesystem_credentials)
        return self._filesystems[name]

    def new_filesystem(
        self, account: str, credential: Any, *, asynchronous: bool = False
    ) -> ADLSGen1FileSystem:
        """Return a file system that shares nothing with others.

        :param account: short name of the account.
        :param credential: an object with `get_token`.
        :param asynchronous: whether its coroutines are used, on the caller's event loop.
        """
        from airflow_provider_adls.filesystem import ADLSGen1FileSystem

        access = self.access(credential)
        # Raises where there is none. The cloud's is given, for paths may name other accounts.
        self.endpoint_of(account)
        return ADLSGen1FileSystem(
            account_name=account,
            credential=access.credential,
            cloud=access.cloud,
            ca_file=access.ca_file,
            proxy=access.proxy,
            retry=access.retry,
            limits=access.limits,
            container=access.container,
            asynchronous=asynchronous,
            skip_instance_cache=True,
        )

    def access(self, credential: Any = None) -> Access:
        """Return how a file system of the connection reaches accounts.

        :param credential: an object with `get_token`; None for `filesystem_credentials`.
        """
        from airflow_provider_adls.client import Limits, RetryPolicy
        from airflow_provider_adls.filesystem.options import Access

        network = self.settings.network
        seconds = {"connect_seconds": network.connect_seconds, "silence_seconds": network.read_seconds}
        given: dict[str, Any] = {name: value for name, value in seconds.items() if value is not None}
        return Access(
            self.settings.cloud,
            credential or self.filesystem_credentials,
            network.ca_file,
            network.proxy,
            retry=None if network.retries is None else RetryPolicy(attempts=network.retries + 1),
            limits=Limits(**given) if given else None,
            container=self.settings.container,
        )

    def endpoint_of(self, account: str) -> str:
        """Return the URL of an account, what stands before `/webhdfs/v1` or before the container.

        :param account: short name, or `container@account`.
        :raises ConnectionFieldError: if neither the cloud nor the connection has an endpoint.
        """
        named = Container.of(account)
        try:
            if named.name or self.settings.container:
                return self.settings.cloud.storage_endpoint(named.account)
            return self.settings.cloud.account_endpoint(account)
        except ValueError as error:
            raise ConnectionFieldError(
                f"connection {self.settings.conn_id!r}, field 'endpoint' (Endpoint): {error}."
                " For example: https://{account}.lake.example.com",
                field="endpoint",
            ) from None
