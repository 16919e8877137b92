"""Listing the paths of a container: a directory before the paths under it, by name (recorded)."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.rules import access
from airflow_provider_adls.emulator.rules.calls import segments

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall
    from airflow_provider_adls.emulator.store import Node

#: Entries of a directory that are read at a time.
_BATCH = 512


def list_paths(
    call: FileCall, directory: str, *, recursive: bool, start: str, size: int
) -> tuple[list[tuple[str, Node]], str | None]:
    """Return a page of paths under a directory, and the path that the next page begins with.

    The directory itself is not among them (recorded); a file lists as itself (assumed).

    :param start: path to begin with, which need not exist; empty for the beginning.
    :raises StorageError: if the directory is missing.
    """
    top = call.get(directory)
    if not top.directory:
        return [(directory, top)], None
    call.demand(top, access.READ | access.EXECUTE)
    if recursive:
        call.demand_tree(top, access.READ | access.EXECUTE)
    found = walk(call, top, directory, start=start, recursive=recursive)
    page = list(itertools.islice(found, size))
    following = next(found, None)
    return page, None if following is None else following[0]


def with_prefix(call: FileCall, prefix: str, *, start: str, recursive: bool) -> Iterator[tuple[str, Node]]:
    """Give the paths of a container that begin with a text, in order.

    :param prefix: without the slash before it: `dir/na`.
    :param start: path to begin with; empty for the beginning.
    """
    above = f"/{prefix}".rpartition("/")[0] or "/"
    root = call.root()
    top = root if above == "/" else call.find(above)
    if top is None or not top.directory:
        return
    call.demand(top, access.READ | access.EXECUTE)
    if recursive:
        call.demand_tree(top, access.READ | access.EXECUTE)
    first = f"/{prefix}"
    for path, node in walk(call, top, above, start=start or first, recursive=recursive):
        if not path.startswith(first):
            return
        yield path, node


def walk(
    call: FileCall, top: Node, path: str, *, start: str = "", with_top: bool = False, recursive: bool = True
) -> Iterator[tuple[str, Node]]:
    """Give paths and nodes under a directory, in order.

    :param path: of the directory; a file gives itself, if at all.
    :param start: path to begin with, whether it exists or not; empty for the beginning.
    :param with_top: whether the directory itself is given too, unless `start` is beyond it.
    :param recursive: whether directories under it are gone into.
    """
    if with_top and start in ("", path):
        yield path, top
    if top.directory:
        names = _names_below(path, start)
        yield from _below(call, top, path, names, recursive=recursive)


def _names_below(path: str, start: str) -> list[str]:
    """Return the names that lead from a directory down to where the walk begins."""
    above, below = segments(path), segments(start)
    return below[len(above) :] if below[: len(above)] == above else []


def _below(
    call: FileCall, directory: Node, path: str, names: list[str], *, recursive: bool
) -> Iterator[tuple[str, Node]]:
    base = "" if path == "/" else path
    after = ""
    if names:
        first, rest = names[0], names[1:]
        node = call.store.child(directory.id, first)
        if node is not None:
            place = f"{base}/{first}"
            if not rest:
                yield place, node
            if node.directory and recursive:
                yield from _below(call, node, place, rest, recursive=recursive)
        after = first
    while children := call.store.children(directory.id, after=after, limit=_BATCH):
        for node in children:
            place = f"{base}/{node.name}"
            yield place, node
            if node.directory and recursive:
                yield from _below(call, node, place, [], recursive=recursive)
        after = children[-1].name
        if len(children) < _BATCH:
            return
