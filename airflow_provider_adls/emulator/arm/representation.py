"""`full` and `brief`: an account as Resource Manager's answers show it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator.arm import encryption
from airflow_provider_adls.emulator.arm.errors import ACCOUNT_TYPE
from airflow_provider_adls.model.clouds import ACCOUNT_SUFFIX

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.arm.account import Account

_NO_ID = str(uuid.UUID(int=0))


def full(account: Account, tenant: str) -> dict[str, Any]:
    """Return the content of answers to PUT, GET and PATCH; keys and their order as recorded."""
    settings = account.settings
    if account.creating:
        properties = {**encryption.shown(settings), **_provisioning(account)}
    else:
        azure = settings.get("firewallAllowAzureIps", "Disabled")
        properties = {
            "firewallState": settings.get("firewallState", "Disabled"),
            "firewallAllowAzureIps": azure,
            # The recordings show it equal to the one above, where the caller did not set it.
            "firewallAllowDataLakeAnalytics": settings.get("firewallAllowDataLakeAnalytics", azure),
            "firewallRules": settings.get("firewallRules", []),
            "virtualNetworkRules": settings.get("virtualNetworkRules", []),
            "trustedIdProviderState": settings.get("trustedIdProviderState", "Disabled"),
            "trustedIdProviders": settings.get("trustedIdProviders", []),
            **encryption.shown(settings),
            "currentTier": "Consumption",
            "newTier": settings.get("newTier", "Consumption"),
            "dataLakePerformanceTierState": "Disabled",
            **({"defaultGroup": settings["defaultGroup"]} if "defaultGroup" in settings else {}),
            **_provisioning(account),
        }
    return {"properties": properties, **_envelope(account, identity(account, tenant))}


def brief(account: Account) -> dict[str, Any]:
    """Return an entry of a list: no settings and no identity."""
    return {"properties": _provisioning(account), **_envelope(account, None)}


def _provisioning(account: Account) -> dict[str, Any]:
    if account.creating:
        return {
            "provisioningState": "Creating",
            "state": None,
            "endpoint": None,
            "accountId": account.account_id,
        }
    return {
        "provisioningState": "Succeeded",
        "state": "Active",
        "endpoint": f"{account.name}.{ACCOUNT_SUFFIX}",
        "accountId": account.account_id,
        "creationTime": account.created,
        "lastModifiedTime": account.modified,
    }


def identity(account: Account, tenant: str) -> dict[str, str] | None:
    """Return the identity of an account, as answers show it; None without one."""
    if account.identity is None:
        return None
    return {
        "type": "SystemAssigned",
        "principalId": _NO_ID if account.creating else account.identity,
        "tenantId": _NO_ID if account.creating else tenant,
    }


def _envelope(account: Account, assigned: dict[str, str] | None) -> dict[str, Any]:
    return {
        "location": account.location,
        **({"tags": account.tags} if account.tags is not None else {}),
        **({"identity": assigned} if assigned else {}),
        "id": account.id,
        "name": account.name,
        "type": ACCOUNT_TYPE,
    }
