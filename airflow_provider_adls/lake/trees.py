"""`Tree`: the files of a path, directory or glob, by their place below its root.

One rule for every side of a transfer. The root of a glob is the directory before its first wildcard, so that
the shape of the tree is kept: ``/in/*/day.csv`` gives ``a/day.csv`` and ``b/day.csv``. A directory stands for
everything in it, but for files that are not whole yet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from airflow_provider_adls.lake.glob import glob_root, is_glob
from airflow_provider_adls.lake.hints import with_hints
from airflow_provider_adls.lake.matches import find_inside, find_matches
from airflow_provider_adls.model.errors import PathError, PathNotFoundError
from airflow_provider_adls.model.times import ALWAYS, Period

if TYPE_CHECKING:
    from airflow_provider_adls.lake.view import View
    from airflow_provider_adls.model.status import FileStatus


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
        are the tree's links.
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

    def failed(self, path: str, error: OSError | ValueError) -> None:
        """Record that a path cannot be read, or raise."""
        if self.fail is None:
            raise error
        self.fail(path, error)


#: Everything, and the first failure is raised.
ALL = Scan()


@dataclass
class Tree:
    """Files and directories below a root.

    :param root: its path.
    :param files: sorted by place.
    :param directories: places of the directories below the root, sorted.
    :param is_glob: whether it is of a glob, and the root a directory that holds more.
    :param links: places of links to directories, or to nothing, where links are not followed.
    :param parts: the trees of the directories of a list, by their places in this one.
    """

    root: str = ""
    files: list[File] = field(default_factory=list)
    directories: list[str] = field(default_factory=list)
    is_glob: bool = False
    links: list[str] = field(default_factory=list)
    parts: dict[str, Tree] = field(default_factory=dict)

    @classmethod
    def of(cls, path: str, *, is_glob: bool) -> Tree:
        """Return the empty tree of a path, or of a glob."""
        # A root without its slash, so that every place below it begins after the same number of characters.
        return cls(glob_root(path) if is_glob else path.rstrip("/"), is_glob=is_glob)

    @property
    def size(self) -> int:
        """Bytes in all files."""
        return sum(file.size for file in self.files)

    @property
    def empty_directories(self) -> list[str]:
        """Directories that no file or other directory implies; the root itself if the tree is empty."""
        places = [*self.directories, *(file.place for file in self.files)]
        holders = {place.rpartition("/")[0] for place in places}
        return [place for place in self.directories if place not in holders] if places else [""]

    def place(self, path: str) -> str:
        """Return the place of a path below the root.

        :raises PathError: for a name that would lie outside of the tree.
        """
        place = path[len(self.root) + 1 :]
        if place and not {"", ".", ".."}.isdisjoint(place.split("/")):
            raise PathError(f"{path} has a name that no file can be given: it would lie outside of its tree")
        return place

    def add(self, path: str, *, directory: bool, size: int = 0, modified: float | None = None) -> None:
        """Add a file or directory."""
        place = self.place(path)
        if not directory:
            self.files.append(File(place, path, size, modified))
        elif place:
            self.directories.append(place)

    def sort(self) -> Tree:
        """Sort what the tree holds by place, and return the tree."""
        self.files.sort()
        self.directories.sort()
        self.links.sort()
        return self


async def lake_tree(view: View, path: str, scan: Scan = ALL) -> Tree:
    """Return what an absolute path of one account, or a glob, stands for.

    :raises PathNotFoundError: if nothing exists there.
    """
    period = scan.period

    def in_period(_name: str, status: FileStatus) -> bool:
        return status.is_directory or status.modification_time / 1000 in period

    matches = await with_hints(view.client, find_matches(view, path, wanted=in_period))
    if not matches:
        why = f", modified {period}" if period else ""
        raise PathNotFoundError(f"nothing in the lake matches{why}", path=path, account=view.client.account)
    tree = Tree.of(path, is_glob=is_glob(path) and path not in matches)

    def wanted(name: str, status: FileStatus) -> bool:
        place = tree.place(name)
        return in_period(name, status) and (not place or scan.wanted(place, status.is_directory))

    matches = {name: status for name, status in matches.items() if wanted(name, status)}
    found = await with_hints(view.client, find_inside(view, matches, wanted=wanted, fail=scan.fail))
    for name, status in found.items():
        modified = status.modification_time / 1000
        tree.add(name, directory=status.is_directory, size=status.length, modified=modified)
    return tree.sort()
