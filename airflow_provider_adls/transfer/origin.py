"""`Origin`: the files that the source of a transfer stands for: one file, a directory, a glob or a list.

Each path of a list is taken literally, and goes below the target under its own name, as `cp` does it: a file
as a file, a directory with all that it holds. So the place of a copy does not depend on which other paths the
list has.
"""

from __future__ import annotations

import errno
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from airflow_provider_adls.lake.blocks import at_once
from airflow_provider_adls.lake.glob import glob_root, is_glob
from airflow_provider_adls.transfer.compression import coded_name
from airflow_provider_adls.transfer.globs import GlobMatcher
from airflow_provider_adls.transfer.options import paths_above
from airflow_provider_adls.transfer.stores import Batch, End

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_adls.lake.trees import File, Scan
    from airflow_provider_adls.transfer.options import Options

#: Paths that are looked at at once, and files of a list that are read at once.
_PARALLEL = 32
_BATCH = 500


class Origin:
    """The files of a source, which are read as often as needed.

    :param end: of the source.
    :param found: the file at each path of a list, or at the one path of the source; None for a directory.
    :param names: of the paths of a list, below the target.
    """

    def __init__(self, end: End, found: dict[str, File | None], names: dict[str, str] | None = None) -> None:
        self.end = end
        self._found = found
        self._names = names or {}
        self.is_list = end.paths is not None
        self.glob: GlobMatcher | None = None
        if not (found or self.is_list):
            self.glob = GlobMatcher(end.path, hides_dots=not end.store.is_shared)

    @property
    def is_file(self) -> bool:
        """Whether the source is one file, and no list."""
        return not self.is_list and self._found.get(self.end.path) is not None

    @property
    def is_directory(self) -> bool:
        """Whether the source is one directory, and no list."""
        return not self.is_list and self.glob is None and not self.is_file

    @property
    def is_known(self) -> bool:
        """Whether it is known without a listing which files there are."""
        return bool(self._found) and None not in self._found.values()

    @property
    def root(self) -> str:
        """Directory that the places of all files are below, where the source is not a list."""
        return self.end.path if self.glob is None else glob_root(self.end.path) or "/"

    @property
    def parts(self) -> list[tuple[str, str]]:
        """Directories of the source but those that a glob matches: each with its place below the target."""
        if self.is_list:
            return [(self._names[path], path) for path, file in self._found.items() if file is None]
        return [("", self.end.path)] if self.is_directory else []

    @property
    def files(self) -> list[tuple[str, str]]:
        """Paths of the files of a list, each with its name below the target."""
        return [(path, name) for path, name in self._names.items() if self._found[path] is not None]

    async def batches(self, scan: Scan, target: End | None = None) -> AsyncGenerator[Batch, None]:
        """Yield the files, and the directories that nothing is in.

        :param target: end whose files are not part of a glob's source.
        :raises FileNotFoundError: if a glob matches nothing.
        """
        store = self.end.store
        if self.glob is not None:
            if target is not None and store == target.store:
                scan = self._outside(target, scan)
            async with aclosing(store.batches(self.end.path, scan)) as batches:
                async for batch in batches:
                    yield batch
            return
        known = [
            file._replace(place=self._names.get(path, ""))
            for path, file in self._found.items()
            if file is not None and scan.chooses(store.shown(path), file.modified)
        ]
        for start in range(0, len(known), _BATCH):
            yield Batch(known[start : start + _BATCH], [])
        for place, path in self.parts:
            part = scan.below(place) if place else scan
            async with aclosing(store.batches(path, part)) as batches:
                async for batch in batches:
                    yield batch.below(place) if place else batch

    def _outside(self, target: End, scan: Scan) -> Scan:
        """Return the options for reading what is not in the target."""
        inside = target.path.rstrip("/").removeprefix(self.root.rstrip("/"))
        if inside == target.path.rstrip("/") and self.root.strip("/"):
            return scan
        return replace(
            scan, wanted=lambda place, kind: place != inside.lstrip("/") and scan.wanted(place, kind)
        )

    def root_of(self, directory: str) -> str:
        """Return which directory of the source one is in, or is: a source itself, which stays.

        :returns: the directory itself where only files of it are sources.
        """
        if self.is_list:
            above = [*paths_above(directory), directory]
            return next((path for path in above if self._found.get(path, self) is None), directory)
        if self.glob is None:
            return self.root
        root = self.root.rstrip("/")
        outermost = self.glob.outermost(directory[len(root) + 1 :])
        return directory if outermost is None else f"{root}/{outermost}"


async def find_origin(source: End, target: End, options: Options) -> Origin:
    """Return what a source stands for.

    :raises FileNotFoundError: if nothing exists there; of a list, if one path is missing, unless that is
        ignored or an earlier try has moved it.
    :raises ValueError: if two paths of a list have one name.
    """
    if source.paths is not None:
        return await _find_listed(source, target, options)
    found: dict[str, File | None] = {}
    try:
        found[source.path] = await source.store.look(source.path)
    except IsADirectoryError:
        return Origin(source, {source.path: None})
    if found[source.path] is not None:
        return Origin(source, found)
    if is_glob(source.path):
        return Origin(source, {})
    raise await source.store.missing(source.path)


def refuse_itself(origin: Origin, target: End) -> None:
    """Refuse to copy a tree into itself, which would grow with each try.

    :raises ValueError: if so.
    """
    store = origin.end.store
    for _, path in origin.parts if store == target.store else []:
        root = path.rstrip("/")
        if target.path == root or target.path.startswith(f"{root}/"):
            raise ValueError(f"{store.shown(path)} is to be copied into itself, to {target.shown}")


async def _find_listed(source: End, target: End, options: Options) -> Origin:
    listed = _uppermost(source.paths or ())
    if not listed:
        if options.ignore_if_missing:
            return Origin(source, {})
        raise _missing("the list of paths is empty, so that there is nothing to copy")
    if not all(map(_name, listed)):
        raise ValueError("a root has no name that it could keep: a list of paths holds files and directories")
    found: dict[str, File | None] = {}

    async def look(path: str) -> None:
        try:
            file = await source.store.look(path)
        except IsADirectoryError:
            found[path] = None
        else:
            if file is not None:
                found[path] = file

    await at_once(look, listed, _PARALLEL)
    missing = [path for path in listed if path not in found and not options.ignore_if_missing]
    if options.delete_source:
        missing = await _without_moved(missing, target, partial(coded_name, compression=options.compression))
    if missing:
        more = f" (and at {len(missing) - 1} more)" if len(missing) > 1 else ""
        raise _missing(f"nothing is at {source.store.shown(missing[0])}{more}; nothing was copied")
    found = {path: found[path] for path in listed if path in found}
    names = _names([*found], source, target, keeps_shape=options.keep_directory_structure)
    return Origin(source, found, names)


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
    copies = {path: target.store.join(target.path, moved_name(_name(path))) for path in missing}
    moved = await target.store.existing([*copies.values()])
    return [path for path, copy in copies.items() if copy not in moved]


def _missing(message: str) -> FileNotFoundError:
    error = FileNotFoundError(message)
    error.errno = errno.ENOENT
    return error
