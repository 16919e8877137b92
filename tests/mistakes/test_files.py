"""Mistakes about paths, rights and writers, which the file system reports."""

from __future__ import annotations

import uuid

import pytest
import requests
from azure.mgmt.datalake.store.models import UpdateDataLakeStoreAccountParameters

from airflow_provider_adls.client import RetryPolicy
from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
from airflow_provider_adls.model.errors import (
    AccessDeniedError,
    PathNotFoundError,
    ServiceError,
    ThrottledError,
)

FAST = RetryPolicy(attempts=2, first_wait=0.001)


@pytest.fixture
def lake(hook):
    """The account's file system, with one file in it."""
    hook.filesystem.pipe("/raw/2026/day.csv", b"1")
    return hook.filesystem


@pytest.fixture
def strange(connect, stranger):
    """The same account for a principal that owns nothing in it."""
    client_id, secret = stranger
    connect("stranger", login=client_id, password=secret)
    return ADLSGen1Hook("stranger").filesystem


def test_typo(lake, documented):
    """The message says how far the path is right, and which name was meant."""
    with pytest.raises(PathNotFoundError) as caught:
        lake.cat("/raw/2026/dya.csv")
    documented("Path with a typo", caught.value)


@pytest.mark.parametrize(
    "ask",
    [
        lambda hook: hook.filesystem.open("/raww/2026/day.csv"),
        lambda hook: hook.filesystem.ls("/raww/2026"),
        lambda hook: hook.list_paths("/raww/2026"),
        lambda hook: hook.download("/raww/2026", "/nowhere"),
        lambda hook: hook.filesystem.set_permission("/raww", "750"),
    ],
)
def test_typo_wherever_a_path_is_given(hook, lake, ask):
    """Every way of naming a path that should be there leads to the same advice."""
    with pytest.raises(PathNotFoundError, match=r"/ exists, and has no 'raww', but 'raw'"):
        ask(hook)


def test_capitals(lake):
    """A name that differs by its capitals alone is found too."""
    with pytest.raises(PathNotFoundError, match="but 'raw': check the spelling, capitals too"):
        lake.cat("/RAW/2026/day.csv")


def test_nothing_near(lake):
    """Where no name is like it, the nearest directory is named alone."""
    with pytest.raises(PathNotFoundError, match=r"/raw/2026 exists, and has no 'sales': check the path"):
        lake.cat("/raw/2026/sales/x/y.csv")


def test_below_a_file(lake):
    """A path that goes on behind a file is reported as that."""
    with pytest.raises(PathNotFoundError, match=r"/raw/2026/day\.csv is a file"):
        lake.cat("/raw/2026/day.csv/x")


def test_asking_whether_a_path_is_there_costs_no_more(hook, lake, emulator, account):
    """Who only asks whether something is there is not explained to."""
    before = len(emulator.requests)
    assert not lake.exists("/raw/2027")
    assert hook.find_paths("/raw/2027") == []
    operations = [one.operation for one in emulator.requests[before:] if one.account == account]
    assert operations == ["GETFILESTATUS", "GETFILESTATUS"]


def test_missing_right_on_a_parent(lake, strange, documented):
    """The message names the first directory on the way that does not let the client through."""
    lake.set_permission("/", "777")
    lake.set_permission("/raw/2026", "777")
    with pytest.raises(AccessDeniedError) as caught:
        strange.cat("/raw/2026/day.csv")
    documented("Missing right on a parent folder", caught.value)


def test_missing_right_on_the_file(lake, strange, documented):
    """Where every directory lets the client through, it is the path itself."""
    for path in ("/", "/raw", "/raw/2026"):
        lake.set_permission(path, "771")
    with pytest.raises(AccessDeniedError) as caught:
        strange.cat("/raw/2026/day.csv")
    documented("Missing right on the file itself", caught.value)


def test_missing_right_on_the_root(strange, lake, documented):
    """The root has no directory above it, and its rights are given like any other's."""
    with pytest.raises(AccessDeniedError) as caught:
        strange.ls("/")
    documented("Missing right on the root", caught.value)


def test_lease_of_a_dead_writer(hook, lake, emulator, account, documented):
    """The message says that another writer holds the file, and what to do if it is dead."""
    answer = requests.put(
        f"{emulator.url}/adls/{account}/webhdfs/v1/raw/open.csv",
        params={"op": "CREATE", "write": "true", "syncFlag": "DATA", "leaseid": str(uuid.uuid4())},
        data=b"half",
        headers={"Authorization": f"Bearer {hook.filesystem_credentials.get_token().token}"},
        verify=emulator.ca_file,
        timeout=30,
    )
    assert answer.status_code == 201
    with pytest.raises(ServiceError) as caught:
        lake.append("/raw/open.csv", b"more")
    documented("Lease held by a dead writer", caught.value)


def test_throttling(hook, emulator, account, fault, documented):
    """The message says how to ask for less."""
    fault(operation="GETFILESTATUS", error="ThrottledException", message="Too many requests.")
    lake = ADLSGen1FileSystem(
        account_name=account,
        credential=hook.filesystem_credentials,
        endpoint_url=hook.endpoint_of(account),
        ca_file=emulator.ca_file,
        retry=FAST,
    )
    with pytest.raises(ThrottledError) as caught:
        lake.info("/raw")
    documented("Throttling", caught.value)


def test_firewall(hook, account, lake, documented):
    """The message names the address that is to be let in; once it is, all is well."""
    client = hook.get_account_client()
    shut = UpdateDataLakeStoreAccountParameters(firewall_state="Enabled")
    client.accounts.update("rg", account, shut).result()
    with pytest.raises(AccessDeniedError) as caught:
        lake.info("/raw")
    documented("Firewall", caught.value)
    assert " 127.0.0.1 " in str(caught.value)
    client.firewall_rules.create_or_update("rg", account, "here", "127.0.0.1", "127.0.0.1")
    assert lake.info("/raw")["type"] == "directory"
