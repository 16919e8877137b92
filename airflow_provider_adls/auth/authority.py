"""Signing in at Azure AD as an application: a few tries, and errors that say what to do."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import random
import re
import time
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import adal
import requests

from airflow_provider_adls.auth.adal_log import reported_by_us
from airflow_provider_adls.auth.compat import adal_requests_by
from airflow_provider_adls.auth.exchange import AnswerTooLongError, OtherOriginError, bounded_session
from airflow_provider_adls.auth.refusals import refusal
from airflow_provider_adls.auth.tokens import AccessToken
from airflow_provider_adls.model.advice import LATER, NO_TLS, STRANGER, on_certificate, on_silence
from airflow_provider_adls.model.errors import AuthorityUnreachableError, ClockSkewError, SignInError
from airflow_provider_adls.model.redaction import redact
from airflow_provider_adls.model.tokens import claims

if TYPE_CHECKING:
    from collections.abc import Hashable

    from airflow_provider_adls.model.clouds import Cloud

#: Seconds to wait for a connection, and for an answer.
CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0
ATTEMPTS = 3
#: The beginning of urllib3's errors: the class of the connection, and host and port again.
_POOL = re.compile(r"^\w+\(host='[^']*', port=\d+\): ")
#: Errors of reading an answer that is JSON, but not a token's.
UNREADABLE = (TypeError, KeyError, AttributeError, OverflowError, RecursionError)
#: A token that says it lives longer is asked for again after a day, as the longest-lived of Azure AD's are.
_LONGEST_LIFE = 24 * 3600.0
#: Seconds since 1970 of the year 10000: no clock of a token goes on to it.
_LAST = 253_402_300_800
#: Azure AD's own tolerance for clocks that differ, in seconds.
CLOCK_TOLERANCE = 300
_ASKED_TOO_OFTEN = "it is asked too often: try again later, or run fewer tasks at once (an Airflow pool)"
#: Makes digests of secrets useless outside this process.
_DIGEST_KEY = os.urandom(32)


def digest(*secrets: str | None) -> bytes:
    """Return a keyed digest that distinguishes secrets in this process."""
    return hmac.digest(_DIGEST_KEY, json.dumps(secrets).encode(), hashlib.sha256)


class Application(ABC):
    """A service principal that signs in itself: what a secret and a certificate have in common."""

    tenant_id: str
    client_id: str
    cloud: Cloud
    ca_file: str | None
    proxy: str | None
    connect_seconds: float
    read_seconds: float
    attempts: int

    @property
    def doubt(self) -> str:
        """A remark on a secret that does not look like one of Azure's; empty for a usual one."""
        return ""

    @property
    @abstractmethod
    def _secret(self) -> str:
        """The secret or private key."""

    @abstractmethod
    def _request(self, context: adal.AuthenticationContext, audience: str) -> dict[str, Any]:
        """Ask for a token in the principal's way; adal's answer."""

    def key(self, audience: str) -> Hashable:
        """Return authority, client, audience and a keyed digest of the secret."""
        return (
            self.cloud.authority,
            self.tenant_id,
            self.client_id,
            audience,
            self.ca_file,
            digest(self._secret, self.proxy),
        )

    def acquire(self, audience: str) -> AccessToken:
        """Ask the authority for a token, with a few tries where it is unreachable or overloaded.

        :raises SignInError: or one of its subclasses, which says what to do.
        """
        attempt = 1
        while True:
            try:
                return self._ask(audience)
            except _Passing as passing:
                if attempt >= self.attempts:
                    raise passing.error from None
            time.sleep(random.uniform(0.5, 1.0) * 2 ** (attempt - 1))  # noqa: S311 - it spreads load and keeps no secret
            attempt += 1

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
                timeout=(self.connect_seconds, self.read_seconds),
                verify_ssl=self.ca_file or True,
                proxies={"https": self.proxy, "http": self.proxy} if self.proxy else None,
            )
            with reported_by_us(), bounded_session() as session, adal_requests_by(session):
                answer = self._request(context, audience)
            return checked_token(answer, authority)
        except adal.AdalError as error:
            raise self._refused(error, audience) from None
        except OtherOriginError as error:
            raise redirected(error, authority) from None
        except AnswerTooLongError as error:
            raise self._strange(str(error)) from None
        except requests.RequestException as error:
            # The libraries' frames hold the secret, and what records local variables would record it.
            raise self._unreachable(error) from None
        except (json.JSONDecodeError, *UNREADABLE):
            raise self._strange("the answer did not come from Azure AD") from None
        except (ValueError, OSError) as error:
            # adal's checks of the authority's URL, a missing CA file.
            said = redact(str(error), [self._secret])
            raise SignInError(f"sign-in at {authority} failed: {said}", authority=authority) from None

    def _strange(self, said: str) -> SignInError:
        authority = self.cloud.authority
        return SignInError(
            f"sign-in at {authority} failed: {said}. What to do: {STRANGER}", authority=authority
        )

    def _refused(self, error: adal.AdalError, audience: str) -> Exception:
        status = re.search(r"http error: (\d{3})", str(error))
        if status and status[1].startswith("5"):
            return self._overloaded(int(status[1]))
        return refusal(
            # What came with success may hold a token.
            (status and error.error_response) or str(error),
            authority=self.cloud.authority,
            tenant=self.tenant_id,
            client=self.client_id,
            audience=audience,
            doubt=self.doubt,
            secrets=[self._secret],
        )

    def _overloaded(self, status: int) -> Exception:
        advice = _ASKED_TOO_OFTEN if status == requests.codes.too_many_requests else LATER
        return _Passing(
            AuthorityUnreachableError(
                f"sign-in at {self.cloud.authority} failed: the authority answered HTTP {status}."
                f" What to do: {advice}",
                authority=self.cloud.authority,
            )
        )

    def _unreachable(self, error: requests.RequestException) -> Exception:
        # adal raises some answers as what requests calls them.
        if isinstance(error, requests.HTTPError) and error.response is not None:
            return self._overloaded(error.response.status_code)
        failure = unreachable(error, self.cloud.authority, self.proxy)
        certificate = isinstance(error, requests.exceptions.SSLError)
        return failure if certificate or isinstance(failure, ClockSkewError) else _Passing(failure)


