"""`ArmError`: Resource Manager's errors, and the table of them.

Codes and texts are those of Resource Manager's published answers; where only the code is known, or
neither, a comment has the word `assumed`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

PROVIDER = "Microsoft.DataLakeStore"
ACCOUNT_TYPE = f"{PROVIDER}/accounts"
GROUP_TYPE = "Microsoft.Resources/resourceGroups"
API_VERSION = "2016-11-01"
#: The provider's versions, newest first; answers to both are the same (azure-arm-datalake-store 0.4).
API_VERSIONS = (API_VERSION, "2015-10-01-preview")


class ArmError(Exception):
    """An error that answers a request.

    :param code: Resource Manager's name for the error.
    """

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = headers or {}

    def body(self) -> dict[str, Any]:
        """Return the answer's JSON."""
        return {"error": {"code": self.code, "message": str(self)}}


class Template(NamedTuple):
    """Status, code and text of an error; the text has `{names}` for values."""

    status: int
    code: str
    text: str

    def __call__(self, **values: object) -> ArmError:
        """Return the error with values in its text."""
        return ArmError(self.status, self.code, self.text.format(**values))


api_version_missing = Template(
    400,
    "MissingApiVersionParameter",
    "The api-version query parameter (?api-version=) is required for all requests.",
)
api_version_unsupported = Template(
    400,
    "InvalidResourceType",
    "The resource type 'accounts' could not be found in the namespace 'Microsoft.DataLakeStore' for api"
    f" version '{{version}}'. The supported api-versions are '{','.join(API_VERSIONS)}'.",
)
# The end of the text is assumed.
api_version_invalid = Template(
    400, "InvalidApiVersionParameter", "The api-version '{version}' is invalid. A version is a date."
)
subscription_missing = Template(
    404,
    "MissingSubscription",
    "The request did not have a subscription or a valid tenant level resource provider.",
)
subscription_malformed = Template(
    400,
    "InvalidSubscriptionId",
    "The provided subscription identifier '{subscription}' is malformed or invalid.",
)
subscription_unknown = Template(
    404, "SubscriptionNotFound", "The subscription '{subscription}' could not be found."
)
namespace_unknown = Template(
    404, "InvalidResourceNamespace", "The resource namespace '{namespace}' is invalid."
)
type_unknown = Template(
    404,
    "InvalidResourceType",
    "The resource type '{type}' could not be found in the namespace '{namespace}' for api version"
    f" '{API_VERSION}'.",
)
# Assumed.
method_unsupported = Template(
    405, "HttpMethodNotSupported", "The request URI does not support the HTTP method '{method}'."
)
# The text is assumed.
group_malformed = Template(
    400,
    "InvalidResourceGroup",
    "The provided resource group name '{group}' is invalid. A name has 1 to 90 letters, digits, '-', '_',"
    " '.', '(' and ')', and does not end with '.'.",
)
group_missing = Template(404, "ResourceGroupNotFound", "Resource group '{group}' could not be found.")
group_location_differs = Template(
    409,
    "InvalidResourceGroupLocation",
    "Invalid resource group location '{asked}'. The Resource group already exists in location '{there}'.",
)
region_unknown = Template(
    400,
    "LocationNotAvailableForResourceGroup",
    "The provided location '{location}' is not available for resource group. List of available regions is"
    " '{regions}'.",
)
# 404 as the SDK takes it; code and text are assumed.
region_without_gen1 = Template(
    404, "LocationNotFound", "Microsoft.DataLakeStore is not available in the location '{location}'."
)
account_missing = Template(
    404,
    "ResourceNotFound",
    "The Resource '{type}/{name}' under resource group '{group}' was not found. For more details please go to"
    " https://aka.ms/ARMResourceNotFoundFix",
)
parent_missing = Template(
    404,
    "ParentResourceNotFound",
    "Can not perform requested operation on nested resource. Parent resource '{name}' not found.",
)
# Recorded.
nested_missing = Template(404, "NestedResourceNotFound", "Nested resource does not exist.")
# Code and text are assumed.
nested_name_invalid = Template(
    400,
    "InvalidResourceName",
    "The name '{name}' of the {noun} is invalid. A name has 1 to 260 characters, none of them a control"
    " character or one of '<>%&:\\?/#*', and does not end with '.' or a blank.",
)
# Code and text are assumed.
firewall_rule_invalid = Template(400, "InvalidFirewallRule", "The firewall rule is invalid: {reason}.")
# Code and text are assumed.
subnet_invalid = Template(
    400,
    "InvalidVirtualNetworkRule",
    "The virtual network rule is invalid: subnetId '{subnet}' is not of the form '/subscriptions/{{id}}"
    "/resourceGroups/{{group}}/providers/Microsoft.Network/virtualNetworks/{{network}}/subnets/{{subnet}}'.",
)
# Code and text are assumed.
id_provider_invalid = Template(
    400,
    "InvalidTrustedIdProvider",
    "The trusted identity provider is invalid: idProvider '{provider}' is not an https:// URL.",
)
# Code and text are assumed.
encryption_fixed = Template(
    400,
    "EncryptionCannotBeChanged",
    "The encryption of an account is chosen when the account is made. Later only the version of a key in a"
    " key vault can be changed, of an account that is encrypted with such a key.",
)
# Code and text are assumed.
key_vault_unused = Template(
    400, "KeyVaultNotConfigured", "The account '{name}' is not encrypted with a key in a key vault."
)
# Assumed.
operation_missing = Template(404, "OperationNotFound", "The operation was not found.")
# Assumed.
account_name_invalid = Template(
    400,
    "AccountNameInvalid",
    "The account name '{name}' is invalid. It must be 3 to 24 characters long and hold only lower-case"
    " letters and digits.",
)
# The code is assumed; the text is that of checkNameAvailability (recorded).
account_taken = Template(409, "AccountAlreadyExists", "An account named '{name}' already exists.")
location_missing = Template(400, "LocationRequired", "The location property is required for this definition.")
location_unsupported = Template(
    400,
    "LocationNotAvailableForResourceType",
    "The provided location '{location}' is not available for resource type '{type}'. List of available"
    " regions for the resource type is '{regions}'.",
)
location_differs = Template(
    409,
    "InvalidResourceLocation",
    "The resource '{name}' already exists in location '{there}' in resource group '{group}'. A resource with"
    " the same name cannot be created in location '{asked}'. Please select a new resource name.",
)
parameter_unsupported = Template(
    400, "InvalidQueryParameter", "The query parameter '{name}' is not supported."
)
# Code and text are assumed.
parameter_invalid = Template(
    400, "InvalidQueryParameterValue", "The value '{value}' of '{name}' is invalid: it is {right}."
)
# The reason is assumed.
filter_invalid = Template(
    400, "InvalidFilterInQueryString", "Invalid $filter '{text}' specified in the query string: {reason}."
)
forbidden = Template(
    403,
    "AuthorizationFailed",
    "The client '{object_id}' with object id '{object_id}' does not have authorization to perform action"
    " '{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh"
    " your credentials.",
)


def content_invalid(reason: str) -> ArmError:
    """Return the error for a malformed body."""
    return ArmError(
        400,
        "InvalidRequestContent",
        f"The request content was invalid and could not be deserialized: '{reason}'.",
    )
