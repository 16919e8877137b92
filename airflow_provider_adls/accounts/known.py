"""`known_account`: an account that exists, or an error that says where to look for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.model.errors import AccountNotFoundError, RequestError

if TYPE_CHECKING:
    from airflow_provider_adls.accounts.service import Account, AccountService


def known_account(service: AccountService, group: str, name: str) -> Account:
    """Return an account that should be there; the error says in which other resource group it is, if it is.

    :param name: short name of the account.
    :raises AccountNotFoundError: if the resource group has none of this name.
    """
    try:
        return service.get(group, name)
    except AccountNotFoundError as error:
        error.advise(_whereabouts(service, group, name))
        raise


def account_names(service: AccountService, name: str | None = None) -> list[str]:
    """Return the names of the accounts that the client sees in its subscription, sorted.

    :param name: short name of an account that should be one of them.
    :raises AccountNotFoundError: if it is not.
    """
    names = sorted(str(account["name"]) for account in service.list_accounts())
    if name and name not in names:
        missing = AccountNotFoundError("it is not there", operation="accounts.list", account=name)
        missing.advise(_unseen(len(names)))
        raise missing
    return names


def _unseen(count: int) -> str:
    return (
        f"none of the {count} accounts that this client sees in the subscription has this name: check"
        " account_name and subscription_id"
    )


def _whereabouts(service: AccountService, group: str, name: str) -> str:
    try:
        groups = {account["name"]: account["resource_group"] for account in service.list_accounts()}
    except RequestError:
        return "check account_name and resource_group"
    if found := groups.get(name):
        return f"the account is in resource group {found!r}, not {group!r}: set resource_group to that"
    return _unseen(len(groups))
