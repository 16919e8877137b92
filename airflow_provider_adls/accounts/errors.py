"""Answers of the Resource Manager that are failures, as errors of ours, whichever SDK received them."""

from __future__ import annotations

from airflow_provider_adls.model.advice import STRANGER, WAY_TO_MANAGEMENT, on_management
from airflow_provider_adls.model.errors import (
    AccountNotFoundError,
    RequestError,
    ServiceError,
    ServiceFailureError,
    error_class,
)


def answered(
    message: str,
    operation: str,
    account: str,
    *,
    status: int | None,
    code: str | None,
    request_id: str | None,
) -> RequestError:
    """Return the error for an answer of the Resource Manager's, with advice.

    :param account: short name of the account; empty for an operation on none.
    :param code: the Resource Manager's name for the error.
    """
    kind: type[RequestError] = error_class(status or 0, None)
    if status == 409 and operation != "accounts.create":
        # Another operation on the account is under way.
        kind = ServiceError
    if status == 404 and account:
        kind = AccountNotFoundError if code == "ResourceNotFound" else ServiceError
    error = kind(
        message,
        operation=operation,
        account=account or None,
        status=status or None,
        request_id=request_id,
        remote_exception=code,
    )
    error.advise(on_management(kind, code))
    return error


def unread(error: Exception, operation: str, account: str) -> ServiceError:
    """Return the error for an answer that the SDK cannot read.

    :param error: the SDK's own.
    """
    unread = ServiceError(
        f"the answer is not the Resource Manager's: {error}", operation=operation, account=account or None
    )
    unread.advise(STRANGER)
    return unread


def strange_answer(cause: object, operation: str, account: str) -> RequestError | None:
    """Return the error for an answer that no Resource Manager gives; None if that is not what happened.

    :param cause: exception that the SDK met.
    """
    from airflow_provider_adls.auth.exchange import AnswerTooLongError, OtherOriginError

    if not isinstance(cause, (OtherOriginError, AnswerTooLongError)):
        return None
    strange = ServiceFailureError(str(cause), operation=operation, account=account or None)
    strange.advise(f"check {WAY_TO_MANAGEMENT}" if isinstance(cause, OtherOriginError) else STRANGER)
    return strange
