"""`Definition`: the body of a request that makes or changes an account, checked member by member."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from airflow_provider_adls.emulator.arm import encryption, errors, fields
from airflow_provider_adls.emulator.arm.nested import KINDS
from airflow_provider_adls.emulator.arm.regions import LOCATIONS, REGIONS, short

_SWITCH = ("Enabled", "Disabled")
#: Properties with a closed set of values (`azure.mgmt.datalake.store.models`, 0.5.0).
CHOICES: dict[str, tuple[str, ...]] = {
    "encryptionState": _SWITCH,
    "firewallState": _SWITCH,
    "firewallAllowAzureIps": _SWITCH,
    # No published client has it: templates name it, and answers show it.
    "firewallAllowDataLakeAnalytics": _SWITCH,
    "trustedIdProviderState": _SWITCH,
    "newTier": (
        "Consumption",
        "Commitment_1TB",
        "Commitment_10TB",
        "Commitment_100TB",
        "Commitment_500TB",
        "Commitment_1PB",
        "Commitment_5PB",
    ),
}
#: Properties that the service alone sets: a client that sends an answer back may name them.
READ_ONLY = frozenset(
    {
        "accountId",
        "creationTime",
        "currentTier",
        "dataLakePerformanceTierState",
        "encryptionProvisioningState",
        "endpoint",
        "lastModifiedTime",
        "provisioningState",
        "state",
    }
)
_PROPERTIES = READ_ONLY | KINDS.keys() | CHOICES.keys() | {"encryptionConfig", "defaultGroup"}


@dataclass(frozen=True)
class Definition:
    """A checked body.

    :param location: normalised region; None if the body has none.
    :param tags: None if the body has none.
    :param identity: whether it names a system-assigned identity.
    :param settings: properties by their names on the wire; nested resources may lack some of their own.
    """

    location: str | None = None
    tags: dict[str, str] | None = None
    identity: bool = False
    settings: dict[str, Any] = field(default_factory=dict)


def parse(body: object, allowed: frozenset[str]) -> Definition:
    """Parse the body of a PUT or PATCH of an account.

    :param allowed: members of the resource that the operation takes.
    :raises ArmError: 400 for a body that the service refuses.
    """
    given = fields.resource(body, allowed)
    place = fields.text("location", given.get("location"))
    properties = fields.members("properties", given.get("properties"), _PROPERTIES)
    return Definition(
        location=location(place) if place else None,
        tags=fields.texts("tags", given.get("tags")),
        identity=_identity(given.get("identity")),
        settings={
            name: _setting(name, value)
            for name, value in properties.items()
            if value is not None and name not in READ_ONLY
        },
    )


def location(name: str) -> str:
    """Return a region's short name: `eastus2` for `East US 2`.

    :raises ArmError: 400 if Gen1 was never offered there.
    """
    if short(name) not in LOCATIONS:
        raise errors.location_unsupported(
            location=name, type=errors.ACCOUNT_TYPE, regions=",".join(LOCATIONS)
        )
    return short(name)


def region(value: object) -> str:
    """Return the short name of the region in a body.

    :raises ArmError: 400 without one, and for an unknown region.
    """
    name = fields.text("location", value)
    if not name:
        raise errors.location_missing()
    if short(name) not in REGIONS:
        raise errors.region_unknown(location=name, regions=",".join(REGIONS))
    return short(name)


def _identity(value: object) -> bool:
    if value is None:
        return False
    if not isinstance(value, dict) or value.get("type") != "SystemAssigned":
        raise errors.content_invalid("The member 'identity' must have the type 'SystemAssigned'")
    return True


def _setting(name: str, value: object) -> Any:
    if name in KINDS:
        return KINDS[name].listed(value)
    if name == "encryptionConfig":
        return encryption.config(value)
    if name == "defaultGroup":
        return fields.text(name, value)
    found = fields.choice(value, CHOICES[name])
    if found is None:
        raise errors.content_invalid(
            f"Error converting value '{value}' of '{name}': use {', '.join(CHOICES[name])}"
        )
    return found
