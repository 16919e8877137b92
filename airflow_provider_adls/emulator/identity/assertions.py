"""`check`: client assertions, which a service principal signs with its certificate's key.

Claims and headers are those of "Microsoft identity platform application authentication certificate
credentials"; adal sends SHA-1 thumbprints and RS256, msal SHA-256 thumbprints and PS256.
"""

from __future__ import annotations

import base64
from collections.abc import Collection
from typing import TYPE_CHECKING

import jwt
from cryptography.hazmat.primitives import hashes

from airflow_provider_adls.emulator.identity import errors

if TYPE_CHECKING:
    from cryptography import x509

    from airflow_provider_adls.emulator.clock import Clock
    from airflow_provider_adls.emulator.identity.directory import Application

#: The only `client_assertion_type` (RFC 7523, section 2.2).
TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_ALGORITHMS = ("RS256", "PS256")
#: Seconds that clocks may differ.
_TOLERANCE = 300


def check(assertion: str, application: Application, audiences: Collection[str], clock: Clock) -> None:
    """Check that the application signed the assertion, now and for this authority.

    :param audiences: URLs that the authority goes by.
    :raises AuthorityError: if it did not.
    """
    try:
        header = jwt.get_unverified_header(assertion)
    except jwt.InvalidTokenError:
        raise errors.assertion_malformed() from None
    certificate = next((each for each in application.certificates if _is_named(each, header)), None)
    if certificate is None:
        raise errors.assertion_unknown(reason="The key was not found.")
    try:
        claims = jwt.decode(
            assertion,
            certificate.public_key(),  # type: ignore[arg-type] # a directory takes RSA certificates only
            algorithms=_ALGORITHMS,
            # Time is the emulator's own, and each of the rest has a refusal of its own.
            options={"verify_exp": False, "verify_nbf": False, "verify_iat": False, "verify_aud": False},
        )
    except jwt.InvalidTokenError:
        raise errors.assertion_unknown(
            reason="The provided signature value did not match the expected one."
        ) from None
    names = {str(claims.get(claim)).lower() for claim in ("iss", "sub")}
    if names != {application.client_id.lower()}:
        raise errors.assertion_of_another()
    if str(claims.get("aud")).rstrip("/").lower() not in {each.rstrip("/").lower() for each in audiences}:
        raise errors.assertion_for_another()
    begins, ends = claims.get("nbf", 0), claims.get("exp")
    if not isinstance(begins, (int, float)) or not isinstance(ends, (int, float)):
        raise errors.assertion_malformed()
    if not begins - _TOLERANCE <= clock.now() < ends + _TOLERANCE:
        raise errors.assertion_untimely()


def _is_named(certificate: x509.Certificate, header: dict[str, object]) -> bool:
    names = {
        "x5t": certificate.fingerprint(hashes.SHA1()),  # noqa: S303 - a name, which proves nothing
        "x5t#S256": certificate.fingerprint(hashes.SHA256()),
    }
    return any(str(header.get(name)).rstrip("=") == _base64(value) for name, value in names.items())


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
