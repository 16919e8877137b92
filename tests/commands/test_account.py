"""`account`."""

from __future__ import annotations

import uuid

import pytest


@pytest.fixture
def name(emulator):
    """A name that no account has; one that is made by it is deleted."""
    name = f"cli{uuid.uuid4().hex[:16]}"
    yield name
    if name in {each["name"] for each in emulator.ready.get("accounts", [])}:
        emulator.delete_account(name)


def test_accounts(name, run, done):
    """An account is made, shown, listed, changed and deleted."""
    record = done("account", "create", name, "--location", "eastus2", "--tag", "team=etl", "--json").records[
        0
    ]
    assert (record["name"], record["created"], record["tags"]) == (name, True, {"team": "etl"})
    assert run("account", "create", name, "--location", "eastus2").status == 4
    done("account", "create", name, "--location", "eastus2", "--if-exists", "skip")
    assert "firewall_enabled              no" in done("account", "show", name).out
    done("account", "update", name, "--firewall")
    assert "firewall_enabled              yes" in done("account", "show", name).out
    lines = done("account", "list").lines
    assert lines[0].split() == ["NAME", "RESOURCE_GROUP", "LOCATION", "PROVISIONING_STATE", "STATE"]
    assert any(line.startswith(name) for line in lines)
    assert name in {
        each["name"] for each in done("account", "list", "--json", "--resource-group", "rg").records
    }
    assert done("account", "delete", "--dry-run", name).out == f"would delete account {name} in rg\n"
    ended = run("account", "delete", name)
    assert ended.status == 2
    assert "give --yes" in ended.err
    assert done("account", "delete", "--yes", name).out == f"deleted account {name}\n"
    assert run("account", "show", name).status == 3
    assert run("account", "delete", "--yes", name).status == 3


def test_what_regions_offer(name, account, done):
    """Free names and quotas can be asked for."""
    assert done("account", "check-name", name, "--location", "eastus2", "--json").records[0]["available"]
    assert not done("account", "check-name", account, "--location", "eastus2", "--json").records[0][
        "available"
    ]
    assert done("account", "usage", "eastus2").lines[0].split() == ["NAME", "CURRENT_VALUE", "LIMIT", "UNIT"]


def test_mistakes(run):
    """A change of nothing, a wrong tag, and a missing subscription are reported."""
    assert run("account", "update", "mylake").status == 2
    ended = run("account", "create", "mylake", "--location", "eastus2", "--tag", "team")
    assert ended.status == 2
    assert "'team' is not NAME=VALUE" in ended.err
    assert run("account", "show", "mylake", "--resource-group", "nosuch").status == 3
