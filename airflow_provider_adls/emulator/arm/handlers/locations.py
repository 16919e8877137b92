"""Handlers for a region: free names, capability and usages."""

from __future__ import annotations

from airflow_provider_adls.emulator.arm import definition, errors
from airflow_provider_adls.emulator.arm.calls import Answer, Call
from airflow_provider_adls.emulator.arm.errors import ACCOUNT_TYPE, PROVIDER
from airflow_provider_adls.emulator.arm.regions import LOCATIONS, REGIONS, short
from airflow_provider_adls.model.paths import ACCOUNT_NAME

#: Accounts that a subscription may have in a region (recorded). The emulator reports it and does not
#: hold to it: a suite with an account per test would run into it at once.
MAX_ACCOUNTS = 10


def check_name(call: Call) -> Answer:
    """Serve POST checkNameAvailability."""
    definition.location(call.parameters["location"])
    if not isinstance(call.body, dict) or not isinstance(name := call.body.get("name"), str):
        raise errors.content_invalid("Required property 'name' not found in JSON")
    if call.body.get("type") != ACCOUNT_TYPE:
        raise errors.content_invalid(f"The property 'type' must be '{ACCOUNT_TYPE}'")
    if not ACCOUNT_NAME.fullmatch(name):
        return _unavailable("AccountNameInvalid", errors.name_rule(name))
    if call.accounts.exists(name):
        return _unavailable("AlreadyExists", errors.name_taken(name))
    return Answer(200, {"nameAvailable": True})


def capability(call: Call) -> Answer:
    """Serve GET of a region's capability: how many accounts a subscription may have."""
    return Answer(
        200,
        {
            "subscriptionId": call.parameters["subscription"],
            "state": "Registered",
            "maxAccountCount": MAX_ACCOUNTS,
            "accountCount": _count(call),
            "migrationState": False,
        },
    )


def usages(call: Call) -> Answer:
    """Serve GET of a region's usages (azure-mgmt-datalake-store 1.0, `Usage`)."""
    place = short(call.parameters["location"])
    usage = {
        "unit": "Count",
        "id": f"/subscriptions/{call.parameters['subscription']}/providers/{PROVIDER}/locations/{place}"
        "/usages/accounts",
        "currentValue": _count(call),
        "limit": MAX_ACCOUNTS,
        "name": {"value": "accounts", "localizedValue": "Data Lake Store accounts"},
    }
    return Answer(200, {"value": [usage]})


def _count(call: Call) -> int:
    """Count the accounts of the subscription in the path's region.

    :raises ArmError: 404 for a region without Gen1, as the SDK expects; 400 for an unknown one.
    """
    place = short(call.parameters["location"])
    if place in REGIONS and place not in LOCATIONS:
        raise errors.region_without_gen1(place)
    definition.location(place)
    return sum(account.location == place for account in call.accounts.under(call.parameters["subscription"]))


def _unavailable(reason: str, message: str) -> Answer:
    return Answer(200, {"nameAvailable": False, "reason": reason, "message": message})
