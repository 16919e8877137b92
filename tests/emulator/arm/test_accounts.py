"""The rules of accounts, where a kill has left things half done."""

from __future__ import annotations

import pytest

from airflow_provider_adls.emulator.arm.accounts import Accounts
from airflow_provider_adls.emulator.arm.definition import Definition
from airflow_provider_adls.emulator.clock import Clock
from airflow_provider_adls.emulator.store import open_store
from airflow_provider_adls.emulator.webhdfs import Lake

PLACE = ("rg", "lake")


@pytest.fixture
def lake():
    store = open_store(None)
    lake = Lake(store, Clock())
    lake.store = store
    yield lake
    store.close()


@pytest.fixture
def accounts(lake):
    return Accounts(lake.store.documents, lake, Clock())


def test_file_system_without_account_is_taken_over(lake, accounts):
    """A kill between the two steps of creation does not block the name."""
    lake.create_account("lake", "owner")
    assert not accounts.exists("lake")
    accounts.create(*PLACE, Definition(location="eastus2"), "owner")
    assert accounts.get(*PLACE).name == "lake"


def test_account_without_file_system_can_be_deleted(lake, accounts):
    """A kill between the two steps of deletion does not keep the account alive."""
    accounts.create(*PLACE, Definition(location="eastus2"), "owner")
    lake.delete_account("lake")
    assert accounts.delete(*PLACE)
    assert not accounts.exists("lake")
    assert not accounts.delete(*PLACE)
