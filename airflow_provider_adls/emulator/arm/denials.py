"""`denial`: the error for a rejected token, always 401 with WWW-Authenticate.

Codes and texts are those of published answers of the service; the one for a token that is not yet
valid, and the one for a principal that no longer exists, are assumed.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.arm.errors import ArmError
from airflow_provider_adls.emulator.identity.audiences import ARM_RESOURCES
from airflow_provider_adls.emulator.identity.discovery import issuer

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.identity.tokens import TokenRejectedError


def denial(error: TokenRejectedError, tenant: str) -> ArmError:
    """Return the error for a token with this flaw."""
    claims = error.claims
    match error.flaw:
        case "missing":
            code = "AuthenticationFailed"
            text = "Authentication failed. The 'Authorization' header is missing."
        case "signature":
            code = "InvalidAuthenticationToken"
            text = "The access token validation failure. The signature is invalid."
        case "expired":
            code = "ExpiredAuthenticationToken"
            ended = _moment(claims["exp"])
            text = f"The access token expiry UTC time '{ended}' is earlier than current UTC time."
        case "early":
            code = "InvalidAuthenticationToken"
            text = f"The access token is not valid before UTC time '{_moment(claims['nbf'])}'."
        case "audience":
            code = "InvalidAuthenticationTokenAudience"
            allowed = ",".join(f"'{resource}'" for resource in ARM_RESOURCES[:2])
            text = (
                f"The access token has been obtained for wrong audience or resource '{claims['aud']}'."
                f" It should exactly match with one of the allowed audiences {allowed}."
            )
        case "tenant":
            code = "InvalidAuthenticationTokenTenant"
            text = (
                f"The access token is from the wrong issuer '{claims.get('iss')}'. It must match the tenant"
                f" '{issuer(tenant)}' associated with this subscription."
            )
        case _:
            code = "InvalidAuthenticationToken"
            text = "The access token is invalid."
    challenge = (
        f'Bearer authorization_uri="https://login.windows.net/{tenant}", error="invalid_token",'
        f' error_description="{text}"'
    )
    return ArmError(401, code, text, {"WWW-Authenticate": challenge})


def _moment(seconds: float) -> str:
    return f"{dt.datetime.fromtimestamp(seconds, dt.UTC):%m/%d/%Y %I:%M:%S %p}"
