"""`AuthorityError`: Azure AD's errors by AADSTS code, a function for each.

Source of codes and texts: Microsoft's list of AADSTS error codes, and answers of the service that
users have published; if neither gives the whole text or the status, the line has the word `assumed`.
"""

from __future__ import annotations

from typing import Any


class AuthorityError(Exception):
    """An error of the token endpoint.

    :param code: number behind `AADSTS`.
    :param error: OAuth's name for the error.
    :param text: the sentence, without code and trace.
    :param status: HTTP status.
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


def tenant_missing() -> AuthorityError:
    """Return the error for `common` and the like, which name no tenant."""
    return AuthorityError(
        50059,
        "invalid_request",
        "No tenant-identifying information found in either the request or implied by any provided"
        " credentials.",
    )


def tenant_malformed(tenant: str) -> AuthorityError:
    """Return the error for a tenant that is neither an id nor a domain."""
    return AuthorityError(
        900023,
        "invalid_request",
        f"Specified tenant identifier '{tenant}' is neither a valid DNS name, nor a valid external domain.",
    )


def tenant_unknown(tenant: str) -> AuthorityError:
    """Return the error for an unknown tenant."""
    return AuthorityError(
        90002,
        "invalid_request",
        f"Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing"
        " into the correct cloud. Check with your subscription administrator, this may happen if there"
        " are no active subscriptions for the tenant.",
    )


def client_unknown(client_id: str, tenant: str) -> AuthorityError:
    """Return the error for an unknown application."""
    return AuthorityError(
        700016,
        "unauthorized_client",
        f"Application with identifier '{client_id}' was not found in the directory '{tenant}'. This can"
        " happen if the application has not been installed by the administrator of the tenant or consented"
        " to by any user in the tenant. You may have sent your authentication request to the wrong tenant.",
    )


def secret_missing() -> AuthorityError:
    """Return the error for client credentials without a credential."""
    return AuthorityError(
        7000216,
        "invalid_client",
        "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials'"
        " grant type.",
        401,
    )


def secret_wrong(client_id: str) -> AuthorityError:
    """Return the error for a wrong secret."""
    return AuthorityError(
        7000215,
        "invalid_client",
        "Invalid client secret provided. Ensure the secret being sent in the request is the client secret"
        f" value, not the client secret ID, for a secret added to app '{client_id}'.",
        401,
    )


def secret_expired(client_id: str) -> AuthorityError:
    """Return the error for an expired secret."""
    return AuthorityError(
        7000222,
        "invalid_client",
        f"The provided client secret keys for app '{client_id}' are expired. Visit the Azure portal to"
        " create new keys for your app: https://aka.ms/NewClientSecret, or consider using certificate"
        " credentials for added security: https://aka.ms/certCreds.",
        401,
    )


def assertion_unknown(reason: str) -> AuthorityError:
    """Return the error for an assertion that no certificate of the application signed; its end is assumed."""
    return AuthorityError(
        700027,
        "invalid_client",
        f"Client assertion contains an invalid signature. [Reason - {reason}]",
        401,
    )


def assertion_malformed() -> AuthorityError:
    """Return the error for an assertion that is not a signed token."""
    return AuthorityError(50027, "invalid_request", "JWT token is invalid or malformed.")


def assertion_of_another() -> AuthorityError:
    """Return the error for an assertion that names another application."""
    return AuthorityError(
        700021,
        "invalid_client",
        "Client assertion application identifier doesn't match 'client_id' parameter.",
        401,
    )


def assertion_for_another() -> AuthorityError:
    """Return the error for an assertion that was signed for another authority."""
    return AuthorityError(
        700023, "invalid_client", "Client assertion audience claim does not match Realm issuer.", 401
    )


def assertion_untimely() -> AuthorityError:
    """Return the error for an assertion that is not valid now."""
    return AuthorityError(
        700024, "invalid_client", "Client assertion is not within its valid time range.", 401
    )


def resource_unknown(resource: str, tenant: str) -> AuthorityError:
    """Return the error for an unknown resource."""
    return AuthorityError(
        500011,
        "invalid_resource",
        f"The resource principal named {resource} was not found in the tenant named {tenant}. This can"
        " happen if the application has not been installed by the administrator of the tenant or consented"
        " to by any user in the tenant. You might have sent your authentication request to the wrong tenant.",
    )


def scope_missing() -> AuthorityError:
    """Return the error for a v2 request without a scope."""
    return AuthorityError(
        90014,
        "invalid_request",
        "The required field 'scope' is missing from the credential. Ensure that you have all the necessary"
        " parameters for the login request.",
    )


def scope_invalid(scope: str) -> AuthorityError:
    """Return the error for a scope of client credentials that is not a resource's `/.default`."""
    return AuthorityError(
        1002012,
        "invalid_scope",
        f"The provided value for scope {scope} is not valid. Client credential flows must have a scope value"
        " with /.default suffixed to the resource identifier (application ID URI).",
    )


def scopes_several(scope: str) -> AuthorityError:
    """Return the error for scopes of several resources at once."""
    return AuthorityError(
        28000,
        "invalid_request",
        "Provided value for the input parameter scope is not valid because it contains more than one"
        f" resource. Scope {scope} is not valid.",
    )


def parameter_missing(name: str) -> AuthorityError:
    """Return the error for a form without a parameter."""
    return AuthorityError(
        900144, "invalid_request", f"The request body must contain the following parameter: '{name}'."
    )


def grant_unsupported(grant: str) -> AuthorityError:
    """Return the error for an unserved flow: the service's own for an unknown one."""
    return AuthorityError(
        70003, "unsupported_grant_type", f"The app requested an unsupported grant type '{grant}'."
    )


def post_only(method: str) -> AuthorityError:
    """Return the error for a token request with another method."""
    return AuthorityError(
        900561, "invalid_request", f"The endpoint only accepts POST requests. Received a {method} request."
    )


def host_unknown(endpoint: str) -> AuthorityError:
    """Return the error for instance discovery of an unknown host; the text is assumed."""
    return AuthorityError(50049, "invalid_instance", f"Unknown or invalid instance. [{endpoint}]")
