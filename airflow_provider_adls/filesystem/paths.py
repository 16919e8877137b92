"""`named`: which account and path a name means.

A leading slash means the file system's own account; without one the first segment is the account, by
its short or its full name, or `container@account`. `adl://account/…` says the same as `account/…`, and
`abfss://container@account.dfs.core.windows.net/…` as `container@account.dfs.core.windows.net/…`. Results take
the form that was asked, so that what one call answers can be given to the next.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import PathError

PROTOCOLS = ("adl", "adls")
LEADING_SLASH_HINT = "A path of the file system's own account begins with a slash"
#: The scheme of containers; other programs write no account behind it.
_CONTAINER_URL = re.compile(r"abfss?://(?=[^/]*@[^/]*\.dfs\.)", re.IGNORECASE)
_OF_A_CONTAINER = re.compile(r"abfss?:", re.IGNORECASE)
_URL = re.compile(rf"(?:{'|'.join(PROTOCOLS)})://", re.IGNORECASE)


def strip_protocol(name: str) -> str:
    """Return a URL or path in the form that the file system works with: `/path` or `account/path`.

    Paths of `ObjectStoragePath` are made by it, so that it takes names that no lake can hold too.
    """
    if match := _URL.match(name):
        name = name[match.end() :]
        host, slash, rest = name.partition("/")
        # ObjectStoragePath writes a connection id as a URL's user.
        name = host.rpartition("@")[2] + slash + rest
    elif match := _CONTAINER_URL.match(name):
        name = name[match.end() :]
    absolute = name.startswith("/") or not name
    path = paths.collapse(name)
    return path if absolute else path[1:] or "/"


def user(name: str) -> str | None:
    """Return what stands before an ``@`` in a URL, where `ObjectStoragePath` puts the connection's id."""
    match = _URL.match(name)
    return name[match.end() :].partition("/")[0].rpartition("@")[0] or None if match else None


def parent(name: str) -> str:
    """Return the directory that holds a stripped name; a root is its own."""
    head, slash, _ = name.rpartition("/")
    return (head or "/") if slash else name


class Named(NamedTuple):
    """Account and path of a stripped name.

    :param prefix: first segment as it was written, empty for the file system's own account.
    :param account: short name of the account.
    :param path: absolute path in it.
    """

    prefix: str
    account: str
    path: str


def named(stripped: str, own_account: str | None) -> Named:
    """Return what a stripped name means.

    :param own_account: short name of the file system's account.
    :raises PathError: if it names no account, or what cannot be one, or holds a NUL character.
    """
    paths.normalise(stripped)
    if stripped.startswith("/"):
        if own_account is None:
            raise PathError(f"{stripped!r} names no account, and this file system has none of its own")
        return Named("", own_account, stripped)
    prefix, slash, rest = stripped.partition("/")
    if _OF_A_CONTAINER.fullmatch(prefix):
        raise PathError(
            f"{stripped!r} names no account: write abfss://container@account.dfs.core.windows.net/path, or a"
            " path of this file system's own container, with a leading slash"
        )
    try:
        account = paths.lake_name(prefix)
    except PathError as error:
        raise PathError(f"{error}. {may_be_meant(stripped)}") from None
    return Named(prefix, account, slash + rest or "/")


def may_be_meant(stripped: str) -> str:
    """Return the hint for a name whose first segment is not an account."""
    return f"{LEADING_SLASH_HINT}: /{stripped} may be meant"