def redirected(error: OtherOriginError, url: str) -> SignInError:
    """Return the error for a sign-in that another server was named for; both are in it."""
    return SignInError(
        f"sign-in at {url} failed: {error}. What to do: check the cloud and authority of the connection, and"
        " the way to it (a proxy, a gateway, a network's page to sign in at)",
        authority=url,
    )


class _Passing(Exception):  # noqa: N818 - never leaves this module
    """A failure that another try may not meet."""

    def __init__(self, error: SignInError) -> None:
        super().__init__(str(error))
        self.error = error


def checked_token(answer: dict[str, Any], authority: str) -> AccessToken:
    """Return the token of adal's answer, if this machine's clock agrees that it is valid.

    :raises ClockSkewError: if it is not valid yet, or not any more.
    """
    token = str(answer["accessToken"])
    lifetime = min(float(answer.get("expiresIn", 3600)), _LONGEST_LIFE)
    now = time.time()
    times = _times(token)
    begins, ends = times.get("nbf", now), times.get("exp", now + lifetime)
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


def _times(token: str) -> dict[str, int]:
    """Return the times that a token says of itself; none, if it is opaque."""
    return {name: value for name, value in claims(token).items() if isinstance(value, int) and value < _LAST}


def unreachable(error: requests.RequestException, url: str, proxy: str | None = None) -> SignInError:
    """Return the error of a failed request to the authority, or to the Resource Manager's metadata.

    :param url: URL of what was asked.
    :param proxy: proxy that was given; None for the environment's.
    """
    said = str(error)
    where = f"sign-in failed: {url} "
    if "certificate is not yet valid" in said or "certificate has expired" in said:
        return ClockSkewError(
            f"{where}shows a certificate that this machine's clock calls not valid now:"
            f" set the clock (NTP), or have the certificate renewed ({root_cause(error)})",
            authority=url,
        )
    if isinstance(error, requests.exceptions.SSLError) and on_certificate(said) == NO_TLS:
        return AuthorityUnreachableError(f"{where}could not be reached: {NO_TLS}", authority=url)
    if isinstance(error, requests.exceptions.SSLError):
        return AuthorityUnreachableError(
            f"{where}shows a certificate of an authority that is not trusted here: give its CA file in the"
            f" connection; behind an intercepting proxy, that of the proxy ({root_cause(error)})",
            authority=url,
        )
    # Only a proxy that refuses the connection is a ProxyError; one that drops it is not.
    advice = f": {on_silence(url, 'the cloud and endpoints of the connection')}"
    if proxy:
        advice = " through the proxy of the connection: check its URL"
    elif "https" in requests.utils.get_environ_proxies(url):
        advice = " through the proxy: check HTTPS_PROXY and NO_PROXY"
    return AuthorityUnreachableError(
        f"{where}could not be reached{advice} ({root_cause(error)})", authority=url
    )


def root_cause(error: BaseException) -> str:
    """Return the innermost reason, without the layers of the HTTP library."""
    seen = error
    while True:
        inner = getattr(seen, "reason", None) or (seen.args[0] if seen.args else None)
        if not isinstance(inner, BaseException):
            return _POOL.sub("", str(seen))
        seen = inner
