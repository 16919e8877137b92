"""`Definition`: the body of a request that makes or changes an account, checked member by member."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from airflow_provider_adls.emulator.arm import encryption, errors
from airflow_provider_adls.emulator.arm.nested import KINDS
from airflow_provider_adls.emulator.arm.regions import LOCATIONS, REGIONS, short

_SWITCH = ("Enabled", "Disabled")
#: Properties with a closed set of values (`azure.mgmt.datalake.store.models`, 0.5.0).
CHOICES: dict[str, tuple[str, ...]] = {
    "encryptionState": _SWITCH,
    "firewallState": _SWITCH,
    "firewallAllowAzureIps": _SWITCH,
    # Of no published client's: templates name it, and answers show it.
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
#: Members of a resource that say what the path says too.
_REDUNDANT = ("id", "name", "type")


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
    given = members(body, allowed)
    place = _text("location", given.get("location"))
    return Definition(
        location=location(place) if place else None,
        tags=tags(given.get("tags")),
        identity=_identity(given.get("identity")),
        settings=_settings(given.get("properties")),
    )


def members(body: object, allowed: frozenset[str]) -> dict[str, Any]:
    """Return a resource's members, as a body has them.

    :raises ArmError: 400 if it is not an object, or has another member.
    """
    if not isinstance(body, dict):
        raise errors.content_invalid("The body is not a JSON object")
    for name in body:
        if name not in allowed and name not in _REDUNDANT:
            raise errors.content_invalid(
                f"Could not find member '{name}' on object of type 'ResourceDefinition'"
            )
    return body


def location(name: str) -> str:
    """Return a region's short name: `eastus2` for `East US 2`.

    :raises ArmError: 400 if Gen1 was never offered there.
    """
    if short(name) not in LOCATIONS:
        raise errors.location_unsupported(name)
    return short(name)


def region(value: object) -> str | None:
    """Return the short name of the region in a body; None without one.

    :raises ArmError: 400 for an unknown region.
    """
    name = _text("location", value)
    if name and short(name) not in REGIONS:
        raise errors.region_unknown(name)
    return short(name) if name else None


def tags(value: object) -> dict[str, str] | None:
    """Return the tags in a body; None without them.

    :raises ArmError: 400 for malformed tags.
    """
    if value is None:
        return None
    if not isinstance(value, dict) or not all(isinstance(tag, str) for tag in value.values()):
        raise errors.content_invalid("The member 'tags' is not an object of strings")
    return value


def _text(name: str, value: object) -> str | None:
    if not isinstance(value, str | None):
        raise errors.content_invalid(f"The member '{name}' is not a string")
    return value


def _identity(value: object) -> bool:
    if value is None:
        return False
    if not isinstance(value, dict) or value.get("type") != "SystemAssigned":
        raise errors.content_invalid("The member 'identity' must have the type 'SystemAssigned'")
    return True


def _settings(properties: object) -> dict[str, Any]:
    if properties is None:
        return {}
    if not isinstance(properties, dict):
        raise errors.content_invalid("The member 'properties' is not an object")
    settings: dict[str, Any] = {}
    for name, value in properties.items():
        if value is None or name in READ_ONLY:
            continue
        if name in KINDS:
            settings[name] = KINDS[name].listed(value)
        elif name in CHOICES:
            settings[name] = _choice(name, value)
        elif name == "encryptionConfig":
            settings[name] = encryption.config(value)
        elif name == "defaultGroup" and isinstance(value, str):
            settings[name] = value
        else:
            raise errors.content_invalid(f"Could not find member '{name}' on object of type 'properties'")
    return settings


def _choice(name: str, value: object) -> str:
    for choice in CHOICES[name]:
        if isinstance(value, str) and value.lower() == choice.lower():
            return choice
    raise errors.content_invalid(
        f"Error converting value '{value}' of '{name}': use {', '.join(CHOICES[name])}"
    )
