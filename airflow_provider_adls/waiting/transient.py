"""`is_transient`: whether a failure may pass without a user's help, so that a wait goes on."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

from airflow_provider_adls.model.errors import (
    AccountNotFoundError,
    AuthorityUnreachableError,
    ServiceFailureError,
    ServiceUnreachableError,
    ThrottledError,
)

_TRANSIENT = (ThrottledError, ServiceFailureError, ServiceUnreachableError, AuthorityUnreachableError)


def is_transient(error: BaseException) -> bool:
    """Return whether the same request may succeed later without a change.

    A throttle is transient, and so is a service or an authority that fails or cannot be reached for a while.
    A missing right, a wrong secret, an account that does not exist and a certificate that is not trusted are
    not: they need a user's help.
    """
    chain = list(_chain(error))
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in chain):
        return False
    if isinstance(error, AccountNotFoundError):
        # A name server that does not answer proves nothing about the account.
        return any(isinstance(one, socket.gaierror) and one.errno == socket.EAI_AGAIN for one in chain)
    return isinstance(error, _TRANSIENT)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and its causes."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
