"""The trees of this machine. A wildcard passes over names that begin with a dot, as in a shell."""

from __future__ import annotations

import errno
import fnmatch
import os
import stat
from collections.abc import Iterator
from typing import NamedTuple

from airflow_provider_adls.lake.glob import glob_root, is_glob
from airflow_provider_adls.lake.trees import ALL, DeadLinkError, File, Scan, Tree
from airflow_provider_adls.model import paths

# Paths are strings here, as globs are.
# ruff: noqa: PTH110, PTH111, PTH112, PTH114, PTH116, PTH118, PTH208


def local_tree(path: str, scan: Scan = ALL) -> Tree:
    """Return what a path of this machine stands for. Links to files are followed.

    :raises FileNotFoundError: if nothing exists there.
    :raises DeadLinkError: for a link that leads nowhere, where links are followed.
    :raises ValueError: for what is neither a file nor a directory, and for a link that leads back to a
        directory above it.
    """
    path = os.path.expanduser(path)
    if os.path.lexists(path):
        reader = _Reader(path.rstrip("/") or "/", scan, is_glob=False)
        reader.read(path, "")
    elif is_glob(path):
        before = glob_root(path)
        root = before or ("/" if path.startswith("/") else ".")
        reader = _Reader(root, scan, is_glob=True)
        try:
            matches = sorted(_matches(root, path[len(before) :].removeprefix("/").split("/")))
        except FileNotFoundError as error:
            raise _missing(path, f"there is no directory {error.filename}") from error
        for match in matches:
            place = os.path.relpath(match, root)
            reader.read(match, "" if place == "." else place)
    else:
        raise _missing(path)
    if not reader.seen:
        raise _missing(path)
    return reader.tree.sort()


def _missing(path: str, why: str = "") -> FileNotFoundError:
    if not why and not os.path.isabs(path):  # noqa: PTH117 - as above
        why = f"the working directory is {os.getcwd()}"  # noqa: PTH109 - as above
    message = f"nothing on this machine is at {path}{f': {why}' if why else ''}"
    error = FileNotFoundError(message)
    error.errno = errno.ENOENT
    return error


def local_entries(folder: str, scan: Scan = ALL) -> Iterator[File | Folder]:
    """Yield the files of a folder and the empty folders in it, however deep; nothing is kept of them.

    :raises DeadLinkError: as :func:`local_tree` does, and `ValueError` with it.
    """
    folder = os.path.expanduser(folder).rstrip("/") or "/"
    for entry in _Reader(folder, scan, is_glob=False, remembers=False).entries(folder, ""):
        if isinstance(entry, File) or entry.is_empty:
            yield entry


class Folder(NamedTuple):
    """A directory, or a link that is an entry itself.

    :param place: below the root of its tree.
    :param is_empty: whether nothing of the tree is in it.
    """

    place: str
    is_empty: bool = False
    is_link: bool = False


class _Reader:
    """Reads files and directories into a tree.

    :param remembers: whether what was read is not read again, as of a glob with matches in each other.
    """

    def __init__(self, root: str, scan: Scan, *, is_glob: bool, remembers: bool = True) -> None:
        self.tree = Tree(root, is_glob=is_glob)
        self.seen: set[str] = set()
        self._scan = scan
        self._remembers = remembers

    def read(self, path: str, place: str) -> None:
        """Read a file or directory, and all that is in it, into the tree."""
        for entry in self.entries(path, place):
            if isinstance(entry, File):
                self.tree.files.append(entry)
            elif entry.is_link:
                self.tree.links.append(entry.place)
            elif entry.place:
                self.tree.directories.append(entry.place)

    def entries(
        self, path: str, place: str, above: tuple[tuple[int, int], ...] = ()
    ) -> Iterator[File | Folder]:
        """Yield a file or directory, and all that is in it.

        :param above: identities of the directories above it.
        """
        if self._remembers:
            if place in self.seen:
                return
            self.seen.add(place)
        try:
            yield from self._read(path, place, above)
        except (OSError, ValueError) as error:
            self._scan.failed(path, error)

    def _read(self, path: str, place: str, above: tuple[tuple[int, int], ...]) -> Iterator[File | Folder]:
        directory = os.path.isdir(path)
        link = bool(place) and os.path.islink(path)
        dead = link and not os.path.exists(path)
        # A link that is not followed is an entry itself, as a file is.
        entry = link and not self._scan.follow_links and (directory or dead)
        if place and not self._scan.wanted(place, directory and not entry):
            return
        if entry:
            yield Folder(place, is_link=True)
            return
        if dead:
            raise DeadLinkError(errno.ENOENT, "the link leads nowhere", path)
        try:
            status = os.stat(path)
        except FileNotFoundError:
            if place:
                # Removed after its directory was listed.
                return
            raise
        if stat.S_ISREG(status.st_mode):
            if not self._scan.chooses(path, status.st_mtime):
                return
            yield File(place, path, status.st_size, status.st_mtime)
            return
        if not stat.S_ISDIR(status.st_mode):
            raise ValueError(f"{path} is neither a file nor a directory")
        above = (*above, _identity(path, status, above))
        names = os.listdir(path)
        is_empty = True
        for name in names:
            if not paths.is_unfinished(name):
                for below in self.entries(
                    os.path.join(path, name), f"{place}/{name}" if place else name, above
                ):
                    is_empty = False
                    yield below
        yield Folder(place, is_empty=is_empty)


def _matches(folder: str, pattern: list[str], above: tuple[tuple[int, int], ...] = ()) -> Iterator[str]:
    """Return paths below a folder that match a pattern, given by its segments, as the glob module means it.

    That module passes over folders that may not be read, so that a part would be missing unnoticed, and
    goes round in a tree with two links that lead back until a user stops it.
    """
    segment, *rest = pattern
    if segment == "**" and rest:
        yield from _matches(folder, rest)
        above = (*above, _identity(folder, os.stat(folder), above))
        for path in _visible(folder, "*"):
            if os.path.isdir(path):
                yield from _matches(path, pattern, above)
    elif segment == "**":
        yield folder
    else:
        found = _visible(folder, segment) if is_glob(segment) else [os.path.join(folder, segment)]
        for path in found:
            if not rest and os.path.lexists(path):
                yield path
            elif rest and os.path.isdir(path):
                yield from _matches(path, rest)


def _visible(folder: str, segment: str) -> list[str]:
    """Return paths in a folder that match; names that begin with a dot only if the segment does."""
    names = fnmatch.filter(os.listdir(folder), segment)
    return [os.path.join(folder, name) for name in names if segment[0] == "." or name[0] != "."]


def _identity(path: str, status: os.stat_result, above: tuple[tuple[int, int], ...]) -> tuple[int, int]:
    """Return what identifies a directory, whatever links lead to it.

    :raises ValueError: if it is one of those above.
    """
    identity = (status.st_dev, status.st_ino)
    if identity in above:
        raise ValueError(f"{path} is a link that leads back to a directory above it")
    return identity
