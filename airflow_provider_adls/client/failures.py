"""`of_answer` and `of_transport`: the error of the package for what went wrong with a request."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

import aiohttp

from airflow_provider_adls.client.answers import StrangeAnswerError, TooMuchError
from airflow_provider_adls.client.retry import TRANSIENT, Effect, retry_after
from airflow_provider_adls.model.advice import (
    MISSPELT,
    PLAIN,
    RETIRED,
    STRANGER,
    on_answer,
    on_certificate,
    on_silence,
    on_storage,
)
from airflow_provider_adls.model.clouds import origin
from airflow_provider_adls.model.errors import (
    AccessDeniedError,
    AccountNotFoundError,
    LongAnswerError,
    RequestError,
    ServiceError,
    ServiceFailureError,
    ServiceUnreachableError,
    TokenRejectedError,
)
from airflow_provider_adls.model.operations import OPERATIONS
from airflow_provider_adls.model.redaction import redact

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from airflow_provider_adls.client.dialect import Refusal

#: Answers of a proxy to CONNECT that mean it did not reach, or does not know, the host.
_PROXY_DID_NOT_REACH = frozenset({404, 502, 503, 504})
_PROXY = "check the proxy of the connection, or HTTPS_PROXY, and what it lets through"


class Failure(NamedTuple):
    """A failed attempt.

    :param error: is raised where nothing helps.
    :param effect: effect of the attempt on the lake.
    :param retry_after: seconds that the service asked to wait.
    """

    error: RequestError
    effect: Effect
    retry_after: float | None = None


class Subject(NamedTuple):
    """The subject of a request, as its errors name it.

    :param principal: object id of who signed in, for errors about a missing right.
    :param secrets: secrets of the request: some servers answer with the request.
    """

    operation: str
    path: str
    account: str
    principal: str | None = None
    secrets: Sequence[str] = ()

    def error(self, cls: type[RequestError], message: str, **fields: str | int | None) -> RequestError:
        """Return an error of this request."""
        if issubclass(cls, AccessDeniedError):
            fields = {**fields, "principal": self.principal}
        message = redact(message, self.secrets)
        return cls(message, operation=self.operation, path=self.path, account=self.account, **fields)  # type: ignore[arg-type] # each field has a type of its own


def of_answer(
    subject: Subject, status: int, headers: Mapping[str, str], refusal: Refusal, *, url: str = ""
) -> Failure:
    """Return the failure for an answer that is an error.

    :param refusal: meaning of the answer in the service's dialect.
    :param url: URL that was asked.
    """
    if 300 <= status < 400:
        return Failure(_redirected(subject, status, headers, url), Effect.FINAL)
    error = subject.error(
        refusal.error,
        refusal.message or f"the service answered {status} and did not say why",
        status=status,
        request_id=refusal.request_id,
        remote_exception=refusal.name,
    )
    error.advise(on_storage(refusal.name) or on_answer(refusal.error, refusal.message or "", status))
    error.retry_after = retry_after(headers.get("Retry-After"))
    return Failure(error, _effect(status, error), error.retry_after)


def _redirected(subject: Subject, status: int, headers: Mapping[str, str], url: str) -> RequestError:
    named = origin(urljoin(url, headers.get("Location", "")))
    error = subject.error(
        ServiceError, f"{origin(url)} redirects to {named}, which the token is not sent to", status=status
    )
    error.advise(STRANGER)
    return error


def _effect(status: int, error: RequestError) -> Effect:
    if isinstance(error, TokenRejectedError) or status == 429:
        return Effect.NONE
    return Effect.UNKNOWN if status in TRANSIENT else Effect.FINAL


def of_transport(subject: Subject, error: Exception, *, endpoint: str, status: int | None = None) -> Failure:
    """Return the failure for an answer that did not come, or not whole.

    :param error: aiohttp's own.
    :param endpoint: URL of the account.
    :param status: HTTP status, where an answer had begun.
    """
    if isinstance(error, StrangeAnswerError):
        cls = LongAnswerError if isinstance(error, TooMuchError) else ServiceFailureError
        strange = subject.error(cls, str(error), status=status)
        strange.advise(STRANGER)
        return Failure(strange, Effect.FINAL)
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return _of_proxy(subject, error, endpoint)
    if isinstance(error, aiohttp.ClientConnectorError):
        return _of_connecting(subject, error, endpoint)
    reason = str(error) or type(error).__name__
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return Failure(_unconnected(subject, endpoint, reason), Effect.NONE)
    broken = _unreachable(subject, f"the connection broke off before the answer's end: {reason}", status)
    if status is None and endpoint.startswith("http:") and not isinstance(error, TimeoutError):
        broken.advise(PLAIN)
    return Failure(broken, Effect.UNKNOWN)


def _of_connecting(subject: Subject, error: aiohttp.ClientConnectorError, endpoint: str) -> Failure:
    cause = error.os_error
    if isinstance(error, aiohttp.ClientSSLError) or isinstance(cause, ssl.SSLError):
        untrusted = _unreachable(subject, f"no trusted connection to {endpoint}: {cause}")
        untrusted.advise(on_certificate(str(cause)))
        return Failure(untrusted, Effect.FINAL)
    # A proxy's name that does not resolve says nothing of the account.
    if isinstance(error, aiohttp.ClientProxyConnectionError):
        unmet = _unreachable(subject, f"the proxy cannot be reached: {cause}")
        unmet.advise(_PROXY)
        return Failure(unmet, Effect.NONE)
    if isinstance(cause, socket.gaierror) or isinstance(error, aiohttp.ClientConnectorDNSError):
        missing = subject.error(
            AccountNotFoundError,
            f"no host answers to the name of {endpoint}: no such account? {_retirement(subject)}",
        )
        temporary = getattr(cause, "errno", None) == socket.EAI_AGAIN
        return Failure(missing, Effect.NONE if temporary else Effect.FINAL)
    return Failure(_unconnected(subject, endpoint, cause), Effect.NONE)


def _of_proxy(subject: Subject, error: aiohttp.ClientHttpProxyError, endpoint: str) -> Failure:
    message = f"the proxy does not connect to {endpoint} (it answered {error.status} {error.message})"
    if error.status in _PROXY_DID_NOT_REACH:
        return Failure(
            subject.error(AccountNotFoundError, f"{message}: no such account? {_retirement(subject)}"),
            Effect.NONE,
        )
    refused = _unreachable(subject, message)
    refused.advise(_PROXY)
    return Failure(refused, Effect.FINAL)


def _retirement(subject: Subject) -> str:
    """Return why an account may be gone: those of Gen1 are."""
    return RETIRED if subject.operation in OPERATIONS else MISSPELT


def _unconnected(subject: Subject, endpoint: str, reason: object) -> RequestError:
    error = _unreachable(subject, f"no connection to {endpoint}: {reason}")
    error.advise(on_silence(endpoint, "the cloud and endpoint of the connection"))
    return error


def _unreachable(subject: Subject, message: str, status: int | None = None) -> RequestError:
    return subject.error(ServiceUnreachableError, message, status=status)
