"""`End`s of transfers: the store and the path that a path or URL means."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from airflow_provider_adls.lake.written import DEFAULT, WrittenAttributes
from airflow_provider_adls.model.errors import PathError
from airflow_provider_adls.model.paths import is_lake_url

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

    from airflow_provider_adls.hooks.paths import PlacesMixin
    from airflow_provider_adls.transfer.stores import End

#: The source of a transfer: a path, URL or glob, or a list of paths.
Source: TypeAlias = "str | os.PathLike[str] | Iterable[str | os.PathLike[str]]"

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<rest>.*)", re.DOTALL)
#: Schemes of this machine's files.
LOCAL = frozenset({"file", "local"})


def scheme_of(path: str) -> str:
    """Return the scheme of a URL in lower case, ``adl`` for a path in a lake.

    :raises PathError: for a URL that names no place.
    """
    match = _URL.fullmatch(path)
    if match is None:
        return "adl"
    if not match["rest"].strip("/") and match["scheme"].lower() not in LOCAL:
        raise PathError(f"{path!r} names no place")
    return match["scheme"].lower()


def is_lake(path: str) -> bool:
    """Return whether a path is one of a lake: ``/raw``, ``adl://account/raw``, ``abfss://`` with a host.

    :raises PathError: for a URL that names no place.
    """
    return scheme_of(path) == "adl" or is_lake_url(path)


def is_place(included: str) -> bool:
    """Return whether an item of a sync's `include` is a path or URL, and not a glob relative to the root."""
    return included.startswith("/") or "://" in included


def lake_end(hook: PlacesMixin, path: str, written: WrittenAttributes = DEFAULT) -> End:
    """Return the end of a path in the hook's account, or of a URL in any.

    :param written: attributes of the files that are put there.
    """
    from airflow_provider_adls.transfer.lake import LakeStore
    from airflow_provider_adls.transfer.stores import End

    place = hook.place(path)
    store = LakeStore(place.client, place.prefix, written)
    return End(store, place.path, path.endswith("/") or place.path == "/")


def local_end(path: str) -> End:
    """Return the end of a path of this machine; ``~`` is the home."""
    from airflow_provider_adls.transfer.local import LocalStore
    from airflow_provider_adls.transfer.stores import End

    path = os.path.expanduser(path)  # noqa: PTH111 - Path would drop a slash at the end
    return End(LocalStore(), path, path.endswith("/"))


def other_end(url: str, conn_id: str | None = None) -> End:
    """Return the end of a URL of any store that Airflow, or fsspec, has a file system for.

    :param conn_id: id of the store's connection; None for one in the URL, or none at all.
    :raises ConnectionNotFoundError: if it does not exist, but for a provider's default, which may be missing.
    :raises PathError: for a path without a scheme, for one of a lake, and for an unknown scheme.
    """
    from airflow_provider_adls.transfer.objects import ObjectStore
    from airflow_provider_adls.transfer.stores import End

    match = _URL.fullmatch(url)
    if match is None or is_lake(url):
        raise PathError(f"{url!r} is not a URL of another store: write s3://bucket/key, for example")
    if match["scheme"].lower() in LOCAL:
        return local_end(match["rest"])
    filesystem = _filesystem(match["scheme"].lower(), url, conn_id)
    # Airflow writes a connection's id as the user of a URL; the store's own rule does not know it.
    host, slash, rest = match["rest"].partition("/")
    plain = f"{match['scheme']}://{host.rpartition('@')[2]}{slash}{rest}"
    path: str = filesystem._strip_protocol(plain)  # noqa: SLF001 - fsspec's own word
    return End(ObjectStore(filesystem), path, url.endswith("/"))


def source_end(source: Source, end: Callable[[str], End]) -> End:
    """Return the end of a source: a path or URL, or a list of them, which are taken literally.

    :param end: returns the end of one.
    :raises PathError: if the paths of a list are in different stores or accounts.
    """
    from airflow_provider_adls.transfer.local import LocalStore
    from airflow_provider_adls.transfer.stores import End

    if isinstance(source, (str, os.PathLike)):
        return end(os.fspath(source))
    ends = [end(os.fspath(one)) for one in source]
    for one in ends:
        if one.store != ends[0].store:
            raise PathError(
                f"{ends[0].shown} and {one.shown} are not in one account or store: make a task for each"
            )
    # An empty list is of no store.
    return End(ends[0].store if ends else LocalStore(), "", paths=tuple(one.path for one in ends))


def _filesystem(scheme: str, url: str, conn_id: str | None) -> AbstractFileSystem:
    from airflow.providers.common.compat.sdk import ObjectStoragePath

    try:
        path = ObjectStoragePath(url, conn_id=conn_id)
        filesystem: AbstractFileSystem = path.fs
    except ValueError as error:
        return _of_fsspec(scheme, url, conn_id, error)
    # Amazon's hook takes the machine's own credentials in place of a connection that does not exist.
    if (named := path.conn_id) and not named.endswith("_default"):
        # The command line, without a named connection, does without Airflow.
        from airflow_provider_adls.connection.stored import stored_connection

        stored_connection(named)
    return filesystem


def _of_fsspec(scheme: str, url: str, conn_id: str | None, error: ValueError) -> AbstractFileSystem:
    """Return fsspec's own file system of a store that no provider of Airflow has one for.

    Its server, and who signs in to it, are those of the URL; it needs no connection.

    :param error: Airflow's error.
    :raises PathError: for an unknown scheme, and where a connection is named.
    """
    import fsspec

    try:
        cls: Any = None if conn_id else fsspec.get_filesystem_class(scheme)
    except (ValueError, ImportError) as none:
        raise PathError(f"neither Airflow nor fsspec has a file system for {scheme}://: {none}") from error
    options = cls._get_kwargs_from_urls(url) if cls else {}
    has_user = "@" in url.partition("://")[2].partition("/")[0]
    # Without a server the user part of a URL is the id of a connection.
    if conn_id or (has_user and "host" not in options):
        raise PathError(f"Airflow has no file system for {scheme}://: {error}") from error
    try:
        filesystem: AbstractFileSystem = cls(**options)
    except TypeError as missing:
        raise PathError(f"{scheme}:// needs more than its URL says: {missing}") from missing
    return filesystem
