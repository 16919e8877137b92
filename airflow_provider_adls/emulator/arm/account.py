"""An account as Resource Manager keeps it, and as it shows it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from airflow_provider_adls.emulator.arm import encryption
from airflow_provider_adls.emulator.arm.errors import ACCOUNT_TYPE
from airflow_provider_adls.emulator.arm.nested import (
    FIREWALL_RULES,
    TRUSTED_ID_PROVIDERS,
    VIRTUAL_NETWORK_RULES,
)
from airflow_provider_adls.model.clouds import ACCOUNT_SUFFIX

_NO_ID = str(uuid.UUID(int=0))


@dataclass(frozen=True)
class Account:
    """One account.

    :param name: short name, unique in the world.
    :param subscription: subscription's id.
    :param group: resource group, spelt as when the account was made.
    :param location: region.
    :param account_id: the account's own id.
    :param created: when it was made, as the service writes times.
    :param modified: when Resource Manager last changed it.
    :param tags: None if none were ever given.
    :param identity: object id of its system-assigned identity, if it has one.
    :param settings: the properties that callers set, by their names on the wire.
    :param creating: whether the operation that makes it has yet to be seen to end.
    """

    name: str
    subscription: str
    group: str
    location: str
    account_id: str
    created: str
    modified: str
    tags: dict[str, str] | None = None
    identity: str | None = None
    settings: dict[str, Any] = field(default_factory=dict)
    creating: bool = False

    @property
    def id(self) -> str:
        """The resource's id."""
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.group}/providers/{ACCOUNT_TYPE}"
            f"/{self.name}"
        )

    @property
    def operation_id(self) -> str:
        """Id of the operation that makes the account (as recorded: account id, underscore, number)."""
        return f"{self.account_id}_0"

    def document(self) -> dict[str, Any]:
        """The account as it is stored."""
        return dataclasses.asdict(self)


def timestamp(seconds: float) -> str:
    """A time as the service writes it: UTC, seven digits after the second."""
    moment = dt.datetime.fromtimestamp(seconds, dt.UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S.%f}0Z"


def full(account: Account, tenant: str) -> dict[str, Any]:
    """What PUT, GET and PATCH answer; keys and their order as recorded."""
    settings = account.settings
    if account.creating:
        properties = {**encryption.shown(settings), **_provisioning(account)}
    else:
        properties = {
            "firewallState": settings.get("firewallState", "Disabled"),
            "firewallAllowAzureIps": settings.get("firewallAllowAzureIps", "Disabled"),
            # The recordings show it equal to the one above, where the caller did not set it.
            "firewallAllowDataLakeAnalytics": settings.get(
                "firewallAllowDataLakeAnalytics", settings.get("firewallAllowAzureIps", "Disabled")
            ),
            "firewallRules": FIREWALL_RULES.under(account),
            "virtualNetworkRules": VIRTUAL_NETWORK_RULES.under(account),
            "trustedIdProviderState": settings.get("trustedIdProviderState", "Disabled"),
            "trustedIdProviders": TRUSTED_ID_PROVIDERS.under(account),
            **encryption.shown(settings),
            "currentTier": "Consumption",
            "newTier": settings.get("newTier", "Consumption"),
            "dataLakePerformanceTierState": "Disabled",
            **({"defaultGroup": settings["defaultGroup"]} if "defaultGroup" in settings else {}),
            **_provisioning(account),
        }
    return {"properties": properties, **_envelope(account, identity(account, tenant))}


def brief(account: Account) -> dict[str, Any]:
    """What lists hold: no settings and no identity."""
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
    """The identity that an account has, as it is shown; None if it has none."""
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
