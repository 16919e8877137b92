"""Resource Manager's refusals.

Codes and texts are those of Resource Manager's published answers; where only the code is known, or
neither, the docstring says `assumed`.
"""

from __future__ import annotations

from typing import Any

PROVIDER = "Microsoft.DataLakeStore"
ACCOUNT_TYPE = f"{PROVIDER}/accounts"
API_VERSION = "2016-11-01"
#: Regions that Gen1 was ever offered in.
LOCATIONS = ("eastus2", "northeurope", "centralus", "westeurope")


class ArmError(Exception):
    """A refusal.

    :param status: HTTP status.
    :param code: Resource Manager's name for the error.
    :param message: its text.
    :param headers: headers that go with it.
    """

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        """The answer's JSON."""
        return {"error": {"code": self.code, "message": str(self)}}


def api_version_missing() -> ArmError:
    """No `api-version` in the query."""
    return ArmError(
        400,
        "MissingApiVersionParameter",
        "The api-version query parameter (?api-version=) is required for all requests.",
    )


def api_version_unsupported(version: str) -> ArmError:
    """A version that the resource provider does not have."""
    return ArmError(
        400,
        "InvalidResourceType",
        f"The resource type 'accounts' could not be found in the namespace '{PROVIDER}' for api version"
        f" '{version}'. The supported api-versions are '{API_VERSION}'.",
    )


def subscription_missing() -> ArmError:
    """A path outside any subscription."""
    return ArmError(
        404,
        "MissingSubscription",
        "The request did not have a subscription or a valid tenant level resource provider.",
    )


def subscription_malformed(subscription: str) -> ArmError:
    """Not an id."""
    return ArmError(
        400,
        "InvalidSubscriptionId",
        f"The provided subscription identifier '{subscription}' is malformed or invalid.",
    )


def subscription_unknown(subscription: str) -> ArmError:
    """An id that no subscription of the tenant has."""
    return ArmError(404, "SubscriptionNotFound", f"The subscription '{subscription}' could not be found.")


def namespace_unknown(namespace: str) -> ArmError:
    """Another resource provider."""
    return ArmError(404, "InvalidResourceNamespace", f"The resource namespace '{namespace}' is invalid.")


def type_unknown(resource_type: str) -> ArmError:
    """A resource type of Microsoft.DataLakeStore that is not served."""
    return ArmError(
        404,
        "InvalidResourceType",
        f"The resource type '{resource_type}' could not be found in the namespace '{PROVIDER}' for api"
        f" version '{API_VERSION}'.",
    )


def method_unsupported(method: str) -> ArmError:
    """A known path with a verb that it does not take; assumed."""
    return ArmError(
        405, "HttpMethodNotSupported", f"The request URI does not support the HTTP method '{method}'."
    )


def group_malformed(group: str) -> ArmError:
    """A resource group's name with other characters than it may have; the text is assumed."""
    return ArmError(
        400,
        "InvalidResourceGroup",
        f"The provided resource group name '{group}' is invalid. A name has 1 to 90 letters, digits,"
        " '-', '_', '.', '(' and ')', and does not end with '.'.",
    )


def account_missing(name: str, group: str) -> ArmError:
    """No such account in the resource group."""
    return ArmError(
        404,
        "ResourceNotFound",
        f"The Resource '{ACCOUNT_TYPE}/{name}' under resource group '{group}' was not found. For more"
        " details please go to https://aka.ms/ARMResourceNotFoundFix",
    )


def operation_missing() -> ArmError:
    """A long-running operation that was never begun, or is forgotten; assumed."""
    return ArmError(404, "OperationNotFound", "The operation was not found.")


def account_name_invalid(name: str) -> ArmError:
    """A name that no account can have; assumed."""
    return ArmError(400, "AccountNameInvalid", name_rule(name))


def name_rule(name: str) -> str:
    """What is wrong with an account's name; assumed."""
    return (
        f"The account name '{name}' is invalid. It must be 3 to 24 characters long and hold only lower-case"
        " letters and digits."
    )


def account_taken(name: str) -> ArmError:
    """The name is another resource group's; the code is assumed."""
    return ArmError(409, "AccountAlreadyExists", name_taken(name))


def name_taken(name: str) -> str:
    """What checkNameAvailability says of a name in use (recorded)."""
    return f"An account named '{name}' already exists."


def location_missing() -> ArmError:
    """A new resource without its place."""
    return ArmError(400, "LocationRequired", "The location property is required for this definition.")


def location_unsupported(location: str) -> ArmError:
    """A place without Gen1."""
    return ArmError(
        400,
        "LocationNotAvailableForResourceType",
        f"The provided location '{location}' is not available for resource type '{ACCOUNT_TYPE}'. List of"
        f" available regions for the resource type is '{','.join(LOCATIONS)}'.",
    )


def location_differs(name: str, group: str, there: str, asked: str) -> ArmError:
    """The account is elsewhere."""
    return ArmError(
        409,
        "InvalidResourceLocation",
        f"The resource '{name}' already exists in location '{there}' in resource group '{group}'. A resource"
        f" with the same name cannot be created in location '{asked}'. Please select a new resource name.",
    )


def content_invalid(reason: str) -> ArmError:
    """A body that is not what the operation takes."""
    return ArmError(
        400,
        "InvalidRequestContent",
        f"The request content was invalid and could not be deserialized: '{reason}'.",
    )


def property_unsupported(name: str) -> ArmError:
    """A property of the real service that the emulator does not have: said, rather than ignored."""
    return ArmError(501, "NotImplemented", f"The emulator does not support the property '{name}'.")


def parameter_unsupported(name: str) -> ArmError:
    """A query parameter that the emulator does not have: said, rather than ignored."""
    return ArmError(400, "InvalidQueryParameter", f"The query parameter '{name}' is not supported.")


def forbidden(object_id: str, action: str, scope: str) -> ArmError:
    """The principal has no role that allows it."""
    return ArmError(
        403,
        "AuthorizationFailed",
        f"The client '{object_id}' with object id '{object_id}' does not have authorization to perform"
        f" action '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted,"
        " please refresh your credentials.",
    )
