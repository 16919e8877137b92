"""Where tokens come from: ways of signing in at Azure AD."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import random
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import adal
import requests

from airflow_provider_adls.auth.refusals import is_guid, refusal
from airflow_provider_adls.auth.tokens import AccessToken
from airflow_provider_adls.gen1.clouds import PUBLIC, Cloud
from airflow_provider_adls.gen1.errors import AuthorityUnreachableError, ClockSkewError, SignInError

if TYPE_CHECKING:
    from collections.abc import Hashable

#: Seconds to wait for a connection, and for an answer.
TIMEOUT = (10.0, 30.0)
ATTEMPTS = 3
#: Azure AD's own tolerance for clocks that differ, in seconds.
CLOCK_TOLERANCE = 300
#: Makes digests of secrets useless outside this process.
_DIGEST_KEY = os.urandom(32)


class TokenSource(Protocol):
    """A way of signing in: an identity that tokens can be asked for.

    Every call of `acquire` asks the authority: keeping tokens is the cache's business.
    """

    @property
    def cloud(self) -> Cloud:
        """The cloud that the identity is of."""

    def key(self, audience: str) -> Hashable:
        """What tells this identity's token from every other: no secret, but a digest of it."""

    def acquire(self, audience: str) -> AccessToken:
        """Sign in.

        :param audience: resource that the token is for.
        :raises SignInError: if there is no token.
        """


@dataclass(frozen=True)
class ClientSecret:
    """A service principal that signs in with its client secret.

    :param tenant_id: directory (tenant) id or domain.
    :param client_id: application (client) id.
    :param client_secret: the secret's value.
    :param cloud: whose authority is asked.
    :param ca_file: PEM file of the certificate authorities to trust; None for the machine's own, or
        those of ``REQUESTS_CA_BUNDLE``.
    :param proxy: URL of an HTTP proxy; None for ``HTTPS_PROXY`` and ``NO_PROXY``.
    """

    tenant_id: str
    client_id: str
    client_secret: str = field(repr=False)
    cloud: Cloud = PUBLIC
    ca_file: str | None = None
    proxy: str | None = field(default=None, repr=False)

    def key(self, audience: str) -> Hashable:
        """Authority, client, audience and a keyed digest of the secret."""
        digest = hmac.digest(_DIGEST_KEY, self.client_secret.encode(), hashlib.sha256)
        return (self.cloud.authority, self.tenant_id, self.client_id, audience, self.ca_file, digest)

    def acquire(self, audience: str) -> AccessToken:
        """Ask the authority for a token, with a few tries where it is unreachable or overloaded.

        :raises SignInError: or one of its subclasses, which says what to do.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._ask(audience)
            except _Passing as passing:
                if attempt == ATTEMPTS:
                    raise passing.error from passing.__cause__
                time.sleep(random.uniform(0.5, 1.0) * 2 ** (attempt - 1))  # noqa: S311 - not a secret
        raise AssertionError("unreachable")

    def _ask(self, audience: str) -> AccessToken:
        authority = self.cloud.authority
        try:
            # A context of its own for each sign-in: adal's cache would answer a wrong secret with the
            # token of a right one. Without validation, since for hosts that adal does not know it would
            # ask login.microsoftonline.com who they are.
            context = adal.AuthenticationContext(
                f"{authority}/{self.tenant_id}",
                validate_authority=False,
                api_version=None,
                timeout=TIMEOUT,
                verify_ssl=self.ca_file or True,
                proxies={"https": self.proxy, "http": self.proxy} if self.proxy else None,
            )
            answer = context.acquire_token_with_client_credentials(
                audience, self.client_id, self.client_secret
            )
        except adal.AdalError as error:
            raise self._refused(error, audience) from None
        except requests.RequestException as error:
            raise _unreachable(error, authority) from error
        except (ValueError, OSError) as error:
            # adal's checks of the authority's URL, an answer that is not JSON, a missing CA file.
            raise SignInError(f"sign-in at {authority} failed: {error}", authority=authority) from None
        return checked_token(answer, authority)

    def _refused(self, error: adal.AdalError, audience: str) -> Exception:
        status = re.search(r"http error: (\d{3})", str(error))
        if status and status[1].startswith("5"):
            return _Passing(
                AuthorityUnreachableError(
                    f"sign-in at {self.cloud.authority} failed: the authority answered HTTP {status[1]}",
                    authority=self.cloud.authority,
                )
            )
        return refusal(
            error.error_response or str(error),
            authority=self.cloud.authority,
            tenant=self.tenant_id,
            client=self.client_id,
            audience=audience,
            looks_like_id=is_guid(self.client_secret),
        )


class _Passing(Exception):  # noqa: N818 - never leaves this module
    """A failure that another try may not meet."""

    def __init__(self, error: SignInError) -> None:
        super().__init__(str(error))
        self.error = error


def checked_token(answer: dict[str, Any], authority: str) -> AccessToken:
    """The token of adal's answer, if this machine's clock agrees that it is valid.

    :raises ClockSkewError: if it is not valid yet, or not any more.
    """
    token = str(answer["accessToken"])
    lifetime = float(answer.get("expiresIn", 3600))
    now = time.time()
    claims = _claims(token)
    begins, ends = claims.get("nbf", now), claims.get("exp", now + lifetime)
    skew = ends - lifetime - now
    if begins > now + CLOCK_TOLERANCE or ends <= now:
        raise ClockSkewError(
            f"sign-in at {authority} gave a token that this machine's clock calls"
            f" {'not valid yet' if skew > 0 else 'expired'}: the two clocks are about"
            f" {abs(skew) / 60:.0f} minutes apart, and this machine's is {'slow' if skew > 0 else 'fast'}."
            " Set it (NTP)",
            authority=authority,
        )
    return AccessToken(token, int(now + lifetime))


def _claims(token: str) -> dict[str, int]:
    """Times that a token says of itself, unchecked: a service checks them. None, if it is opaque."""
    try:
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return {name: value for name, value in claims.items() if isinstance(value, int)}
    except (IndexError, ValueError, AttributeError):
        return {}


def _unreachable(error: requests.RequestException, authority: str) -> Exception:
    """What a failed request to the authority means for its user."""
    said = str(error)
    where = f"sign-in failed: {authority} "
    if "certificate is not yet valid" in said or "certificate has expired" in said:
        return ClockSkewError(
            f"{where}shows a certificate that this machine's clock calls not valid now:"
            f" set the clock (NTP), or have the certificate renewed ({_root(error)})",
            authority=authority,
        )
    if isinstance(error, requests.exceptions.SSLError):
        return AuthorityUnreachableError(
            f"{where}shows a certificate of an authority that is not trusted here: give its CA file in the"
            f" connection; behind an intercepting proxy, that of the proxy ({_root(error)})",
            authority=authority,
        )
    # Only a proxy that refuses the connection is a ProxyError; one that drops it is not.
    proxied = "https" in requests.utils.get_environ_proxies(authority)
    advice = (
        "through the proxy: check HTTPS_PROXY and NO_PROXY" if proxied else "check name, route and firewall"
    )
    return _Passing(
        AuthorityUnreachableError(
            f"{where}could not be reached{' ' if proxied else ': '}{advice} ({_root(error)})",
            authority=authority,
        )
    )


def _root(error: BaseException) -> str:
    """The innermost reason, without the layers of the HTTP library."""
    seen = error
    while True:
        inner = getattr(seen, "reason", None) or (seen.args[0] if seen.args else None)
        if not isinstance(inner, BaseException):
            return str(seen)
        seen = inner
