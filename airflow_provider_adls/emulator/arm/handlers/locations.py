"""Handlers for a region: free names, capability and usages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.arm import definition, errors
from airflow_provider_adls.emulator.arm.calls import Answer, Call
from airflow_provider_adls.emulator.arm.errors import ACCOUNT_TYPE, PROVIDER
from airflow_provider_adls.emulator.arm.regions import LOCATIONS, REGIONS, short
from airflow_provider_adls.model.paths import ACCOUNT_NAME

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_adls.emulator.arm.errors import Template

#: Accounts that a subscription may have in a region (recorded). The emulator reports it and does not
#: hold to it: a suite with an account per test would run into it at once.
MAX_ACCOUNTS = 10


def check_name(call: Call) -> Answer:
    """Serve POST checkNameAvailability."""
    definition.location(call.parameters["location"])
    return availability(
        call, ACCOUNT_TYPE, errors.account_name_invalid, errors.account_taken, call.accounts.exists
    )


def availability(
    call: Call, kind: str, invalid: Template, taken: Template, exists: Callable[[str], bool]
) -> Answer:
    """Return whether the name in a body can be that of a new account of a type."""
    if not isinstance(call.body, dict) or not isinstance(name := call.body.get("name"), str):
        raise errors.content_invalid("Required property 'name' not found in JSON")
    if str(call.body.get("type")).lower() != kind.lower():
        raise errors.content_invalid(f"The property 'type' must be '{kind}'")
    reason, refusal = None, None
    if not ACCOUNT_NAME.fullmatch(name):
        reason, refusal = "AccountNameInvalid", invalid
    elif exists(name):
        reason, refusal = "AlreadyExists", taken
    if refusal is None:
        return Answer(200, {"nameAvailable": True})
    return Answer(200, {"nameAvailable": False, "reason": reason, "message": str(refusal(name=name))})


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
        raise errors.region_without_gen1(location=place)
    definition.location(place)
    return sum(account.location == place for account in call.accounts.under())
