"""Pairs of a source and its destination, as fsspec's `copy`, `get` and `put` make them.

fsspec takes any name with ``[``, ``?`` or ``*`` for a glob. Here a path that exists is not a glob.
"""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any, Protocol

from fsspec.implementations.local import LocalFileSystem, make_path_posix
from fsspec.utils import other_paths, stringify_path

from airflow_provider_adls.lake.glob import is_glob

if TYPE_CHECKING:
    from collections.abc import Sequence

Paths = str | list[str]


class Side(Protocol):
    """One side of a copy: finds what its paths name."""

    async def _is_pattern(self, path: str) -> bool:
        """Return whether a path has wildcards and nothing exists at it."""
        ...

    async def _expand_path(
        self,
        path: Any,
        recursive: bool = False,  # noqa: FBT001, FBT002 - fsspec's
        maxdepth: int | None = None,
    ) -> list[str]:
        """Return the paths that a path, a glob, or a list of both names."""
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

    async def _expand_path(
        self,
        path: Paths,
        recursive: bool = False,  # noqa: FBT001, FBT002 - fsspec's
        maxdepth: int | None = None,
    ) -> list[str]:
        """Return the paths that a path, a glob, or a list of both names."""
        return await asyncio.to_thread(self._expanded, path, recursive=recursive, maxdepth=maxdepth)

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
) -> tuple[list[str], list[str]]:
    """Return the sources of a copy and their destinations, in the same order; none if there is no file.

    :param source: a path, a glob, or a list of both.
    :param destination: a path, or one for each source.
    :raises FileNotFoundError: if a glob matches nothing.
    :raises ValueError: for two lists of different lengths.
    """
    source = source if isinstance(source, list) else stringify_path(source)
    if isinstance(source, list) and isinstance(destination, list):
        if len(source) != len(destination):
            raise ValueError(f"{len(source)} sources need as many destinations, not {len(destination)}")
        return source, destination
    one = isinstance(source, str)
    pattern = isinstance(source, str) and await origin._is_pattern(source)  # noqa: SLF001 - fsspec's names
    sources = await origin._expand_path(source, recursive=recursive, maxdepth=maxdepth)  # noqa: SLF001 - as above
    if one and (not recursive or maxdepth is not None):
        # Only a recursive copy takes directories.
        sources = [path for path in sources if not await origin._isdir(path)]  # noqa: SLF001 - as above
    if not sources:
        return [], []
    destination = stringify_path(destination)
    assert isinstance(destination, str)
    into = destination.endswith("/") or await target._isdir(destination)  # noqa: SLF001 - as above
    keeps_name = one and (
        (pattern and len(sources) == 1) or (not pattern and into and not source.endswith("/"))  # type: ignore[union-attr] # one path
    )
    return sources, other_paths(sources, destination, exists=keeps_name, flatten=not one)


def local_paths(path: Any) -> Any:
    """Return a path of this machine, or a list of such, with slashes; one slash at its end stays."""
    return make_path_posix(path)


def refuse_outside(root: str, paths: Sequence[str]) -> None:
    """Raise if a name from a listing would put a copy outside of its destination.

    :raises ValueError: naming the path.
    """
    base = os.path.abspath(root)  # noqa: PTH100 - Path would resolve links
    for path in paths:
        if not f"{os.path.abspath(path)}/".startswith(f"{base.rstrip('/')}/"):  # noqa: PTH100 - as above
            raise ValueError(f"{path} would be outside of {root}: nothing was copied")
