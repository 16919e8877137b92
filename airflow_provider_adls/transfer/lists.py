"""`read_list`: what a list of paths stands for, each of them literally, as one tree.

Each path goes below the target under its own name, as `cp` does it: a file as a file, a directory with all
that it holds. So the place of a copy does not depend on which other paths the list has.
"""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

from airflow_provider_adls.lake.blocks import at_once
from airflow_provider_adls.lake.trees import File, Scan, Tree

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_adls.transfer.stores import End

#: Paths that are looked at at once.
_PARALLEL = 32


async def read_list(
    source: End,
    target: End,
    scan: Scan,
    *,
    keeps_shape: bool,
    ignore_if_missing: bool,
    moved_name: Callable[[str], str] | None,
) -> Tree:
    """Return the files of a list of paths, by the names that they get below the target.

    :param keeps_shape: whether a directory stays one below the target.
    :param ignore_if_missing: whether missing paths are passed over.
    :param moved_name: returns the name of a file's copy, where sources are deleted after it.
    :raises FileNotFoundError: for an empty list, and for a path where nothing exists, unless that is ignored,
        or an earlier try has moved it.
    :raises ValueError: if two of the paths have one name.
    """
    listed = _uppermost(source.paths or ())
    if not listed:
        raise _missing("the list of paths is empty, so that there is nothing to copy")
    if not all(map(_name, listed)):
        raise ValueError("a root has no name that it could keep: a list of paths holds files and directories")
    found: dict[str, Tree | File | None] = {}

    async def look(path: str) -> None:
        try:
            found[path] = await source.store.look(path)
        except IsADirectoryError:
            found[path] = await source.store.tree(path, scan)

    await at_once(look, listed, _PARALLEL)
    missing = [path for path in listed if found[path] is None and not ignore_if_missing]
    if moved_name:
        missing = await _without_moved(missing, target, moved_name)
    if missing:
        more = f" (and at {len(missing) - 1} more)" if len(missing) > 1 else ""
        raise _missing(f"nothing is at {source.store.shown(missing[0])}{more}; nothing was copied")
    names = _names([path for path in listed if found[path]], source, target, keeps_shape=keeps_shape)
    whole = Tree(is_glob=True)
    for path, name in names.items():
        one = found[path]
        if isinstance(one, Tree):
            whole.parts[name] = one
            whole.directories += [name, *(f"{name}/{place}" for place in one.directories)]
            whole.files += [file._replace(place=f"{name}/{file.place}") for file in one.files]
        elif one is not None and scan.chooses(path, one.modified):
            whole.files.append(one._replace(place=name))
    return whole.sort()


def _uppermost(paths: tuple[str, ...]) -> list[str]:
    """Return each path once, without those below another."""
    kept: list[str] = []
    for path in sorted({path.rstrip("/") for path in paths}, key=lambda path: path.split("/")):
        if not kept or not path.startswith(f"{kept[-1]}/"):
            kept.append(path)
    return kept


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _names(listed: list[str], source: End, target: End, *, keeps_shape: bool) -> dict[str, str]:
    """Return the name of each path below the target.

    :raises ValueError: if two have one, and keep their shape.
    """
    names: dict[str, str] = {}
    taken: dict[str, str] = {}
    for path in listed:
        name = names[path] = _name(path)
        other = taken.setdefault(name, path)
        if other != path and keeps_shape:
            raise ValueError(
                f"{source.store.shown(other)} and {source.store.shown(path)} would both become"
                f" {target.store.shown(target.store.join(target.path, name))}; nothing was copied. A glob or"
                " the directory above them, in place of a list, keeps relative paths"
            )
    return names


async def _without_moved(missing: list[str], target: End, moved_name: Callable[[str], str]) -> list[str]:
    """Return those of the missing paths that no earlier try has moved to the target."""
    moved: set[str] = set()

    async def look(path: str) -> None:
        try:
            copy = await target.store.look(target.store.join(target.path, moved_name(_name(path))))
        except IsADirectoryError:
            moved.add(path)
        else:
            if copy is not None:
                moved.add(path)

    await at_once(look, missing, _PARALLEL)
    return [path for path in missing if path not in moved]


def _missing(message: str) -> FileNotFoundError:
    error = FileNotFoundError(message)
    error.errno = errno.ENOENT
    return error
