"""Operations on an account's blob service: soft delete, and what else it keeps for its containers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator.arm import fields
from airflow_provider_adls.emulator.arm.calls import Answer, Call
from airflow_provider_adls.emulator.arm.storage import errors
from airflow_provider_adls.emulator.arm.storage.accounts import account_of
from airflow_provider_adls.emulator.arm.storage.shown import resource_id, sku

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.gen2.account import StorageAccount

_TYPE = f"{errors.ACCOUNT_TYPE}/blobServices"
_MAX_DAYS = 365
#: Policies of soft delete, each with the field of the account that it sets.
_POLICIES = {
    "deleteRetentionPolicy": "retention_days",
    "containerDeleteRetentionPolicy": "container_retention_days",
}
#: Properties that are kept and shown, and change nothing here.
_KEPT = frozenset(
    {
        "automaticSnapshotPolicyEnabled",
        "changeFeed",
        "cors",
        "defaultServiceVersion",
        "isVersioningEnabled",
        "lastAccessTimeTrackingPolicy",
        "restorePolicy",
    }
)


def get(call: Call) -> Answer:
    """GET the blob service."""
    return Answer(200, _shown(account_of(call)))


def list_all(call: Call) -> Answer:
    """GET the blob services of an account: there is one."""
    return Answer(200, {"value": [_shown(account_of(call))]})


def put(call: Call) -> Answer:
    """PUT properties of the blob service; those that the body does not name stay as they are."""
    account = account_of(call)
    body = fields.members("body", call.body)
    given = fields.members("properties", body.get("properties"), (*_KEPT, *_POLICIES))
    kept: dict[str, Any] = dict(account.settings.get("blobServices", {}))
    days: dict[str, int | None] = {}
    for name, value in given.items():
        if value is None:
            continue
        kept[name] = value
        if name in _POLICIES:
            days[_POLICIES[name]] = _days(name, value)
    changed = call.storage.change(account, settings={**account.settings, "blobServices": kept}, **days)
    answer = _shown(changed)
    del answer["sku"]
    return Answer(200, answer)


def _days(name: str, policy: object) -> int | None:
    """Return how many days deleted items are kept; None if they are not."""
    if not isinstance(policy, dict) or not isinstance(policy.get("enabled"), bool):
        raise errors.value_invalid(name=name)
    if not policy["enabled"]:
        return None
    days = policy.get("days")
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= _MAX_DAYS:
        raise errors.value_invalid(name=f"{name}.days")
    return days


def _shown(account: StorageAccount) -> dict[str, Any]:
    kept = dict(account.settings.get("blobServices", {}))
    policies = {}
    for name, held in _POLICIES.items():
        days = getattr(account, held)
        # The field decides: the Blob face can change it too.
        if days is not None:
            policies[name] = {**kept.get(name, {}), "enabled": True, "days": days}
        elif name in kept or name == "deleteRetentionPolicy":
            policies[name] = {"enabled": False}
    others = {name: value for name, value in kept.items() if name not in (*_POLICIES, "cors")}
    return {
        "sku": sku(account),
        "id": f"{resource_id(account)}/blobServices/default",
        "name": "default",
        "type": _TYPE,
        "properties": {"cors": kept.get("cors", {"corsRules": []}), **others, **policies},
    }
