"""Errors of the Resource Manager's SDK as errors of ours, in one place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from airflow_provider_adls.gen1.errors import (
    AccountNotFoundError,
    RequestError,
    ServiceError,
    ServiceUnreachableError,
    error_class,
)


@contextmanager
def translated_errors(operation: str, account: str) -> Iterator[None]:
    """Raise errors of `gen1.errors` where the SDK raises its own.

    :param operation: what is done, `accounts.create` for instance.
    :param account: short name of the account.
    :raises AccountNotFoundError: if the Resource Manager knows no such account.
    :raises ServiceError: if it answered with another error.
    :raises ServiceUnreachableError: if no answer came.
    """
    from msrest.exceptions import ClientException
    from msrestazure.azure_exceptions import CloudError

    try:
        yield
    except CloudError as error:
        raise _answered(error, operation, account) from error
    except ClientException as error:
        raise ServiceUnreachableError(
            f"the Resource Manager did not answer: {error}", operation=operation, account=account
        ) from error


def _answered(error: Exception, operation: str, account: str) -> RequestError:
    status = getattr(error, "status_code", None) or 0
    # The code is one level deeper than its name suggests: the SDK calls the whole body `error`.
    code = getattr(getattr(error, "error", None), "error", None)
    kind: type[RequestError] = error_class(status, None)
    if status == 404:
        kind = AccountNotFoundError if code == "ResourceNotFound" else ServiceError
    return kind(
        getattr(error, "message", None) or str(error),
        operation=operation,
        account=account,
        status=status or None,
        request_id=getattr(error, "request_id", None),
        remote_exception=code if isinstance(code, str) else None,
    )
