"""Ends of a transfer from a path or URL on the command line: a lake, this machine, or another store."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from airflow_provider_adls.hooks.ends import LOCAL, is_lake, lake_end, local_end, other_end, scheme_of
from airflow_provider_adls.model.errors import PathError

if TYPE_CHECKING:
    from airflow_provider_adls.commands.sign_in import Session
    from airflow_provider_adls.transfer.stores import End

#: Beginning of a path of this machine where a path with a slash is the lake's.
_HERE = ("./", "../", "~/")
_HERE_ITSELF = (".", "..", "~")


def local_path(path: str) -> End:
    """Return a path of this machine, or a URL's end."""
    if "://" in path:
        raise PathError(f"{path!r} is a URL: `adls-gen1 cp` copies from and to URLs")
    return local_end(path)


def lake_path(session: Session, path: str) -> End:
    """Return a path of the lake, `/raw`, or `adl://account/raw`."""
    if "://" in path and not is_lake(path):
        raise PathError(f"{path!r} is a URL: `adls-gen1 cp` copies from and to URLs")
    return lake_end(session.lake, path)


def any_path(session: Session, path: str) -> End:
    """Return a path of the lake, `/raw`; of this machine, `./raw` or `file:///raw`; or a URL of any store.

    :raises PathError: for a path that may mean both.
    """
    if path.startswith(_HERE) or path in _HERE_ITSELF:
        return local_end(path)
    if not path.startswith("/") and "://" not in path:
        raise PathError(f"{path!r} may be of both: write ./{path} for this machine, /{path} for the lake")
    if is_lake(path):
        return lake_path(session, path)
    if session.conn_id or scheme_of(path) in LOCAL:
        return other_end(path)
    return _of_fsspec(path)


def _of_fsspec(url: str) -> End:
    from fsspec.core import url_to_fs

    from airflow_provider_adls.transfer.objects import ObjectStore
    from airflow_provider_adls.transfer.stores import End

    try:
        filesystem, path = url_to_fs(url)
    except (ValueError, ImportError) as error:
        raise PathError(f"fsspec has no file system for {scheme_of(url)}://: {error}") from None
    return End(ObjectStore(filesystem), path, url.endswith("/"))


async def placed(source: End, target: End, *, several: bool) -> End:
    """Return the end that a source is copied to.

    A file goes into a directory that exists, and what is one of several, or goes to a name with a slash at
    its end, keeps its name below it, a directory too.

    :param several: whether there are more sources.
    """
    try:
        file = await source.store.look(source.path.rstrip("/") or "/")
        is_directory = False
    except IsADirectoryError:
        file, is_directory = None, True
    if is_directory:
        name = _name(source)
        if not (several or target.into) or not name or source.into:
            return target._replace(into=False)
        return target._replace(path=target.store.join(target.path, name), into=False)
    if file is None:
        # A glob, or nothing: the transfer says what it finds.
        return target
    try:
        await target.store.look(target.path.rstrip("/") or "/")
    except IsADirectoryError:
        return target._replace(into=True)
    return target._replace(into=target.into or several)


def _name(end: End) -> str:
    path = end.path.rstrip("/")
    if path in {".", ".."} or path.endswith(("/.", "/..")):
        path = os.path.abspath(path)  # noqa: PTH100 - a path of this machine, links left alone
    return path.rpartition("/")[2]
