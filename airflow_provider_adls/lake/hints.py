"""Hints for errors that need a look at the lake: where a path ends, and which directory is closed."""

from __future__ import annotations

import difflib
from collections.abc import Awaitable
from typing import TYPE_CHECKING, TypeVar

from airflow_provider_adls.model import paths
from airflow_provider_adls.model.advice import BY_OBJECT_ID, BY_ROLE
from airflow_provider_adls.model.errors import (
    AccessDeniedError,
    ADLSGen1Error,
    PathNotFoundError,
    ServiceError,
)

if TYPE_CHECKING:
    from airflow_provider_adls.client import DataLakeClient

T = TypeVar("T")
#: Most directories that are read, however deep a path is.
_MOST = 16
#: Similarity from which a name is suggested; that of one letter wrong in four.
_ALIKE = 0.75


async def with_hints(client: DataLakeClient, call: Awaitable[T]) -> T:
    """Await a call; add hints to a not-found or access-denied error."""
    try:
        return await call
    except (PathNotFoundError, AccessDeniedError) as error:
        await explain(client, error)
        raise


async def explain(client: DataLakeClient, error: ServiceError) -> None:
    """Add a hint to an error by a few more requests. The error stays as it is where they fail.

    :param client: of the account that refused.
    :param error: a path that is not there, or a right that is missing.
    """
    # It has a hint already: of a firewall, a gateway, or an earlier look.
    if not error.path or "What to do" in str(error):
        return
    if error.path == "/":
        if isinstance(error, AccessDeniedError):
            error.advise(f"give this client read and execute (rx) on / itself, {BY_OBJECT_ID}{_role(client)}")
        return
    try:
        advice = await (
            _near(client, error.path) if isinstance(error, PathNotFoundError) else _closed(client, error.path)
        )
    except ADLSGen1Error:
        if not (isinstance(error, AccessDeniedError) and _role(client)):
            return
        advice = f"give this client the right {BY_OBJECT_ID}"
    error.advise(advice + (_role(client) if isinstance(error, AccessDeniedError) else ""))


def _role(client: DataLakeClient) -> str:
    """Return the advice of the roles that storage accounts (Gen2) have, and Gen1 has not."""
    return BY_ROLE if "@" in client.lake else ""


async def _near(client: DataLakeClient, path: str) -> str:
    """Return a hint: the nearest existing directory above a path, and the most similar name in it."""
    missing = path
    for _ in range(_MOST):
        parent = paths.parent(missing)
        try:
            status = await client.status(parent)
        except PathNotFoundError:
            missing = parent
            continue
        if not status.is_directory:
            return f"{parent} is a file, so nothing can be below it"
        page = await client.list_page(parent)
        names = [entry.name for entry in page.entries if not paths.is_unfinished(entry.name)]
        similar = difflib.get_close_matches(paths.name(missing), names, n=1, cutoff=_ALIKE) or [
            name for name in names if name.lower() == paths.name(missing).lower()
        ]
        there = f"{parent} exists, and has no {paths.name(missing)!r}"
        if similar:
            return f"{there}, but {similar[0]!r}: check the spelling, capitals too"
        return f"{there}: check the path"
    return ""


async def _closed(client: DataLakeClient, path: str) -> str:
    """Return a hint: the first directory on the way to a path that this principal may not traverse."""
    above: list[str] = []
    while path != "/":
        path = paths.parent(path)
        above.insert(0, path)
    for directory in above[:_MOST]:
        try:
            passable = await client.check_access(directory, "--x")
        except PathNotFoundError:
            return f"the directory {directory} does not exist"
        if not passable:
            return (
                f"the directory {directory} does not let this client through: give it execute (x) there"
                f" and in every directory above, {BY_OBJECT_ID}"
            )
    return (
        "every directory above lets this client through: give it read (r) on the path itself, or, to make and"
        f" delete, write and execute (wx) on {above[-1]}, {BY_OBJECT_ID}"
    )
