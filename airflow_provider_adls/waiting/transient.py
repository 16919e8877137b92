"""Which failures pass by themselves, so that whoever waits goes on waiting."""

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

_PASSING = (ThrottledError, ServiceFailureError, ServiceUnreachableError, AuthorityUnreachableError)


def is_passing(error: BaseException) -> bool:
    """Whether the same request may succeed later though nobody mends anything.

    A throttle passes, as does a service or an authority that fails or cannot be reached for a while. A
    missing right, a wrong secret, an account that does not exist and a certificate that is not trusted
    last until somebody does something.
    """
    chain = list(_chain(error))
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in chain):
        return False
    if isinstance(error, AccountNotFoundError):
        # A name server that does not answer now says nothing of the account.
        return any(isinstance(one, socket.gaierror) and one.errno == socket.EAI_AGAIN for one in chain)
    return isinstance(error, _PASSING)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what led to it."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
