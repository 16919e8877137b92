"""The one place where what went wrong becomes an error of ours."""

from __future__ import annotations

import json
import socket
import ssl
from typing import TYPE_CHECKING, NamedTuple

import aiohttp

from airflow_provider_adls.client.retry import TRANSIENT, Effect, retry_after
from airflow_provider_adls.model.advice import RETIRED, on_answer, on_certificate, on_silence
from airflow_provider_adls.model.errors import (
    AccountNotFoundError,
    RequestError,
    ServiceUnreachableError,
    TokenRejectedError,
    error_class,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Answers of a proxy to CONNECT that mean it did not reach, or does not know, the host.
_PROXY_DID_NOT_REACH = frozenset({404, 502, 503, 504})
_PROXY = "check the proxy of the connection, or HTTPS_PROXY, and what it lets through"


class Failure(NamedTuple):
    """A failed attempt.

    :param error: what to raise where nothing helps.
    :param effect: what the attempt did to the lake.
    :param retry_after: seconds that the service asked to wait.
    """

    error: RequestError
    effect: Effect
    retry_after: float | None = None


class Subject(NamedTuple):
    """What a request is about, as its errors say it."""

    operation: str
    path: str
    account: str

    def error(self, cls: type[RequestError], message: str, **fields: str | int | None) -> RequestError:
        """An error of this request."""
        return cls(message, operation=self.operation, path=self.path, account=self.account, **fields)  # type: ignore[arg-type] # each field has a type of its own


def of_answer(subject: Subject, status: int, headers: Mapping[str, str], body: bytes) -> Failure:
    """The failure that an answer tells of.

    :param body: the service's JSON, or whatever a proxy or load balancer wrote instead; may be empty.
    """
    name, message = remote_exception(body)
    # A server that is reached by another name than the account's has no other way to say that it has no
    # such account (RFC 9110, 15.5.20); 404 would say that a path is missing.
    cls = AccountNotFoundError if status == 421 else error_class(status, name)
    error = subject.error(
        cls,
        message or f"the service answered {status} and did not say why",
        status=status,
        request_id=headers.get("x-ms-request-id"),
        remote_exception=name,
    )
    error.advise(on_answer(cls, message or "", status))
    return Failure(error, _effect(status, error), retry_after(headers.get("Retry-After")))


def _effect(status: int, error: RequestError) -> Effect:
    if isinstance(error, TokenRejectedError) or status == 429:
        return Effect.NONE
    return Effect.UNKNOWN if status in TRANSIENT else Effect.FINAL


def remote_exception(body: bytes) -> tuple[str | None, str | None]:
    """Name and message in an error's body, None for what it does not say."""
    try:
        remote = json.loads(body)["RemoteException"]
        name, message = remote.get("exception"), remote.get("message")
    except (ValueError, TypeError, KeyError, AttributeError):
        return None, None
    return (name if isinstance(name, str) else None, message if isinstance(message, str) else None)


def of_transport(subject: Subject, error: Exception, *, endpoint: str, status: int | None = None) -> Failure:
    """The failure that no complete answer came.

    :param error: what aiohttp raised.
    :param endpoint: URL of the account.
    :param status: HTTP status, where an answer had begun.
    """
    if isinstance(error, aiohttp.ClientHttpProxyError):
        return _of_proxy(subject, error, endpoint)
    if isinstance(error, aiohttp.ClientConnectorError):
        return _of_connecting(subject, error, endpoint)
    reason = str(error) or type(error).__name__
    if isinstance(error, aiohttp.ConnectionTimeoutError):
        return Failure(_unconnected(subject, endpoint, reason), Effect.NONE)
    broken = _unreachable(subject, f"the connection broke off before the answer's end: {reason}", status)
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
            AccountNotFoundError, f"no host answers to the name of {endpoint}: no such account? {RETIRED}"
        )
        temporary = getattr(cause, "errno", None) == socket.EAI_AGAIN
        return Failure(missing, Effect.NONE if temporary else Effect.FINAL)
    return Failure(_unconnected(subject, endpoint, cause), Effect.NONE)


def _of_proxy(subject: Subject, error: aiohttp.ClientHttpProxyError, endpoint: str) -> Failure:
    message = f"the proxy does not connect to {endpoint} (it answered {error.status} {error.message})"
    if error.status in _PROXY_DID_NOT_REACH:
        return Failure(
            subject.error(AccountNotFoundError, f"{message}: no such account? {RETIRED}"), Effect.NONE
        )
    refused = _unreachable(subject, message)
    refused.advise(_PROXY)
    return Failure(refused, Effect.FINAL)


def _unconnected(subject: Subject, endpoint: str, reason: object) -> RequestError:
    error = _unreachable(subject, f"no connection to {endpoint}: {reason}")
    error.advise(on_silence(endpoint, "the cloud and endpoint of the connection"))
    return error


def _unreachable(subject: Subject, message: str, status: int | None = None) -> RequestError:
    return subject.error(ServiceUnreachableError, message, status=status)
