"""`AccountClientMixin`: what the hook's methods for accounts stand on."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from airflow_provider_adls.accounts.known import known_account

if TYPE_CHECKING:
    from airflow_provider_adls.accounts.service import Account, AccountService
    from airflow_provider_adls.connection.settings import ConnectionSettings


class AccountClientMixin:
    """Attributes of the hook that its methods for accounts use."""

    @property
    @abstractmethod
    def settings(self) -> ConnectionSettings:
        """The checked fields of the connection."""
        ...

    @property
    @abstractmethod
    def account_service(self) -> AccountService:
        """The accounts of the connection's service, Gen1 or Gen2."""
        ...

    def known_account(self, name: str, group: str) -> Account:
        """Return an account that should be there; the error says in which resource group it is, if it is.

        :param name: short name of the account.
        :raises AccountNotFoundError: if the resource group has none of this name.
        """
        return known_account(self.account_service, group, name)

    def group_or_own(self, given: str | None) -> str:
        """Return a resource group, or the connection's where none is given.

        :raises ConnectionFieldError: if the connection names none.
        """
        return given or self.settings.required("resource_group", "find the account")
