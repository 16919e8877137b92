"""Mistakes about accounts, which the Resource Manager reports."""

from __future__ import annotations

import pytest

from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.model.errors import AccessDeniedError, AccountNotFoundError, ServiceError


def test_missing_role(connect, stranger, account, documented):
    """The message names the right that is missing, and the roles that have it."""
    client_id, secret = stranger
    connect(login=client_id, password=secret)
    with pytest.raises(AccessDeniedError) as caught:
        ADLSGen1Hook().get_account(account)
    documented("Missing role on the subscription", caught.value)


def test_other_resource_group(connect, emulator, account, documented):
    """The message says in which resource group the account is."""
    emulator.create_resource_group("other")
    connect(resource_group="other")
    with pytest.raises(AccountNotFoundError) as caught:
        ADLSGen1Hook().get_account(account)
    documented("Account in another resource group", caught.value)
    assert "'rg', not 'other'" in ADLSGen1Hook().test_connection()[1]


def test_no_such_account(hook, documented):
    """The message says that no account of the subscription has the name."""
    with pytest.raises(AccountNotFoundError) as caught:
        hook.get_account("nosuchlake")
    documented("Account that does not exist", caught.value)


def test_no_such_account_for_files(hook, documented):
    """The file system names the fields that lead to an account."""
    with pytest.raises(AccountNotFoundError) as caught:
        hook.filesystem_of("nosuchlake").ls("/")
    documented("Files of an account that does not exist", caught.value)


def test_other_subscription(connect, account, documented):
    """A subscription that the client does not see is reported as that."""
    connect(subscription_id="99999999-9999-4999-8999-999999999999")
    with pytest.raises(ServiceError) as caught:
        ADLSGen1Hook().get_account(account)
    documented("Wrong subscription", caught.value)
