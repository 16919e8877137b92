"""What all methods for accounts stand on: the SDK's client, and the resource group that is meant."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from azure.mgmt.datalake.store import DataLakeStoreAccountManagementClient

    from airflow_provider_adls.connection.settings import ConnectionSettings


class AccountClientMixin:
    """What the hook gives to its methods for accounts."""

    @property
    @abstractmethod
    def settings(self) -> ConnectionSettings:
        """What the connection says, checked."""
        ...

    @abstractmethod
    def get_account_client(self) -> DataLakeStoreAccountManagementClient:
        """Return the SDK's client for accounts, signed in."""
        ...

    def group_or_own(self, given: str | None) -> str:
        """Return a resource group, or the connection's where none is given.

        :raises ConnectionFieldError: if the connection names none.
        """
        return given or self.settings.required("resource_group", "find the account")
