"""The hook: a stored connection becomes two credentials, and these become clients."""

from __future__ import annotations

from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import BaseHook

from airflow_provider_adls.accounts.accounts import AccountsMixin
from airflow_provider_adls.connection.clients import USER_AGENT, ClientsMixin
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
from airflow_provider_adls.hooks.distributed import DistributedMixin
from airflow_provider_adls.hooks.files import FilesMixin
from airflow_provider_adls.hooks.official import OfficialMixin
from airflow_provider_adls.hooks.official_gen2 import OfficialGen2Mixin
from airflow_provider_adls.hooks.rights import RightsMixin
from airflow_provider_adls.hooks.tables import TablesMixin
from airflow_provider_adls.hooks.transform import TransformMixin
from airflow_provider_adls.hooks.trash import TrashMixin
from airflow_provider_adls.model.paths import account_name as short_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_adls.auth import TokenSource
    from airflow_provider_adls.connection.settings import ConnectionSettings

__all__ = ["USER_AGENT", "ADLSGen1Hook"]


class ADLSGen1Hook(
    ClientsMixin,
    AccountsMixin,
    FilesMixin,
    ContentMixin,
    RightsMixin,
    TrashMixin,
    TransformMixin,
    TablesMixin,
    DistributedMixin,
    OfficialMixin,
    OfficialGen2Mixin,
    BaseHook,
):
    """Azure Data Lake Storage, Gen1 or Gen2: accounts through the Resource Manager, and their files.

    A connection with a container is one to Gen2.

    Nothing is read or opened before the first call that needs it.

    .. code-block:: python

        hook = ADLSGen1Hook()
        with hook.filesystem.open("/raw/2026/day.csv") as file:
            print(file.readline())
        hook.upload("/data/out", "/curated/2026")

    It stands in for the official Azure provider's `AzureDataLakeHook` and `AzureDataLakeStorageV2Hook` too:
    it has their methods, takes their arguments, and reads the connections of the former.

    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`, or `azure_data_lake`.
    :param account_name: account to work in, its short or full name; None for the connection's.
    :param azure_data_lake_conn_id: the official Gen1 hook's name for `adls_gen1_conn_id`.
    :param adls_conn_id: the official Gen2 hook's name for it.
    :raises TypeError: if several ids are given and differ.
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
        adls_conn_id: str | None = None,
    ) -> None:
        super().__init__()
        own = None if adls_gen1_conn_id == DEFAULT_CONNECTION_ID else adls_gen1_conn_id
        given = {conn_id for conn_id in (own, azure_data_lake_conn_id, adls_conn_id) if conn_id}
        if len(given) > 1:
            raise TypeError(
                "adls_gen1_conn_id, azure_data_lake_conn_id and adls_conn_id are names for one argument"
            )
        self.adls_gen1_conn_id = next(iter(given), adls_gen1_conn_id)
        self._account_name = short_name(account_name) if account_name else None

    @cached_property
    def settings(self) -> ConnectionSettings:
        """The checked fields of the connection.

        :raises ConnectionFieldError: naming the field that is missing or malformed.
        :raises SignInError: if a custom cloud's Resource Manager has to be asked, and does not answer.
        """
        return read_settings(stored_connection(self.adls_gen1_conn_id, self.get_connection))

    def token_source(self) -> TokenSource:
        """Return the identity that the connection signs in as."""
        return token_source(self.settings)

    @property
    def reread_source(self) -> Callable[[], TokenSource]:
        """Reads the identity as the connection stores it now: its secret may have been rotated."""
        return partial(stored_source, self.adls_gen1_conn_id)

    def test_connection(self) -> tuple[bool, str]:
        """Sign in for accounts and for files, anew, and ask each service for what the connection names.

        :returns: whether all that could be asked answered, and what each said.
        """
        from airflow_provider_adls.hooks.doctor import check_connection

        return check_connection(self)

    @classmethod
    def get_connection_form_widgets(cls) -> dict[str, Any]:
        """Return the form's fields, for Airflow 2.11 and 3.1; 3.3 takes them from provider info."""
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
        """Return how the form shows the standard fields, for Airflow 2.11 and 3.1."""
        return {
            "hidden_fields": [*HIDDEN_FIELDS, PORT],
            "relabeling": dict(RELABELING),
            "placeholders": dict(PLACEHOLDERS),
        }
