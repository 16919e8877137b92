"""`CommandLake`: the hook's methods for files and accounts, without Airflow."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from airflow_provider_adls.accounts.accounts import AccountsMixin
from airflow_provider_adls.connection.clients import ClientsMixin
from airflow_provider_adls.connection.identity import identity
from airflow_provider_adls.hooks.files import FilesMixin
from airflow_provider_adls.hooks.rights import RightsMixin
from airflow_provider_adls.hooks.trash import TrashMixin
from airflow_provider_adls.lake.glob import is_glob
from airflow_provider_adls.model.errors import PathNotFoundError
from airflow_provider_adls.model.paths import account_name as short_name
from airflow_provider_adls.model.paths import parse

if TYPE_CHECKING:
    from airflow_provider_adls.auth import TokenSource
    from airflow_provider_adls.connection.settings import ConnectionSettings
    from airflow_provider_adls.filesystem import ADLSGen1FileSystem
    from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook


class CommandLake(ClientsMixin, AccountsMixin, FilesMixin, RightsMixin, TrashMixin):
    """Files of an account, and accounts of a subscription.

    :param settings: credentials and cloud.
    :param account: account for paths that name none, short or full name; None for the settings' own.
    """

    def __init__(self, settings: ConnectionSettings, account: str | None = None) -> None:
        self._settings = settings
        self._account_name = short_name(account) if account else None

    @property
    def settings(self) -> ConnectionSettings:
        """The checked fields of the connection."""
        return self._settings

    def token_source(self) -> TokenSource:
        """Return the identity that the settings say."""
        return identity(self.settings)

    @property
    def reread_source(self) -> Callable[[], TokenSource]:
        """Reads the same identity: a process's environment does not change."""
        return self.token_source


def located(lake: CommandLake | ADLSGen1Hook, path: str) -> tuple[ADLSGen1FileSystem, str]:
    """Return the file system of a path's account, and the path in it.

    :raises PathError: for a path that is none.
    """
    location = parse(path)
    return lake.filesystem_of(location.account), location.path


def expanded(lake: CommandLake | ADLSGen1Hook, paths: Iterable[str]) -> list[str]:
    """Return paths as they stand, and of each glob its matches; a path that exists is itself.

    :raises PathNotFoundError: for a glob that matches nothing.
    """
    found: list[str] = []
    for path in paths:
        if not is_glob(path):
            found.append(path)
            continue
        matches = lake.find_paths(path)
        if not matches:
            raise PathNotFoundError("nothing in the lake matches", path=path)
        found += matches
    return list(dict.fromkeys(found))
