"""The hook: a stored connection becomes two credentials, and these become clients."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import BaseHook

from airflow_provider_adls import __version__
from airflow_provider_adls.accounts.accounts import AccountsMixin
from airflow_provider_adls.connection.sign_in import read_settings, stored_source, token_source
from airflow_provider_adls.connection.stored import stored_connection
from airflow_provider_adls.connection_form import (
    CONNECTION_TYPE,
    DEFAULT_CONNECTION_ID,
    FIELDS,
    HIDDEN_FIELDS,
    HOOK_NAME,
    PLACEHOLDERS,
    PORT,
    RELABELING,
)
from airflow_provider_adls.hooks.content import ContentMixin
from airflow_provider_adls.hooks.expiry import ExpiryMixin
from airflow_provider_adls.hooks.files import FilesMixin
from airflow_provider_adls.hooks.moves import MovesMixin
from airflow_provider_adls.hooks.official import OfficialMixin
from airflow_provider_adls.hooks.rights import RightsMixin
from airflow_provider_adls.hooks.status import StatusMixin
from airflow_provider_adls.hooks.transfers import TransfersMixin
from airflow_provider_adls.hooks.transform import TransformMixin
from airflow_provider_adls.hooks.trash import TrashMixin
from airflow_provider_adls.model.errors import ConnectionFieldError
from airflow_provider_adls.model.paths import account_name as short_name

if TYPE_CHECKING:
    from azure.datalake.store.core import AzureDLFileSystem
    from azure.mgmt.datalake.store import DataLakeStoreAccountManagementClient
    from msrestazure.azure_active_directory import AADTokenCredentials

    from airflow_provider_adls.auth import DataLakeCredential, ResourceManagerCredential, TokenSource
    from airflow_provider_adls.connection.settings import ConnectionSettings
    from airflow_provider_adls.filesystem import ADLSGen1FileSystem
    from airflow_provider_adls.filesystem.options import Access

#: How requests to the Resource Manager name their sender.
USER_AGENT = f"airflow-provider-adls/{__version__}"


class ADLSGen1Hook(
    AccountsMixin,
    FilesMixin,
    ContentMixin,
    MovesMixin,
    StatusMixin,
    RightsMixin,
    ExpiryMixin,
    TrashMixin,
    TransformMixin,
    TransfersMixin,
    OfficialMixin,
    BaseHook,
):
    """Azure Data Lake Storage Gen1: accounts through the Resource Manager, files through the file system.

    Nothing is read or opened before the first call that needs it.

    .. code-block:: python

        hook = ADLSGen1Hook()
        with hook.filesystem.open("/raw/2026/day.csv") as file:
            print(file.readline())
        hook.upload("/data/out", "/curated/2026")

    It stands in for the official Azure provider's `AzureDataLakeHook` too: it has its methods, takes its
    argument, and reads its connections.

    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`, or `azure_data_lake`.
    :param account_name: account to work in, its short or full name; None for the connection's.
    :param azure_data_lake_conn_id: the official hook's name for `adls_gen1_conn_id`.
    :raises TypeError: if both ids are given and differ.
    """

    conn_name_attr = "adls_gen1_conn_id"
    default_conn_name = DEFAULT_CONNECTION_ID
    conn_type = CONNECTION_TYPE
    hook_name = HOOK_NAME

    def __init__(
        self,
        adls_gen1_conn_id: str = DEFAULT_CONNECTION_ID,
        account_name: str | None = None,
        *,
        azure_data_lake_conn_id: str | None = None,
    ) -> None:
        super().__init__()
        if azure_data_lake_conn_id and adls_gen1_conn_id not in (
            DEFAULT_CONNECTION_ID,
            azure_data_lake_conn_id,
        ):
            raise TypeError("adls_gen1_conn_id and azure_data_lake_conn_id are two names for one argument")
        self.adls_gen1_conn_id = azure_data_lake_conn_id or adls_gen1_conn_id
        self._account_name = short_name(account_name) if account_name else None
        self._filesystems: dict[str, ADLSGen1FileSystem] = {}

    @cached_property
    def settings(self) -> ConnectionSettings:
        """What the connection says, checked.

        :raises ConnectionFieldError: naming the field that is missing or malformed.
        :raises SignInError: if a custom cloud's Resource Manager has to be asked, and does not answer.
        """
        return read_settings(stored_connection(self.adls_gen1_conn_id, self.get_connection))

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

        return ResourceManagerCredential(self.token_source(), partial(stored_source, self.adls_gen1_conn_id))

    @cached_property
    def filesystem_credentials(self) -> DataLakeCredential:
        """Signs requests to the file system; what `AzureDLFileSystem` takes, and renews itself."""
        from airflow_provider_adls.auth import DataLakeCredential

        return DataLakeCredential(self.token_source(), reread=partial(stored_source, self.adls_gen1_conn_id))

    def token_source(self) -> TokenSource:
        """The identity that the connection signs in as."""
        return token_source(self.settings)

    def get_account_client(
        self, credentials: AADTokenCredentials | None = None
    ) -> DataLakeStoreAccountManagementClient:
        """The SDK's client for accounts, of the connection's subscription, cloud and CA file.

        Long-running operations are looked at as often as the service asks for by `Retry-After`.

        :param credentials: what signs its requests; None for `arm_credentials`.
        :raises ConnectionFieldError: if the connection names no subscription.
        """
        from azure.mgmt.datalake.store import DataLakeStoreAccountManagementClient

        subscription = self.settings.required("subscription_id", "manage accounts")
        client = DataLakeStoreAccountManagementClient(
            credentials or self.arm_credentials, subscription, base_url=self.settings.cloud.resource_manager
        )
        client.config.add_user_agent(USER_AGENT)
        network = self.settings.network
        if network.ca_file:
            client.config.connection.verify = network.ca_file
        if network.proxy:
            client.config.proxies.use_env_settings = False
            for scheme in ("https", "http"):
                client.config.proxies.add(scheme, network.proxy)
        if network.timeout:
            client.config.connection.timeout = network.timeout
        if network.retries is not None:
            client.config.retry_policy.retries = network.retries
        return client

    def get_conn(self) -> AzureDLFileSystem:
        """The SDK's own file system of the account, signed in, at the right endpoint."""
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
        """The fsspec file system of an account.

        :param account: short or full name; None for the hook's own.
        """
        name = short_name(account) if account else self.account_name
        if name not in self._filesystems:
            self._filesystems[name] = self.new_filesystem(name, self.filesystem_credentials)
        return self._filesystems[name]

    def new_filesystem(
        self, account: str, credential: Any, *, asynchronous: bool = False
    ) -> ADLSGen1FileSystem:
        """A file system that shares nothing with others.

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
            asynchronous=asynchronous,
            skip_instance_cache=True,
        )

    def access(self, credential: Any = None) -> Access:
        """How a file system of the connection reaches accounts.

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
        )

    def endpoint_of(self, account: str) -> str:
        """URL of an account, what stands before `/webhdfs/v1`.

        :raises ConnectionFieldError: if neither the cloud nor the connection has an endpoint.
        """
        try:
            return self.settings.cloud.account_endpoint(account)
        except ValueError as error:
            raise ConnectionFieldError(
                f"connection {self.settings.conn_id!r}, field 'endpoint' (Endpoint): {error}."
                " For example: https://{account}.lake.example.com",
                field="endpoint",
            ) from None

    def test_connection(self) -> tuple[bool, str]:
        """Sign in for both, anew, and ask for the account and for the root of its file system.

        :returns: whether all that could be asked answered, and what each said.
        """
        from airflow_provider_adls.hooks.connection_check import check_connection

        return check_connection(self)

    @classmethod
    def get_connection_form_widgets(cls) -> dict[str, Any]:
        """The form's fields, for Airflow 2.11 and 3.1; 3.3 takes them from provider info."""
        from flask_appbuilder.fieldwidgets import BS3PasswordFieldWidget, BS3TextFieldWidget
        from flask_babel import lazy_gettext
        from wtforms import PasswordField, StringField
        from wtforms.validators import Optional, any_of

        return {
            field.name: (PasswordField if field.secret else StringField)(
                lazy_gettext(field.label),
                # A SelectField would make 3.1 drop the whole form.
                validators=[Optional(), any_of(list(field.choices))] if field.choices else [Optional()],
                widget=BS3PasswordFieldWidget() if field.secret else BS3TextFieldWidget(),
                description=field.description,
            )
            for field in FIELDS
        }

    @classmethod
    def get_ui_field_behaviour(cls) -> dict[str, Any]:
        """What becomes of the standard fields, for Airflow 2.11 and 3.1."""
        return {
            "hidden_fields": [*HIDDEN_FIELDS, PORT],
            "relabeling": dict(RELABELING),
            "placeholders": dict(PLACEHOLDERS),
        }
