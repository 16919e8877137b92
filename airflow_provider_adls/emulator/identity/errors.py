"""`AuthorityError`: Azure AD's errors by AADSTS code, and the table of them.

Source of codes and texts: Microsoft's list of AADSTS error codes, and answers of the service that
users have published; if neither gives the whole text or the status, a comment has the word `assumed`.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class AuthorityError(Exception):
    """An error of the token endpoint.

    :param code: number behind `AADSTS`.
    :param error: OAuth's name for the error.
    :param text: the sentence, without code and trace.
    """

    def __init__(self, code: int, error: str, text: str, status: int = 400) -> None:
        super().__init__(f"AADSTS{code}: {text}")
        self.code = code
        self.error = error
        self.status = status

    def body(self, *, trace_id: str, correlation_id: str, timestamp: str) -> dict[str, Any]:
        """Return the answer's JSON, in the service's order of keys."""
        return {
            "error": self.error,
            "error_description": f"{self} Trace ID: {trace_id} Correlation ID: {correlation_id}"
            f" Timestamp: {timestamp}",
            "error_codes": [self.code],
            "timestamp": timestamp,
            "trace_id": trace_id,
            "correlation_id": correlation_id,
            "error_uri": f"https://login.microsoftonline.com/error?code={self.code}",
        }


class Template(NamedTuple):
    """Code, OAuth's name, text and status of an error; the text has `{names}` for values."""

    code: int
    error: str
    text: str
    status: int = 400

    def __call__(self, **values: object) -> AuthorityError:
        """Return the error with values in its text."""
        return AuthorityError(self.code, self.error, self.text.format(**values), self.status)


# For `common` and the like, which name no tenant.
tenant_missing = Template(
    50059,
    "invalid_request",
    "No tenant-identifying information found in either the request or implied by any provided credentials.",
)
tenant_malformed = Template(
    900023,
    "invalid_request",
    "Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain.",
)
tenant_unknown = Template(
    90002,
    "invalid_request",
    "Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into"
    " the correct cloud. Check with your subscription administrator, this may happen if there are no"
    " active subscriptions for the tenant.",
)
client_unknown = Template(
    700016,
    "unauthorized_client",
    "Application with identifier '{client_id}' was not found in the directory '{tenant}'. This can happen"
    " if the application has not been installed by the administrator of the tenant or consented to by any"
    " user in the tenant. You may have sent your authentication request to the wrong tenant.",
)
secret_missing = Template(
    7000216,
    "invalid_client",
    "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    401,
)
secret_wrong = Template(
    7000215,
    "invalid_client",
    "Invalid client secret provided. Ensure the secret being sent in the request is the client secret"
    " value, not the client secret ID, for a secret added to app '{client_id}'.",
    401,
)
secret_expired = Template(
    7000222,
    "invalid_client",
    "The provided client secret keys for app '{client_id}' are expired. Visit the Azure portal to create"
    " new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate credentials for"
    " added security: https://aka.ms/certCreds.",
    401,
)
# No certificate of the application signed the assertion; the end is assumed.
assertion_unknown = Template(
    700027, "invalid_client", "Client assertion contains an invalid signature. [Reason - {reason}]", 401
)
assertion_malformed = Template(50027, "invalid_request", "JWT token is invalid or malformed.")
assertion_of_another = Template(
    700021,
    "invalid_client",
    "Client assertion application identifier doesn't match 'client_id' parameter.",
    401,
)
assertion_for_another = Template(
    700023, "invalid_client", "Client assertion audience claim does not match Realm issuer.", 401
)
assertion_untimely = Template(
    700024, "invalid_client", "Client assertion is not within its valid time range.", 401
)
resource_unknown = Template(
    500011,
    "invalid_resource",
    "The resource principal named {resource} was not found in the tenant named {tenant}. This can happen"
    " if the application has not been installed by the administrator of the tenant or consented to by any"
    " user in the tenant. You might have sent your authentication request to the wrong tenant.",
)
scope_missing = Template(
    90014,
    "invalid_request",
    "The required field 'scope' is missing from the credential. Ensure that you have all the necessary"
    " parameters for the login request.",
)
scope_invalid = Template(
    1002012,
    "invalid_scope",
    "The provided value for scope {scope} is not valid. Client credential flows must have a scope value"
    " with /.default suffixed to the resource identifier (application ID URI).",
)
scopes_several = Template(
    28000,
    "invalid_request",
    "Provided value for the input parameter scope is not valid because it contains more than one"
    " resource. Scope {scope} is not valid.",
)
parameter_missing = Template(
    900144, "invalid_request", "The request body must contain the following parameter: '{name}'."
)
# For a flow that is not served: the service's own for an unknown one.
grant_unsupported = Template(
    70003, "unsupported_grant_type", "The app requested an unsupported grant type '{grant}'."
)
post_only = Template(
    900561, "invalid_request", "The endpoint only accepts POST requests. Received a {method} request."
)
# For instance discovery of an unknown host; the text is assumed.
host_unknown = Template(50049, "invalid_instance", "Unknown or invalid instance. [{endpoint}]")
