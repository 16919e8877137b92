"""Handlers for tenants, subscriptions and regions, which clients list as they sign in.

Any principal may ask; one without a role sees no subscription, as in the cloud.
"""

from __future__ import annotations

from typing import Any

from airflow_provider_adls.emulator import well_known
from airflow_provider_adls.emulator.arm.calls import Answer, Call
from airflow_provider_adls.emulator.arm.regions import REGIONS

_DISPLAY_NAME = "ADLS emulator"


def tenants(call: Call) -> Answer:
    """Serve GET of the caller's tenants, of which there is one."""
    tenant = {
        "id": f"/tenants/{call.tenant}",
        "tenantId": call.tenant,
        "displayName": _DISPLAY_NAME,
        "domains": [well_known.DOMAIN],
        "tenantCategory": "Home",
        "defaultDomain": well_known.DOMAIN,
        "tenantType": "AAD",
    }
    return Answer(200, {"value": [tenant]})


def list_all(call: Call) -> Answer:
    """Serve GET of the subscriptions in which the caller has a role."""
    visible = [_subscription(call)] if call.principal.super_user else []
    return Answer(200, {"value": visible, "count": {"type": "Total", "value": len(visible)}})


def get(call: Call) -> Answer:
    """Serve GET of the subscription."""
    return Answer(200, _subscription(call))


def locations(call: Call) -> Answer:
    """Serve GET of the regions that a subscription sees."""
    root = f"/subscriptions/{call.parameters['subscription']}/locations"
    regions = [
        {
            "id": f"{root}/{name}",
            "name": name,
            "type": "Region",
            "displayName": display,
            "regionalDisplayName": f"({geography}) {display}",
            "metadata": {"regionType": "Physical", "geographyGroup": geography},
        }
        for name, (display, geography) in sorted(REGIONS.items())
    ]
    return Answer(200, {"value": regions})


def _subscription(call: Call) -> dict[str, Any]:
    return {
        "id": f"/subscriptions/{well_known.SUBSCRIPTION_ID}",
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
        "subscriptionId": well_known.SUBSCRIPTION_ID,
        "tenantId": call.tenant,
        "displayName": _DISPLAY_NAME,
        "state": "Enabled",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
    }
