"""`File` and `Scan`: the files of a path, directory or glob, by their place below its root.

One rule for every side of a transfer. The root of a glob is the directory before its first wildcard, so that
the shape of the tree is kept: ``/in/*/day.csv`` gives ``a/day.csv`` and ``b/day.csv``. A directory stands for
everything in it, but for files that are not whole yet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from airflow_provider_adls.model.times import ALWAYS, Period


class File(NamedTuple):
    """A file of a tree.

    :param place: below the root; empty where the root is the file itself.
    :param path: in its store.
    :param size: bytes.
    :param modified: seconds since 1970; None where the store does not say.
    """

    place: str
    path: str
    size: int
    modified: float | None = None


class DeadLinkError(FileNotFoundError):
    """A link of a tree that leads nowhere."""


@dataclass(frozen=True)
class Scan:
    """Options for reading a tree.

    :param wanted: whether a place is part of the tree; takes the place and whether it is a directory. A
        directory that is not wanted is not listed.
    :param fail: called with a path and an error where something cannot be read; None raises the error.
    :param follow_links: whether links to directories are followed; if not, they and those that lead nowhere
        are files without content.
    :param period: when the files of the tree were modified; others are left out.
    """

    wanted: Callable[[str, bool], bool] = lambda _place, _directory: True
    fail: Callable[[str, Exception], object] | None = None
    follow_links: bool = True
    period: Period = ALWAYS

    def chooses(self, path: str, modified: float | None) -> bool:
        """Return whether a file is chosen by its time; what fails is recorded, or raised."""
        try:
            return self.period.chooses(path, modified)
        except ValueError as error:
            self.failed(path, error)
            return False

    def below(self, place: str) -> Scan:
        """Return the options for reading a directory of the tree on its own."""
        return replace(self, wanted=lambda inside, kind: self.wanted(f"{place}/{inside}", kind))

    def failed(self, path: str, error: OSError | ValueError) -> None:
        """Record that a path cannot be read, or raise."""
        if self.fail is None:
            raise error
        self.fail(path, error)


#: Everything, and the first failure is raised.
ALL = Scan()
