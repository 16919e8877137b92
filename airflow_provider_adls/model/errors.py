"""Everything that can go wrong, as one tree over Python's own exceptions.

```
ADLSGen1Error
├── ConnectionFieldError (ValueError)        a field of the connection is missing or malformed
├── PathError (ValueError)                   a path or URL that cannot be one of the lake
├── SourceChangedError (OSError)             a file became another while it was read or copied
├── ContentMismatchError (OSError)           a copy, read back, is not what was sent
├── SignInError                              no token: what the authority refused
│   ├── TenantNotFoundError
│   ├── ClientNotFoundError
│   ├── SecretRejectedError
│   ├── SecretExpiredError
│   ├── CertificateRejectedError
│   ├── ClockSkewError
│   └── AuthorityUnreachableError (ConnectionError)
└── RequestError (OSError)                   a request to the service failed
    ├── ServiceError                         it answered with an error
    │   ├── PathNotFoundError (FileNotFoundError)
    │   ├── ContainerNotFoundError           the Gen2 account has no such container
    │   ├── PathExistsError (FileExistsError)
    │   ├── AccessDeniedError (PermissionError)
    │   ├── TokenRejectedError (PermissionError)
    │   ├── BadOffsetError
    │   ├── InvalidRequestError (ValueError)
    │   ├── UnsupportedOperationError
    │   ├── AccountStateError
    │   ├── ThrottledError
    │   └── ServiceFailureError
    │       └── LongAnswerError          it answered with more of a file than was asked for
    └── ServiceUnreachableError (ConnectionError)  no answer, or one that broke off
        └── AccountNotFoundError             the account's host name does not resolve
```

Every error of the network says the operation, the path, the account, the HTTP status and the
service's request id where there is one, and never a secret or a token.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence

from airflow_provider_adls.model.redaction import redact


class ADLSGen1Error(Exception):
    """Base of every error that this package raises.

    :param message: the failure and the remedy; passwords, tokens and keys in it are replaced by ``***``.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(redact(message))


class ConnectionFieldError(ADLSGen1Error, ValueError):
    """A field of the Airflow connection is missing or malformed.

    :param message: the mistake and the remedy.
    :param field: the field's name as it stands in the connection, ``tenant_id`` for instance.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class PathError(ADLSGen1Error, ValueError):
    """A path or URL that no account of the service can hold."""


class SourceChangedError(ADLSGen1Error, OSError):
    """A file became another while it was read or copied, or was removed.

    :param path: the file.
    :param copied: whether it was copied, and not just read.
    """

    def __init__(self, path: str, *, copied: bool = True) -> None:
        super().__init__(
            f"{path} was changed while it was copied, or removed: it counts as not copied"
            if copied
            else f"{path} was changed while it was read, or removed: read it again from its beginning"
        )
        self.path = path
        self._copied = copied

    def __reduce__(self) -> tuple[object, ...]:
        return (_source_changed, (type(self), self.path, self._copied))


class ContentMismatchError(ADLSGen1Error, OSError):
    """A copy, read back, is not what was sent.

    :param path: the copy's.
    :param offset: of the first byte of the block that differs.
    """

    def __init__(self, path: str, offset: int) -> None:
        super().__init__(
            f"the copy for {path} was read back, and differs from its source in the block at byte {offset}:"
            " it counts as not copied, and was removed; copy the file again"
        )
        self.path = path
        self.offset = offset

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.path, self.offset)


class SignInError(ADLSGen1Error):
    """The authority gave no token.

    :param message: the failure and the remedy.
    :param authority: URL of the authority.
    :param code: Microsoft's code for the refusal, such as ``AADSTS7000215``, where there is one.
    """

    def __init__(self, message: str, *, authority: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.authority = authority
        self.code = code


def is_same_refusal(errors: Sequence[object]) -> bool:
    """Return whether two or more sign-ins were refused for one reason, though for different audiences."""
    reasons = {
        (type(error), error.code, error.authority) for error in errors if isinstance(error, SignInError)
    }
    return len(errors) > 1 and len(reasons) == 1 and all(isinstance(error, SignInError) for error in errors)


class TenantNotFoundError(SignInError):
    """The authority knows no such tenant."""


class ClientNotFoundError(SignInError):
    """The tenant has no application with this client id."""


class SecretRejectedError(SignInError):
    """The client secret is not one of the application's."""


