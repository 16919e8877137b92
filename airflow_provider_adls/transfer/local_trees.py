"""The trees of this machine. A wildcard passes over names that begin with a dot, as in a shell."""

from __future__ import annotations

import errno
import fnmatch
import heapq
import os
import stat
from collections.abc import Iterator
from typing import NamedTuple

from airflow_provider_adls.lake.glob import glob_root, is_glob
from airflow_provider_adls.lake.trees import ALL, DeadLinkError, File, Scan
from airflow_provider_adls.model import paths
from airflow_provider_adls.transfer.spool import Spool

#: Names of a folder that are in memory; for more the folder is read again.
_NAMES = 50_000
# Paths are strings here, as globs are.
# ruff: noqa: PTH110, PTH111, PTH112, PTH114, PTH116, PTH118


def local_entries(path: str, scan: Scan = ALL) -> Iterator[File | Folder]:
    """Yield the files that a path or a glob stands for, and the empty folders; links to files are followed.

    A link that is not followed is a file without content.

    :raises FileNotFoundError: if nothing exists there.
    :raises DeadLinkError: for a link that leads nowhere, where links are followed.
    :raises ValueError: for what is neither a file nor a directory, and for a link that leads back to a
        directory above it.
    """
    path = os.path.expanduser(path)
    is_pattern = is_glob(path) and not os.path.lexists(path)
    if not is_pattern and not os.path.lexists(path):
        raise missing(path)
    with Spool() as seen:
        root = path.rstrip("/") or "/"
        matches = iter([(path, "")])
        if is_pattern:
            before = glob_root(path)
            root = before or ("/" if path.startswith("/") else ".")
            matches = _matched(path, root, path[len(before) :].removeprefix("/").split("/"))
        # Only such a glob matches what is in another match.
        reader = _Reader(scan, seen if is_pattern and ("**" in path or "/.." in path) else None)
        is_there = False
        for match, place in matches:
            is_there = True
            for entry in reader.entries(match, place):
                if isinstance(entry, File) or entry.is_empty:
                    yield entry
        if not is_there:
            raise missing(path)


def _matched(path: str, root: str, pattern: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the matches of a glob, each with its place."""
    try:
        for match in _matches(root, pattern):
            place = os.path.relpath(match, root)
            yield match, "" if place == "." else place
    except FileNotFoundError as error:
        raise missing(path, f"the directory {error.filename} does not exist") from error


def missing(path: str, why: str = "") -> FileNotFoundError:
    """Return the error for a path where nothing is."""
    if not why and not os.path.isabs(path):  # noqa: PTH117 - as above
        why = f"the working directory is {os.getcwd()}"  # noqa: PTH109 - as above
    message = f"nothing on this machine is at {path}{f': {why}' if why else ''}"
    error = FileNotFoundError(message)
    error.errno = errno.ENOENT
    return error


class Folder(NamedTuple):
    """A directory.

    :param place: below the root of its tree.
    :param is_empty: whether nothing of the tree is in it.
    """

    place: str
    is_empty: bool = False


class _Reader:
    """Reads files and directories.

    :param seen: places that were read and are not read again, as of a glob with matches in each other.
    """

    def __init__(self, scan: Scan, seen: Spool | None) -> None:
        self._seen = seen
        self._scan = scan

    def entries(
        self, path: str, place: str, above: tuple[tuple[int, int], ...] = ()
    ) -> Iterator[File | Folder]:
        """Yield a file or directory, and all that is in it.

        :param above: identities of the directories above it.
        """
        if self._seen is not None and not self._seen.add(place):
            return
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
            yield File(place, path, 0)
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
        is_empty = True
        for name in sorted_names(path):
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
        found = _visible(folder, segment) if is_glob(segment) else iter([os.path.join(folder, segment)])
        for path in found:
            if not rest and os.path.lexists(path):
                yield path
            elif rest and os.path.isdir(path):
                yield from _matches(path, rest)


def _visible(folder: str, segment: str) -> Iterator[str]:
    """Yield paths in a folder that match; names that begin with a dot only if the segment does."""
    for name in sorted_names(folder):
        if fnmatch.fnmatch(name, segment) and (segment[0] == "." or name[0] != "."):
            yield os.path.join(folder, name)


def sorted_names(folder: str, after: str = "") -> Iterator[str]:
    """Yield the names in a folder that come after one, in their order, and not all of them in memory."""
    while True:
        with os.scandir(folder) as entries:
            names = heapq.nsmallest(_NAMES, (entry.name for entry in entries if entry.name > after))
        yield from names
        if len(names) < _NAMES:
            return
        after = names[-1]


def _identity(path: str, status: os.stat_result, above: tuple[tuple[int, int], ...]) -> tuple[int, int]:
    """Return what identifies a directory, whatever links lead to it.

    :raises ValueError: if it is one of those above.
    """
    identity = (status.st_dev, status.st_ino)
    if identity in above:
        raise ValueError(f"{path} is a link that leads back to a directory above it")
    return identity
