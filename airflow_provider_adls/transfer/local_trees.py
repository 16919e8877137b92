"""The trees of this machine. A wildcard passes over names that begin with a dot, as in a shell."""

from __future__ import annotations

import fnmatch
import os
import stat
from collections.abc import Iterator

from airflow_provider_adls.lake.matches import glob_root, is_glob
from airflow_provider_adls.lake.trees import File, Tree
from airflow_provider_adls.model import paths


def local_tree(path: str) -> Tree:
    """What a path of this machine stands for. Links are followed.

    :raises FileNotFoundError: if there is nothing.
    :raises ValueError: for something that is neither file nor directory, and for a link that leads back
        to a directory above it.
    """
    path = os.path.expanduser(path)  # noqa: PTH111 - globs are strings
    found: dict[str, str | None] = {}
    root = path.rstrip("/") or "/"
    if os.path.lexists(path):
        found.update(_local_entries(path, ""))
    elif is_glob(path):
        before = glob_root(path)
        root = before or ("/" if path.startswith("/") else ".")
        for match in sorted(_local_matches(root, path[len(before) :].removeprefix("/").split("/"))):
            place = os.path.relpath(match, root)
            if place not in found:
                found.update(_local_entries(match, "" if place == "." else place))
    if not found:
        raise FileNotFoundError(f"nothing on this machine is at {path}")
    tree = Tree(root, is_glob=not os.path.lexists(path))
    for place, file in sorted(found.items()):
        if file is not None:
            status = os.stat(file)  # noqa: PTH116 - strings, as above
            tree.files.append(File(place, file, status.st_size, status.st_mtime))
        elif place:
            tree.directories.append(place)
    return tree


def _local_matches(folder: str, pattern: list[str], above: tuple[tuple[int, int], ...] = ()) -> Iterator[str]:
    """Paths below a folder that match a pattern, given by its segments, as the glob module means it.

    That module passes over folders that may not be read, so that a part would be missing unnoticed, and
    goes round in a tree with two links that lead back until somebody stops it.
    """
    segment, *rest = pattern
    if segment == "**" and rest:
        yield from _local_matches(folder, rest)
        above = (*above, _identity(folder, os.stat(folder), above))  # noqa: PTH116 - strings, as above
        for path in _visible(folder, "*"):
            if os.path.isdir(path):  # noqa: PTH112 - strings, as above
                yield from _local_matches(path, pattern, above)
    elif segment == "**":
        yield folder
    else:
        found = _visible(folder, segment) if is_glob(segment) else [os.path.join(folder, segment)]  # noqa: PTH118
        for path in found:
            if not rest and os.path.lexists(path):
                yield path
            elif rest and os.path.isdir(path):  # noqa: PTH112 - strings, as above
                yield from _local_matches(path, rest)


def _visible(folder: str, segment: str) -> list[str]:
    """Paths in a folder that match; names that begin with a dot only if the segment does."""
    names = fnmatch.filter(os.listdir(folder), segment)  # noqa: PTH208 - strings, as above
    return [os.path.join(folder, name) for name in names if segment[0] == "." or name[0] != "."]  # noqa: PTH118


def _identity(path: str, status: os.stat_result, above: tuple[tuple[int, int], ...]) -> tuple[int, int]:
    """What a directory is known by, whatever links lead to it.

    :raises ValueError: if it is one of those above.
    """
    identity = (status.st_dev, status.st_ino)
    if identity in above:
        raise ValueError(f"{path} is a link that leads back to a directory above it")
    return identity


def _local_entries(
    path: str, place: str, above: tuple[tuple[int, int], ...] = ()
) -> Iterator[tuple[str, str | None]]:
    """Places at and below a path; with its path for a file, with None for a directory."""
    status = os.stat(path)  # noqa: PTH116 - strings, as above
    if stat.S_ISREG(status.st_mode):
        yield place, path
        return
    if not stat.S_ISDIR(status.st_mode):
        raise ValueError(f"{path} is neither a file nor a directory")
    above = (*above, _identity(path, status, above))
    yield place, None
    for name in os.listdir(path):  # noqa: PTH208 - strings, as above
        if paths.is_unfinished(name):
            continue
        below = f"{place}/{name}" if place else name
        yield from _local_entries(os.path.join(path, name), below, above)  # noqa: PTH118
