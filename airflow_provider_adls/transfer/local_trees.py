"""The trees of this machine. A wildcard passes over names that begin with a dot, as in a shell."""

from __future__ import annotations

import errno
import heapq
import os
import stat
from collections.abc import Iterator
from typing import NamedTuple

from airflow_provider_adls.lake.glob import glob_root, is_glob
from airflow_provider_adls.lake.trees import ALL, DeadLinkError, File, Scan
from airflow_provider_adls.model import paths
from airflow_provider_adls.transfer.globs import GlobMatcher

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
        directory above it, or a glob with ``..`` after a wildcard.
    """
    path = os.path.expanduser(path)
    root = path.rstrip("/") or "/"
    matcher: GlobMatcher | None = None
    if not os.path.lexists(path):
        if not is_glob(path):
            raise missing(path)
        root = glob_root(path) or ("/" if path.startswith("/") else ".")
        matcher = GlobMatcher(path, hides_dots=True)
        if not os.path.isdir(root):
            raise missing(path, f"the directory {root} does not exist")
    reader = _Reader(scan, matcher)
    for entry in reader.entries(root, ""):
        if isinstance(entry, File) or entry.is_empty:
            yield entry
    if not reader.has_matched:
        raise missing(path)


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

    :param matcher: matches the places of a glob; None for all.
    """

    def __init__(self, scan: Scan, matcher: GlobMatcher | None) -> None:
        self._scan = scan
        self._matcher = matcher
        self.has_matched = matcher is None

    def entries(
        self, path: str, place: str, above: tuple[tuple[int, int], ...] = ()
    ) -> Iterator[File | Folder]:
        """Yield a file or directory, and all that is in it.

        :param above: identities of the directories above it.
        """
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
        is_way = directory and not entry
        if place and not (self._scan.wanted(place, is_way) and self._matches(place, directory=is_way)):
            return
        is_whole = not is_way or self._matcher is None or self._matcher.is_whole(place)
        self.has_matched = self.has_matched or is_whole
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
        if is_whole:
            yield Folder(place, is_empty=is_empty)

    def _matches(self, place: str, *, directory: bool) -> bool:
        return self._matcher is None or self._matcher(place, directory)


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