class SecretExpiredError(SignInError):
    """The client secret was right once and has expired."""


class CertificateRejectedError(SignInError):
    """The client certificate is not one of the application's, or not the private key's."""


class ClockSkewError(SignInError):
    """This machine's clock and the service's are too far apart for a token to be valid."""


class AuthorityUnreachableError(SignInError, ConnectionError):
    """The authority could not be asked: name, route, TLS or proxy."""


class RequestError(ADLSGen1Error, OSError):
    """A request to the service failed.

    :param message: the failure in one sentence.
    :param operation: operation of the REST API, ``GETFILESTATUS`` for instance.
    :param path: absolute path in the account.
    :param account: short name of the account.
    :param status: HTTP status, where an answer had begun.
    :param request_id: ``x-ms-request-id`` of the answer, which Microsoft's support asks for.
    :param remote_exception: the service's name for the error, ``FileNotFoundException`` for instance.
    :param principal: object id of who signed in, where a right is missing.
    """

    default_errno: int = errno.EIO
    #: Seconds that the service asked to wait, where it did.
    retry_after: float | None = None

    def __init__(
        self,
        message: str,
        *,
        operation: str | None = None,
        path: str | None = None,
        account: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
        remote_exception: str | None = None,
        principal: str | None = None,
    ) -> None:
        super().__init__(
            describe(message, operation, path, account, status, request_id, remote_exception, principal)
        )
        self.operation = operation
        self.path = path
        self.account = account
        self.status = status
        self.request_id = request_id
        self.remote_exception = remote_exception
        self.principal = principal
        self.errno = self.default_errno

    def advise(self, advice: str) -> None:
        """Add advice to the end of the message; empty leaves it as it is."""
        if advice:
            self.args = (f"{str(self).rstrip('. ')}. What to do: {advice}",)

    def __reduce__(self) -> tuple[object, ...]:
        # OSError's own __reduce__ would call the class with (errno, message).
        return (_rebuild, (type(self), self.args, dict(self.__dict__)))


class ServiceError(RequestError):
    """The service answered with an error; one that has no class of its own is of this one."""


class PathNotFoundError(ServiceError, FileNotFoundError):
    """No file or directory at this path."""

    default_errno = errno.ENOENT


class ContainerNotFoundError(ServiceError):
    """The account has no container of this name. It is not a missing path, which may appear."""

    default_errno = errno.ENXIO


class PathExistsError(ServiceError, FileExistsError):
    """Something is at this path already."""

    default_errno = errno.EEXIST


class AccessDeniedError(ServiceError, PermissionError):
    """The principal lacks a right on the path or on a directory above it."""

    default_errno = errno.EACCES


class TokenRejectedError(ServiceError, PermissionError):
    """The service did not accept the token: expired, for another audience, or not from its authority."""

    default_errno = errno.EACCES


class BadOffsetError(ServiceError):
    """An append or read at an offset that the file does not have."""

    default_errno = errno.EINVAL


class InvalidRequestError(ServiceError, ValueError):
    """An argument that the service refuses."""

    default_errno = errno.EINVAL


class UnsupportedOperationError(ServiceError):
    """The service does not do this, here or at all."""

    default_errno = errno.ENOTSUP


class AccountStateError(ServiceError):
    """The account is in a state of failure, and another one was expected."""


class ThrottledError(ServiceError):
    """Too many requests; the answer may say how long to wait."""

    default_errno = errno.EAGAIN


class ServiceFailureError(ServiceError):
    """The service failed, with no fault of the caller's."""


