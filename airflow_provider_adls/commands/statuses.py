"""Exit statuses, and the one that an error ends a command with."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """Exit statuses of the commands for files and accounts; documented in `docs/command-line.md`."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    MISSING = 3
    IN_THE_WAY = 4
    DENIED = 5
    SIGN_IN = 6
    UNAVAILABLE = 7
    PARTLY = 8
    HUNG_UP = 129
    INTERRUPTED = 130
    BROKEN_PIPE = 141
    TERMINATED = 143


def status_of(error: BaseException) -> Status:
    """Return the exit status that an error ends a command with."""
    from airflow_provider_adls.model import errors

    # The first that fits: a refused token is a denied permission to Python, and a sign-in's failure to users.
    table: tuple[tuple[tuple[type[BaseException], ...], Status], ...] = (
        ((errors.AuthorityUnreachableError,), Status.UNAVAILABLE),
        ((errors.SignInError, errors.TokenRejectedError), Status.SIGN_IN),
        ((FileNotFoundError, errors.AccountNotFoundError), Status.MISSING),
        ((FileExistsError, IsADirectoryError, NotADirectoryError), Status.IN_THE_WAY),
        ((PermissionError,), Status.DENIED),
        ((errors.ThrottledError, errors.ServiceFailureError, ConnectionError), Status.UNAVAILABLE),
        ((ValueError,), Status.USAGE),
    )
    if getattr(error, "status", None) == 404:
        # A resource group, for instance, whose absence has no class of its own.
        return Status.MISSING
    return next((status for classes, status in table if isinstance(error, classes)), Status.FAILED)
