"""Walking a tree in the order of listings: a directory before what is under it, by name (recorded)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.rules.calls import segments

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall
    from airflow_provider_adls.emulator.store import Node

#: Entries of a directory that are read at a time.
_BATCH = 512


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
