"""`is_final` and `wanted_wait`: what the errors of a failed task say about another try."""

from __future__ import annotations

from collections.abc import Iterator

from airflow.providers.common.compat.sdk import AirflowNotFoundException

from airflow_provider_adls.model.errors import (
    AccountNotFoundError,
    AccountStateError,
    ADLSGen1Error,
    ConnectionFieldError,
    InvalidRequestError,
    PathError,
    RequestError,
    SignInError,
    UnsupportedOperationError,
)
from airflow_provider_adls.waiting.transient import is_transient

#: Errors that another try meets again. The path or the right may be one of the machine, in a transfer.
_FINAL = (
    FileExistsError,
    FileNotFoundError,
    IsADirectoryError,
    NotADirectoryError,
    PermissionError,
    AccountNotFoundError,
    AccountStateError,
    AirflowNotFoundException,
    ConnectionFieldError,
    InvalidRequestError,
    PathError,
    SignInError,
    UnsupportedOperationError,
)


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, and those that it was raised from."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__


def is_final(error: BaseException) -> bool:
    """Return whether a try after this error ends the same, until a user changes something.

    So it is with a missing right or path, a refused secret, an account or a connection that does not exist,
    and a field or an argument that is wrong.
    """
    return isinstance(error, _FINAL) and not is_transient(error)


def is_passing(error: BaseException) -> bool:
    """Return whether the service or the network failed for a while."""
    return isinstance(error, ADLSGen1Error) and is_transient(error)


def wanted_wait(error: BaseException) -> float | None:
    """Return the seconds that the service asked to wait, if it did."""
    return error.retry_after if isinstance(error, RequestError) else None
