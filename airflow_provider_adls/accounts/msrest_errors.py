"""`translated_msrest_errors`: errors of msrest, the base of the SDK for Gen1 accounts, as errors of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from airflow_provider_adls.accounts.errors import answered, strange_answer, unread
from airflow_provider_adls.model.advice import LATER, WAY_TO_MANAGEMENT, on_certificate, on_silence
from airflow_provider_adls.model.errors import RequestError, ServiceUnreachableError


@contextmanager
def translated_msrest_errors(operation: str, account: str) -> Iterator[None]:
    """Raise errors of `model.errors` where the SDK raises its own.

    :param operation: name of the operation, `accounts.create` for instance.
    :param account: short name of the account.
    :raises AccountNotFoundError: if the Resource Manager knows no such account.
    :raises ServiceError: if it answered with another error.
    :raises ServiceUnreachableError: if no answer came.
    """
    from azure.core.exceptions import DeserializationError
    from msrest.exceptions import ClientException
    from msrestazure.azure_exceptions import CloudError

    try:
        yield
    except CloudError as error:
        raise _answered(error, operation, account) from error
    except (DeserializationError, RecursionError) as error:
        raise unread(error, operation, account) from error
    except ClientException as error:
        raise _unanswered(error, operation, account) from _without_frames(error)


def _without_frames(error: BaseException) -> BaseException:
    """Return a request's failure, and what led to it, without the frames: the libraries' hold the token.

    What records the local variables of frames would record it.
    """
    one: BaseException | None = error
    while one is not None:
        one.__traceback__ = None
        one = one.__cause__ or one.__context__
    return error


def _answered(error: Exception, operation: str, account: str) -> RequestError:
    # The code is one level deeper than its name suggests: the SDK calls the whole body `error`.
    code = getattr(getattr(error, "error", None), "error", None)
    return answered(
        getattr(error, "message", None) or str(error),
        operation,
        account,
        status=getattr(error, "status_code", None),
        code=code if isinstance(code, str) else None,
        request_id=getattr(error, "request_id", None),
    )


def _unanswered(error: Exception, operation: str, account: str) -> RequestError:
    from requests.exceptions import RetryError, SSLError

    from airflow_provider_adls.auth.authority import root_cause

    cause = getattr(error, "inner_exception", None) or error
    if strange := strange_answer(cause, operation, account):
        return strange
    unanswered = ServiceUnreachableError(
        f"the Resource Manager did not answer: {root_cause(cause)}", operation=operation, account=account
    )
    url = getattr(getattr(cause, "request", None), "url", None) or ""
    if isinstance(cause, SSLError):
        unanswered.advise(on_certificate(str(cause)))
    elif isinstance(cause, RetryError):
        unanswered.advise(LATER)
    else:
        unanswered.advise(on_silence(url, WAY_TO_MANAGEMENT))
    return unanswered
