"""Gen2 accounts as small JSON objects, with the keys that Gen1 accounts have too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from airflow_provider_adls.accounts.description import describe
from airflow_provider_adls.accounts.network import NetworkRules

_STATES = {"available": "Active", "unavailable": "Suspended"}


def described(account: Mapping[str, Any]) -> dict[str, Any]:
    """Return an account as `description.describe` does.

    :param account: its form on the wire.
    """
    properties = account.get("properties") or {}
    return describe(
        account["id"],
        account["name"],
        account["location"],
        provisioning_state=properties.get("provisioningState"),
        state=_STATES.get(properties.get("statusOfPrimary", "")),
        endpoint=urlsplit((properties.get("primaryEndpoints") or {}).get("dfs") or "").netloc or None,
        tags=account.get("tags"),
    )


def settings_of(account: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same with all that can be set of an account.

    What Gen2 has not, tier and default_group for instance, is None, False or empty.

    :returns: the names of `datalake_description.describe_settings`, and sku, kind and hierarchical_namespace.
    """
    properties = account.get("properties") or {}
    rules = NetworkRules.of_body(properties.get("networkAcls") or {})
    return {
        **described(account),
        "account_id": None,
        "created_at": properties.get("creationTime"),
        "modified_at": None,
        "tier": None,
        "current_tier": None,
        "default_group": None,
        "identity": (account.get("identity") or {}).get("principalId"),
        "encryption": _encryption(properties.get("encryption") or {}),
        "firewall_enabled": rules.is_closed,
        "allow_azure_ips": rules.lets_azure_in,
        "firewall_rules": {address: list(ends) for address, ends in rules.ranges().items()},
        "virtual_network_rules": {subnet: subnet for subnet in rules.subnets},
        "trusted_id_providers_enabled": False,
        "trusted_id_providers": {},
        "sku": (account.get("sku") or {}).get("name"),
        "kind": account.get("kind"),
        "hierarchical_namespace": bool(properties.get("isHnsEnabled")),
    }


def _encryption(encryption: Mapping[str, Any]) -> dict[str, Any]:
    key = encryption.get("keyvaultproperties")
    if not key:
        return {"kind": "ServiceManaged", "provisioning_state": "Succeeded"}
    return {
        "kind": "UserManaged",
        "provisioning_state": "Succeeded",
        "key_vault_id": key.get("keyvaulturi"),
        "key_name": key.get("keyname"),
        "key_version": key.get("keyversion"),
    }
