"""`ArmError`: Resource Manager's errors, a function for each.

Codes and texts are those of Resource Manager's published answers; where only the code is known, or
neither, the docstring has the word `assumed`.
"""

from __future__ import annotations

from typing import Any

from airflow_provider_adls.emulator.arm.regions import LOCATIONS, REGIONS

PROVIDER = "Microsoft.DataLakeStore"
ACCOUNT_TYPE = f"{PROVIDER}/accounts"
GROUP_TYPE = "Microsoft.Resources/resourceGroups"
API_VERSION = "2016-11-01"
#: The provider's versions, newest first; answers to both are the same (azure-arm-datalake-store 0.4).
API_VERSIONS = (API_VERSION, "2015-10-01-preview")


class ArmError(Exception):
    """An error that answers a request.

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
        """Return the answer's JSON."""
        return {"error": {"code": self.code, "message": str(self)}}


def api_version_missing() -> ArmError:
    """Return the error for a query without `api-version`."""
    return ArmError(
        400,
        "MissingApiVersionParameter",
        "The api-version query parameter (?api-version=) is required for all requests.",
    )


def api_version_unsupported(version: str) -> ArmError:
    """Return the error for a version that the resource provider does not have."""
    return ArmError(
        400,
        "InvalidResourceType",
        f"The resource type 'accounts' could not be found in the namespace '{PROVIDER}' for api version"
        f" '{version}'. The supported api-versions are '{','.join(API_VERSIONS)}'.",
    )


def api_version_invalid(version: str) -> ArmError:
    """Return the error for a malformed version; the end of the text is assumed."""
    return ArmError(
        400, "InvalidApiVersionParameter", f"The api-version '{version}' is invalid. A version is a date."
    )


def subscription_missing() -> ArmError:
    """Return the error for a path outside any subscription."""
    return ArmError(
        404,
        "MissingSubscription",
        "The request did not have a subscription or a valid tenant level resource provider.",
    )


def subscription_malformed(subscription: str) -> ArmError:
    """Return the error for a malformed subscription id."""
    return ArmError(
        400,
        "InvalidSubscriptionId",
        f"The provided subscription identifier '{subscription}' is malformed or invalid.",
    )


def subscription_unknown(subscription: str) -> ArmError:
    """Return the error for an unknown subscription id."""
    return ArmError(404, "SubscriptionNotFound", f"The subscription '{subscription}' could not be found.")


def namespace_unknown(namespace: str) -> ArmError:
    """Return the error for an unknown resource provider."""
    return ArmError(404, "InvalidResourceNamespace", f"The resource namespace '{namespace}' is invalid.")


def type_unknown(resource_type: str, namespace: str = PROVIDER) -> ArmError:
    """Return the error for a resource type that the namespace does not have here."""
    return ArmError(
        404,
        "InvalidResourceType",
        f"The resource type '{resource_type}' could not be found in the namespace '{namespace}' for api"
        f" version '{API_VERSION}'.",
    )


def method_unsupported(method: str) -> ArmError:
    """Return the error for a known path with another method; assumed."""
    return ArmError(
        405, "HttpMethodNotSupported", f"The request URI does not support the HTTP method '{method}'."
    )


def group_malformed(group: str) -> ArmError:
    """Return the error for a malformed name of a resource group; the text is assumed."""
    return ArmError(
        400,
        "InvalidResourceGroup",
        f"The provided resource group name '{group}' is invalid. A name has 1 to 90 letters, digits,"
        " '-', '_', '.', '(' and ')', and does not end with '.'.",
    )


def group_missing(group: str) -> ArmError:
    """Return the error for a missing resource group."""
    return ArmError(404, "ResourceGroupNotFound", f"Resource group '{group}' could not be found.")


def group_location_differs(there: str, asked: str) -> ArmError:
    """Return the error for a resource group in another location."""
    return ArmError(
        409,
        "InvalidResourceGroupLocation",
        f"Invalid resource group location '{asked}'. The Resource group already exists in location"
        f" '{there}'.",
    )


def region_unknown(region: str) -> ArmError:
    """Return the error for an unknown region."""
    return ArmError(
        400,
        "LocationNotAvailableForResourceGroup",
        f"The provided location '{region}' is not available for resource group. List of available regions"
        f" is '{','.join(REGIONS)}'.",
    )


def region_without_gen1(region: str) -> ArmError:
    """Return the error for a region without Gen1: 404 as the SDK takes it; code and text are assumed."""
    return ArmError(404, "LocationNotFound", f"{PROVIDER} is not available in the location '{region}'.")


def account_missing(name: str, group: str) -> ArmError:
    """Return the error for a missing account."""
    return ArmError(
        404,
        "ResourceNotFound",
        f"The Resource '{ACCOUNT_TYPE}/{name}' under resource group '{group}' was not found. For more"
        " details please go to https://aka.ms/ARMResourceNotFoundFix",
    )


def parent_missing(name: str) -> ArmError:
    """Return the error for a nested resource of a missing account."""
    return ArmError(
        404,
        "ParentResourceNotFound",
        f"Can not perform requested operation on nested resource. Parent resource '{name}' not found.",
    )


def nested_missing() -> ArmError:
    """Return the error for a missing nested resource (recorded)."""
    return ArmError(404, "NestedResourceNotFound", "Nested resource does not exist.")


