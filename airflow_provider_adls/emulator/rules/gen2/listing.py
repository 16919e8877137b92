"""Listing the paths of a container, page by page."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.rules import access
from airflow_provider_adls.emulator.rules.gen2.trees import walk

if TYPE_CHECKING:
    from airflow_provider_adls.emulator.rules.gen2.calls import FileCall
    from airflow_provider_adls.emulator.store import Node


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
