"""`AccountService`: what the Resource Manager does for accounts, whichever service the files are of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from airflow_provider_adls.accounts.parameters import AccountDefinition, AccountSettings
    from airflow_provider_adls.accounts.plan import RulesPlan


class Account(NamedTuple):
    """An account, as its service describes it.

    :param model: the SDK's description.
    :param described: id, name, resource_group, location, provisioning_state, state, endpoint and tags.
    :param settings: the same, with all that can be set of an account.
    :param created: when it was made; None while it is being made.
    """

    model: Any
    described: dict[str, Any]
    settings: dict[str, Any]
    created: dt.datetime | None


class AccountService(Protocol):
    """Accounts of one service in one subscription. Errors are those of `model.errors`."""

    def errors(self, operation: str, account: str) -> AbstractContextManager[None]:
        """Raise errors of `model.errors` where the SDK raises its own."""

    def check(self, values: Mapping[str, Any], *, encryption: bool = False) -> None:
        """Refuse by name what this service has not.

        :param values: arguments by name; None for those that are not given.
        :param encryption: whether encryption is among them, and to be complete.
        :raises InvalidRequestError: naming the argument.
        """

    def refuse_existing(self, account: Account) -> None:
        """Refuse an existing account that cannot stand for the one that is to be made."""

    def get(self, group: str, name: str) -> Account:
        """Return an account.

        :raises AccountNotFoundError: if the resource group has none of this name.
        """

    def list_accounts(
        self, group: str | None = None, *, filter_by: str | None = None
    ) -> Iterator[dict[str, Any]]:
        """Yield the description of each account of a resource group, or of the subscription."""

    def create(
        self, group: str, name: str, location: str, definition: AccountDefinition, *, wait: bool
    ) -> dict[str, Any]:
        """Create an account, and return its description."""

    def complete(self, group: str, name: str) -> None:
        """Add to an account that is ready what belongs to it beside its resource."""

    def update(self, group: str, name: str, settings: AccountSettings, *, wait: bool) -> dict[str, Any]:
        """Change an account, and return its description."""

    def delete(self, group: str, name: str, *, wait: bool) -> None:
        """Delete an account with its files."""

    def enable_key_vault(self, group: str, name: str) -> None:
        """Let an account use the key of the user's own that it was made with."""

    def rules(self, group: str, account: Account, family: str) -> dict[str, Any]:
        """Return the rules of a family, by name: what `plan` compares."""

    def plan(
        self, family: str, declared: Mapping[str, Any], present: Mapping[str, Any], *, purge: bool
    ) -> RulesPlan:
        """Compare the rules that are declared with those of the account."""

    def declare(
        self,
        group: str,
        account: Account,
        family: str,
        declared: Mapping[str, Any],
        planned: RulesPlan,
        switched: Mapping[str, bool],
    ) -> None:
        """Carry out a plan, and switch what differs."""

    def check_name(self, name: str, location: str) -> dict[str, Any]:
        """Return whether a name is free."""

    def location_capability(self, location: str) -> dict[str, Any]:
        """Return what the subscription may have in a region."""

    def location_usages(self, location: str) -> list[dict[str, Any]]:
        """Return how much of its quotas the subscription uses in a region."""
