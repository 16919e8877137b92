"""Refusals of Microsoft.Storage.

Codes and texts are those of published answers of the service; where they are not known the docstring says
`assumed`.
"""

from __future__ import annotations

from airflow_provider_adls.emulator.arm.errors import ArmError
from airflow_provider_adls.emulator.arm.storage.regions import LOCATIONS

PROVIDER = "Microsoft.Storage"
ACCOUNT_TYPE = f"{PROVIDER}/storageAccounts"


def account_missing(name: str, group: str) -> ArmError:
    """Return the refusal for an account that the resource group does not have (recorded)."""
    return ArmError(
        404,
        "ResourceNotFound",
        f"The Resource '{ACCOUNT_TYPE}/{name}' under resource group '{group}' was not found. For more"
        " details please go to https://aka.ms/ARMResourceNotFoundFix",
    )


def name_rule(name: str) -> str:
    """Return what is wrong with an account's name."""
    return (
        f"{name} is not a valid storage account name. Storage account name must be between 3 and 24"
        " characters in length and use numbers and lower-case letters only."
    )


def name_invalid(name: str) -> ArmError:
    """Return the refusal of a name that no account can have."""
    return ArmError(400, "AccountNameInvalid", name_rule(name))


def name_taken(name: str) -> str:
    """Return what checkNameAvailability says of a name in use (recorded)."""
    return f"The storage account named {name} is already taken."


def account_taken(name: str) -> ArmError:
    """Return the refusal of a name that another resource group's account has."""
    return ArmError(409, "StorageAccountAlreadyTaken", name_taken(name))


def location_unsupported(location: str) -> ArmError:
    """Return the refusal of a place that is not a region."""
    return ArmError(
        400,
        "LocationNotAvailableForResourceType",
        f"The provided location '{location}' is not available for resource type '{ACCOUNT_TYPE}'. List of"
        f" available regions for the resource type is '{','.join(LOCATIONS)}'.",
    )


def value_invalid(name: str) -> ArmError:
    """Return the refusal of a member whose value cannot be."""
    return ArmError(
        400, "InvalidValuesForRequestParameters", f"Values for request parameters are invalid: {name}."
    )


def property_fixed(name: str) -> ArmError:
    """Return the refusal of a change to what is chosen once."""
    return ArmError(
        409,
        "AccountPropertyCannotBeUpdated",
        f"The property '{name}' was specified in the input, but it cannot be updated as it is read-only. For"
        " more information, see - https://aka.ms/storageaccountupdate",
    )


def container_name_invalid() -> ArmError:
    """Return the refusal of a name that no container can have; the text is assumed."""
    return ArmError(400, "InvalidResourceName", "The specified resource name contains invalid characters.")


def container_missing() -> ArmError:
    """Return the refusal for a container that the account does not have."""
    return ArmError(404, "ContainerNotFound", "The specified container does not exist.")