def nested_name_invalid(noun: str, name: object) -> ArmError:
    """Return the error for a malformed name of a nested resource; code and text are assumed."""
    return ArmError(
        400,
        "InvalidResourceName",
        f"The name '{name}' of the {noun} is invalid. A name has 1 to 260 characters, none of them a control"
        " character or one of '<>%&:\\?/#*', and does not end with '.' or a blank.",
    )


def nested_incomplete(noun: str, member: str) -> ArmError:
    """Return the error for a nested resource without one of its properties."""
    return content_invalid(f"Required property '{member}' of the {noun} not found in JSON")


def firewall_rule_invalid(reason: str) -> ArmError:
    """Return the error for a malformed range of addresses; code and text are assumed."""
    return ArmError(400, "InvalidFirewallRule", f"The firewall rule is invalid: {reason}.")


def subnet_invalid(subnet: str) -> ArmError:
    """Return the error for a malformed subnet id; code and text are assumed."""
    return ArmError(
        400,
        "InvalidVirtualNetworkRule",
        f"The virtual network rule is invalid: subnetId '{subnet}' is not of the form '/subscriptions/{{id}}"
        "/resourceGroups/{group}/providers/Microsoft.Network/virtualNetworks/{network}/subnets/{subnet}'.",
    )


def id_provider_invalid(provider: str) -> ArmError:
    """Return the error for a malformed URL of an identity provider; code and text are assumed."""
    return ArmError(
        400,
        "InvalidTrustedIdProvider",
        f"The trusted identity provider is invalid: idProvider '{provider}' is not an https:// URL.",
    )


def encryption_fixed() -> ArmError:
    """Return the error for a change of encryption, which is chosen once; code and text are assumed."""
    return ArmError(
        400,
        "EncryptionCannotBeChanged",
        "The encryption of an account is chosen when the account is made. Later only the version of a key in"
        " a key vault can be changed, of an account that is encrypted with such a key.",
    )


def key_vault_unused(name: str) -> ArmError:
    """Return the error for enabling the key vault of an account without one; code and text are assumed."""
    return ArmError(
        400, "KeyVaultNotConfigured", f"The account '{name}' is not encrypted with a key in a key vault."
    )


def operation_missing() -> ArmError:
    """Return the error for an unknown long-running operation; assumed."""
    return ArmError(404, "OperationNotFound", "The operation was not found.")


def account_name_invalid(name: str) -> ArmError:
    """Return the error for a malformed account name; assumed."""
    return ArmError(400, "AccountNameInvalid", name_rule(name))


def name_rule(name: str) -> str:
    """Return the rule that an account's name breaks; assumed."""
    return (
        f"The account name '{name}' is invalid. It must be 3 to 24 characters long and hold only lower-case"
        " letters and digits."
    )


def account_taken(name: str) -> ArmError:
    """Return the error for an account name in use elsewhere; the code is assumed."""
    return ArmError(409, "AccountAlreadyExists", name_taken(name))


def name_taken(name: str) -> str:
    """Return the message of checkNameAvailability for a name in use (recorded)."""
    return f"An account named '{name}' already exists."


def location_missing() -> ArmError:
    """Return the error for a new resource without a location."""
    return ArmError(400, "LocationRequired", "The location property is required for this definition.")


def location_unsupported(location: str) -> ArmError:
    """Return the error for a location without Gen1."""
    return ArmError(
        400,
        "LocationNotAvailableForResourceType",
        f"The provided location '{location}' is not available for resource type '{ACCOUNT_TYPE}'. List of"
        f" available regions for the resource type is '{','.join(LOCATIONS)}'.",
    )


def location_differs(name: str, group: str, there: str, asked: str) -> ArmError:
    """Return the error for an account in another location."""
    return ArmError(
        409,
        "InvalidResourceLocation",
        f"The resource '{name}' already exists in location '{there}' in resource group '{group}'. A resource"
        f" with the same name cannot be created in location '{asked}'. Please select a new resource name.",
    )


def content_invalid(reason: str) -> ArmError:
    """Return the error for a malformed body."""
    return ArmError(
        400,
        "InvalidRequestContent",
        f"The request content was invalid and could not be deserialized: '{reason}'.",
    )


def parameter_unsupported(name: str) -> ArmError:
    """Return the error for an unknown query parameter, which is not ignored."""
    return ArmError(400, "InvalidQueryParameter", f"The query parameter '{name}' is not supported.")


def parameter_invalid(name: str, value: str, right: str) -> ArmError:
    """Return the error for a malformed query parameter; code and text are assumed."""
    return ArmError(
        400, "InvalidQueryParameterValue", f"The value '{value}' of '{name}' is invalid: it is {right}."
    )


def filter_invalid(text: str, reason: str) -> ArmError:
    """Return the error for a malformed filter; the reason is assumed."""
    return ArmError(
        400,
        "InvalidFilterInQueryString",
        f"Invalid $filter '{text}' specified in the query string: {reason}.",
    )


def forbidden(object_id: str, action: str, scope: str) -> ArmError:
    """Return the error for a principal without a role that allows the action."""
    return ArmError(
        403,
        "AuthorizationFailed",
        f"The client '{object_id}' with object id '{object_id}' does not have authorization to perform"
        f" action '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted,"
        " please refresh your credentials.",
    )
