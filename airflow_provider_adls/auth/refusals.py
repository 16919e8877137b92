"""`refusal`: the error for an answer of Azure AD without a token, with advice for the user.

The codes are documented by Microsoft in "Microsoft Entra authentication and authorization error codes".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from airflow_provider_adls.model.errors import (
    CertificateRejectedError,
    ClientNotFoundError,
    ClockSkewError,
    SecretExpiredError,
    SecretRejectedError,
    SignInError,
    TenantNotFoundError,
)
from airflow_provider_adls.model.redaction import redact

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TRACE_ID = re.compile(r"[\w-]{1,64}")
_QUOTES = frozenset("\"'")
_CODE = re.compile(r"AADSTS(\d{1,10})(?!\d)")
#: Beginning of a description's part that is for support, not for the user.
_TRACE = re.compile(r"\s*(Trace ID:|Timestamp:|Correlation ID:).*", re.DOTALL)


#: Characters of an answer that an error repeats.
_LONGEST = 1000


class _Refusal(NamedTuple):
    error: type[SignInError]
    advice: str


_TENANT = _Refusal(
    TenantNotFoundError,
    "tenant {tenant!r} does not exist in this cloud: check the tenant id (Azure portal, Microsoft Entra ID,"
    " Overview) and the cloud of the connection",
)
_CLOCK = _Refusal(
    ClockSkewError,
    "the sign-in was signed at a time that is not the authority's: set this machine's clock (NTP)",
)
_REFUSALS: dict[int, _Refusal] = {
    90002: _TENANT,
    90013: _TENANT,
    900023: _TENANT,
    700016: _Refusal(
        ClientNotFoundError,
        "tenant {tenant!r} has no application with client id {client!r}: check both, and that the"
        " application is registered in this tenant",
    ),
    7000215: _Refusal(
        SecretRejectedError,
        "the client secret is not one of client {client!r}: enter the secret's Value, which the portal"
        " shows once, and not its Secret ID",
    ),
    7000222: _Refusal(
        SecretExpiredError,
        "the client secret of client {client!r} has expired: make a new one and put it into the connection",
    ),
    700027: _Refusal(
        CertificateRejectedError,
        "the certificate is not one of client {client!r}: upload it in the portal (App registrations, the"
        " application, Certificates & secrets), or give the private key and thumbprint of one that is there",
    ),
    700024: _CLOCK,
    50013: _CLOCK,
    500011: _Refusal(
        SignInError,
        "tenant {tenant!r} knows no resource {audience!r}: check the cloud of the connection",
    ),
}


def refusal(
    answer: Any,
    *,
    authority: str,
    tenant: str,
    client: str,
    audience: str,
    doubt: str = "",
    secrets: Sequence[str] = (),
) -> SignInError:
    """Return the error for an answer of the token endpoint that holds no token.

    :param answer: the JSON body, or its text where it was none.
    :param authority: base URL that was asked.
    :param doubt: remark on an odd secret, from :func:`doubt`.
    :param secrets: secrets of the request: some servers answer with the request.
    """
    body = answer if isinstance(answer, dict) else {}
    description = str(body.get("error_description") or body.get("error") or answer or "no explanation")
    listed = body.get("error_codes")
    codes = [int(code) for code in _CODE.findall(description)]
    codes += [code for code in (listed if isinstance(listed, list) else ()) if isinstance(code, int)]
    said = _shortened(redact(_TRACE.sub("", description).strip(), secrets))
    where = f"sign-in at {authority} for {audience} failed"
    for code in codes:
        if known := _REFUSALS.get(code):
            advice = known.advice.format(tenant=tenant, client=client, audience=audience)
            if known.error is SecretRejectedError and doubt:
                advice += f"; the client secret {doubt}"
            return known.error(
                f"{where}: {advice}. The authority said: {said}{_support(body)}",
                authority=authority,
                code=f"AADSTS{code}",
            )
    code_text = f"AADSTS{codes[0]}" if codes else None
    return SignInError(f"{where}: {said}{_support(body)}", authority=authority, code=code_text)


def doubt(secret: str) -> str:
    """Return what differs from Azure's own secrets, without showing the secret; empty where nothing does."""
    if _GUID.fullmatch(secret.strip()):
        return "has the form of a Secret ID"
    if secret != secret.strip():
        return "begins or ends with white space"
    if secret[:1] in _QUOTES and secret[:1] == secret[-1:]:
        return "stands in quotation marks"
    return ""


def _support(body: dict[str, Any]) -> str:
    trace = body.get("trace_id")
    return f" (trace id {trace})" if isinstance(trace, str) and _TRACE_ID.fullmatch(trace) else ""


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"