class LongAnswerError(ServiceFailureError):
    """The service answered with more of a file than was asked for, so its bytes may be of elsewhere."""


class ServiceUnreachableError(RequestError, ConnectionError):
    """No answer came, or it broke off before its end."""

    default_errno = errno.ECONNABORTED


class AccountNotFoundError(ServiceUnreachableError):
    """The account's host name does not resolve: no such account, or the cloud that retired Gen1."""

    default_errno = errno.ENXIO


#: Names that the service gives its errors, as its REST specification lists them
#: (azure-rest-api-specs, datalake-store/data-plane, filesystem.json 2016-11-01, `AdlsRemoteException`).
REMOTE_EXCEPTIONS: dict[str, type[ServiceError]] = {
    "AccessControlException": AccessDeniedError,
    "BadOffsetException": BadOffsetError,
    "FileAlreadyExistsException": PathExistsError,
    "FileNotFoundException": PathNotFoundError,
    "IllegalArgumentException": InvalidRequestError,
    "IOException": ServiceError,
    "RuntimeException": ServiceFailureError,
    "SecurityException": TokenRejectedError,
    "ThrottledException": ThrottledError,
    "UnsupportedOperationException": UnsupportedOperationError,
}

#: Meaning of an HTTP status whose body names no exception: a proxy's answer, or a load balancer's. A 404
#: is not among them: who does not speak as the service does cannot know its paths, and a wrong endpoint
#: would look like a lake in which nothing is.
STATUSES: dict[int, type[ServiceError]] = {
    400: InvalidRequestError,
    401: TokenRejectedError,
    403: AccessDeniedError,
    409: PathExistsError,
    429: ThrottledError,
    500: ServiceFailureError,
    502: ServiceFailureError,
    503: ServiceFailureError,
    504: ServiceFailureError,
}


def error_class(status: int, remote_exception: str | None) -> type[ServiceError]:
    """Return the class of the error that an answer of this status and exception name is raised as."""
    if remote_exception in REMOTE_EXCEPTIONS:
        return REMOTE_EXCEPTIONS[remote_exception]
    if status == 404 and remote_exception:
        return PathNotFoundError
    return STATUSES.get(status, ServiceFailureError if status >= 500 else ServiceError)


def named_error(name: str, message: str) -> ADLSGen1Error:
    """Return the error of a class's name, as processes pass it on; one without a class of ours says it."""
    cls = globals().get(name)
    if isinstance(cls, type) and issubclass(cls, ADLSGen1Error):
        return cls(message)
    return ADLSGen1Error(f"{name}: {message}")


def describe(
    message: str,
    operation: str | None,
    path: str | None,
    account: str | None,
    status: int | None,
    request_id: str | None,
    remote_exception: str | None,
    principal: str | None = None,
) -> str:
    """Return one line that says what was tried, where, what happened, and what the service calls it."""
    where = " ".join(part for part in (operation, path) if part)
    if account:
        where = f"{where} in account {account}".strip()
    answer = ", ".join(
        part
        for part in (
            f"HTTP {status}" if status else None,
            remote_exception,
            # Some services end their message with it.
            f"request id {request_id}" if request_id and request_id not in message else None,
            f"signed in as object id {principal}" if principal and principal not in message else None,
        )
        if part
    )
    return f"{where + ': ' if where else ''}{message}{f' ({answer})' if answer else ''}"


def _source_changed(cls: type[SourceChangedError], path: str, copied: bool) -> SourceChangedError:  # noqa: FBT001 - as pickle calls it
    return cls(path, copied=copied)


def _rebuild(cls: type[BaseException], args: tuple[object, ...], fields: dict[str, object]) -> BaseException:
    error = cls.__new__(cls, *args)
    error.args = args
    error.__dict__.update(fields)
    if isinstance(error, OSError):
        error.errno = getattr(cls, "default_errno", errno.EIO)
    return error
