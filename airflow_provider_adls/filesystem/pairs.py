"""Pairs of a source and its destination, as fsspec's `copy`, `get` and `put` make them.

fsspec takes any name with ``[``, ``?`` or ``*`` for a glob. Here a path that exists is not a glob.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any, Protocol

from fsspec.callbacks import Callback, NoOpCallback
from fsspec.implementations.local import LocalFileSystem, make_path_posix
from fsspec.utils import other_paths, stringify_path

from airflow_provider_adls.lake.blocks import at_once
from airflow_provider_adls.lake.glob import is_glob

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

Paths = str | list[str]


class Side(Protocol):
    """One side of a copy: finds what its paths name."""

    async def _is_pattern(self, path: str) -> bool:
        """Return whether a path has wildcards and nothing exists at it."""
        ...

    async def _expand(self, path: Any, *, recursive: bool, maxdepth: int | None) -> dict[str, Any]:
        """Return the paths that a path, a glob, or a list of both names, sorted.

        :returns: for each its entry, where a listing said it, and None elsewhere.
        """
        ...

    async def _isdir(self, path: str) -> bool:
        """Return whether a directory exists at a path."""
        ...


class LocalSide:
    """This machine as a side of a copy."""

    def __init__(self) -> None:
        self._files = LocalFileSystem()

    async def _is_pattern(self, path: str) -> bool:
        """Return whether a path has wildcards and nothing exists at it."""
        return _is_local_pattern(path)

    async def _expand(self, path: Paths, *, recursive: bool, maxdepth: int | None) -> dict[str, Any]:
        """Return the paths that a path, a glob, or a list of both names, sorted."""
        found = await asyncio.to_thread(self._expanded, path, recursive=recursive, maxdepth=maxdepth)
        return dict.fromkeys(found)

    def _expanded(self, path: Paths, *, recursive: bool, maxdepth: int | None) -> list[str]:
        found: set[str] = set()
        for one in [path] if isinstance(path, str) else path:
            if _is_local_pattern(one):
                found.update(self._files.expand_path(one, recursive=recursive, maxdepth=maxdepth))
                continue
            stripped = self._files._strip_protocol(one)  # noqa: SLF001 - fsspec's own word
            found.add(stripped)
            if recursive:
                found.update(self._files.find(stripped, maxdepth=maxdepth, withdirs=True))
        return sorted(found)

    async def _isdir(self, path: str) -> bool:
        """Return whether a directory exists at a path."""
        return bool(self._files.isdir(path))


def _is_local_pattern(path: str) -> bool:
    return is_glob(path) and not os.path.lexists(path)


async def pair_paths(
    source: Paths,
    destination: Paths,
    origin: Side,
    target: Side,
    *,
    recursive: bool,
    maxdepth: int | None,
) -> tuple[list[tuple[str, str]], dict[str, Any]]:
    """Return the sources of a copy, each with its destination, and what listings said of the sources.

    :param source: a path, a glob, or a list of both.
    :param destination: a path, or one for each source.
    :raises FileNotFoundError: if a glob matches nothing.
    :raises ValueError: for two lists of different lengths.
    """
    source = source if isinstance(source, list) else stringify_path(source)
    if isinstance(source, list) and isinstance(destination, list):
        if len(source) != len(destination):
            raise ValueError(f"{len(source)} sources need as many destinations, not {len(destination)}")
        return list(zip(source, destination, strict=True)), {}
    one = isinstance(source, str)
    pattern = isinstance(source, str) and await origin._is_pattern(source)  # noqa: SLF001 - fsspec's names
    found = await origin._expand(source, recursive=recursive, maxdepth=maxdepth)  # noqa: SLF001 - as above
    sources = list(found)
    if one and (not recursive or maxdepth is not None):
        # Only a recursive copy takes directories.
        sources = [path for path in sources if not await _is_directory(origin, path, found[path])]
    if not sources:
        return [], {}
    destination = stringify_path(destination)
    assert isinstance(destination, str)
    into = destination.endswith("/") or await target._isdir(destination)  # noqa: SLF001 - as above
    keeps_name = one and (
        (pattern and len(sources) == 1) or (not pattern and into and not source.endswith("/"))  # type: ignore[union-attr] # one path
    )
    destinations = other_paths(sources, destination, exists=keeps_name, flatten=not one)
    return list(zip(sources, destinations, strict=True)), found


async def copy_root(source: str, destination: Paths, target: Side) -> str:
    """Return the path that a directory gets: below an existing one, unless a slash ends its own path."""
    path = stringify_path(destination)
    assert isinstance(path, str)
    into = path.endswith("/") or await target._isdir(path)  # noqa: SLF001 - fsspec's name
    name = source.rpartition("/")[2]
    return f"{path.rstrip('/')}/{name}" if into and name else path.rstrip("/") or "/"


def is_folder(path: str) -> bool:
    """Return whether a folder of this machine exists at a path."""
    return os.path.isdir(path)  # noqa: PTH112 - as fsspec's paths are


async def _is_directory(side: Side, path: str, entry: dict[str, Any] | None) -> bool:
    return entry["type"] == "directory" if entry else await side._isdir(path)  # noqa: SLF001 - fsspec's name


async def copy_pairs(
    copy: Callable[..., Awaitable[object]],
    pairs: Sequence[tuple[str, str]],
    callback: Callback,
    lanes: int,
) -> None:
    """Copy each source to its destination, so many at the same time; the first failure stops the others.

    :param copy: coroutine function of a source, a destination and a `callback`.
    :param callback: counts the pairs; each copy gets a branch of it.
    """
    callback.set_size(len(pairs))
    # A branch of no callback is none.
    branch = copy if isinstance(callback, NoOpCallback) else callback.branch_coro(copy)

    async def one(pair: tuple[str, str]) -> None:
        try:
            await branch(*pair)
        finally:
            callback.relative_update(1)

    await at_once(one, pairs, lanes)


def local_paths(path: Any) -> Any:
    """Return a path of this machine, or a list of such, with slashes; one slash at its end stays."""
    return make_path_posix(path)


def refuse_outside(root: str, paths: Iterable[str]) -> None:
    """Raise if a name from a listing would put a copy outside of its destination.

    :raises ValueError: naming the path.
    """
    base = os.path.abspath(root)  # noqa: PTH100 - Path would resolve links
    for path in paths:
        if not f"{os.path.abspath(path)}/".startswith(f"{base.rstrip('/')}/"):  # noqa: PTH100 - as above
            raise ValueError(f"{path} would be outside of {root}: nothing was copied")
