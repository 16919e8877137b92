"""Regions and names, asked of the emulator's Resource Manager."""

import json

import pytest

from airflow_provider_adls.model.errors import InvalidRequestError, PathError, RequestError, ThrottledError


def test_check_name(hook, account):
    """A name is free, or taken, and then it is said why."""
    assert hook.check_name("nosuchaccount", "East US 2") == {
        "name": "nosuchaccount",
        "available": True,
        "reason": None,
        "message": None,
    }
    taken = hook.check_name(f"{account}.azuredatalakestore.net", "eastus2")
    assert (taken["name"], taken["available"], taken["reason"]) == (account, False, "AlreadyExists")
    assert account in taken["message"]
    with pytest.raises(PathError):
        hook.check_name("No-Name", "eastus2")


def test_capability(hook, account):
    """What the subscription may have, and has."""
    said = hook.location_capability("East US 2")
    assert said == json.loads(json.dumps(said))
    assert (said["location"], said["state"], said["max_account_count"]) == ("eastus2", "Registered", 10)
    assert said["account_count"] >= 1
    assert said["migration_state"] is False


@pytest.mark.parametrize("location", ["norwayeast", "atlantis"])
def test_capability_of_nowhere(hook, location):
    """A region that has no Gen1, or is none, is an error with its name."""
    with pytest.raises(RequestError, match=location):
        hook.location_capability(location)


def test_capability_without_an_answer(hook):
    """What the SDK makes None of is an error that says where."""
    with pytest.raises(InvalidRequestError, match="knows no location 'norwayeast'"):
        hook.location_capability("norwayeast")


def test_usages(hook, account):
    """How much of each quota is used."""
    (usage,) = hook.location_usages("East US 2")
    assert usage == {
        "name": "accounts",
        "current_value": hook.location_capability("eastus2")["account_count"],
        "limit": 10,
        "unit": "Count",
    }


def test_usages_that_fail(hook, emulator):
    """A refusal is raised as ours, with the operation; a call outside of the SDK does not differ."""
    with pytest.raises(RequestError, match=r"locations\.get_usage"):
        hook.location_usages("atlantis")
    hook.get_account_client().config.retry_policy.retries = 0
    with emulator.faults.add(operation="locations.usages", status=429), pytest.raises(ThrottledError):
        hook.location_usages("eastus2")
