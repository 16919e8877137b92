"""Errors of the Resource Manager's SDK as errors of ours, in one place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.model.advice import (
    LATER,
    STRANGER,
    WAY_TO_MANAGEMENT,
    on_certificate,
    on_management,
    on_silence,
)
from airflow_provider_adls.model.errors import (
    AccountNotFoundError,
    RequestError,
    ServiceError,
    ServiceFailureError,
    ServiceUnreachableError,
    error_class,
)

if TYPE_CHECKING:
    from msrest.paging import Paged

    from airflow_provider_adls.accounts.service import Account, AccountService


def known_account(service: AccountService, group: str, name: str) -> Account:
    """Return an account that should be there; the error says in which other resource group it is, if it is.

    :param name: short name of the account.
    :raises AccountNotFoundError: if the resource group has none of this name.
    """
    try:
        return service.get(group, name)
    except AccountNotFoundError as error:
        error.advise(_whereabouts(service, group, name))
        raise


def account_names(service: AccountService, name: str | None = None) -> list[str]:
    """Return the names of the accounts that the client sees in its subscription, sorted.

    :param name: short name of an account that should be one of them.
    :raises AccountNotFoundError: if it is not.
    """
    names = sorted(str(account["name"]) for account in service.list_accounts())
    if name and name not in names:
        missing = AccountNotFoundError("it is not there", operation="accounts.list", account=name)
        missing.advise(_unseen(len(names)))
        raise missing
    return names


def every(paged: Paged) -> Iterator[Any]:
    """Yield all items of an SDK's list, page by page.

    :raises ServiceFailureError: if a page is linked to again, for then the list has no end.
    """
    links = set()
    link = None
    for item in paged:
        if paged.next_link != link:
            link = paged.next_link
            if link in links:
                raise ServiceFailureError(
                    "the list does not advance: a page names one before it as the next",
                    operation="accounts.list",
                )
            links.add(link)
        yield item


def _unseen(count: int) -> str:
    return (
        f"none of the {count} accounts that this client sees in the subscription has this name: check"
        " account_name and subscription_id"
    )


def _whereabouts(service: AccountService, group: str, name: str) -> str:
    try:
        groups = {account["name"]: account["resource_group"] for account in service.list_accounts()}
    except RequestError:
        return "check account_name and resource_group"
    if found := groups.get(name):
        return f"the account is in resource group {found!r}, not {group!r}: set resource_group to that"
    return _unseen(len(groups))


@contextmanager
def translated_errors(operation: str, account: str) -> Iterator[None]:
    """Raise errors of `model.errors` where the SDK raises its own.

    :param operation: what is done, `accounts.create` for instance.
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
