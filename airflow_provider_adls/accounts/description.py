"""Accounts and quotas as small JSON objects, alike for both services: what operators hand on by XCom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def describe(
    resource_id: str,
    name: str,
    location: str,
    *,
    provisioning_state: str | None,
    state: str | None,
    endpoint: str | None,
    tags: Mapping[str, str] | None,
) -> dict[str, Any]:
    """Return an account as a small JSON object.

    :param resource_id: in the Resource Manager; the resource group is a part of it.
    :returns: id, name, resource_group, location, provisioning_state, state, endpoint (host), tags.
    """
    # /subscriptions/{subscription}/resourceGroups/{group}/providers/…
    parts = resource_id.split("/")
    return {
        "id": resource_id,
        "name": name,
        "resource_group": parts[4] if len(parts) > 4 else None,
        "location": location,
        "provisioning_state": provisioning_state,
        "state": state,
        "endpoint": endpoint,
        "tags": dict(tags or {}),
    }


def describe_usage(usage: Mapping[str, Any]) -> dict[str, Any]:
    """Return how much of a quota is used.

    :param usage: its form on the wire.
    :returns: name, current_value, limit, unit.
    """
    return {
        "name": usage["name"]["value"],
        "current_value": usage.get("currentValue"),
        "limit": usage.get("limit"),
        "unit": usage.get("unit"),
    }
