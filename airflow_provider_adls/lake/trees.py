"""What is to be moved: the files of a path, tree or glob, by their place below its root.

One rule for every side of a transfer. Of a glob, what stands before its first wildcard is the root, so that
the shape of the tree is kept: ``/in/*/day.csv`` gives ``a/day.csv`` and ``b/day.csv``. A directory stands for
everything in it, but for files that are not whole yet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow_provider_adls.lake.matches import find_matches, glob_root, inside, is_glob
from airflow_provider_adls.model.errors import PathError, PathNotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from airflow_provider_adls.filesystem.file_system import ADLSGen1FileSystem


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


@dataclass
class Tree:
    """Files and directories below a root.

    :param root: its path.
    :param files: sorted by place.
    :param directories: places of the directories below the root.
    :param is_glob: whether it is of a glob, and the root a directory that holds more.
    """

    root: str = ""
    files: list[File] = field(default_factory=list)
    directories: list[str] = field(default_factory=list)
    is_glob: bool = False

    @property
    def size(self) -> int:
        """Bytes in all files."""
        return sum(file.size for file in self.files)

    @property
    def empty_directories(self) -> list[str]:
        """Directories that no file or other directory implies; the root itself if there is nothing."""
        places = [*self.directories, *(file.place for file in self.files)]
        holders = {place.rpartition("/")[0] for place in places}
        return [place for place in self.directories if place not in holders] if places else [""]


async def lake_tree(filesystem: ADLSGen1FileSystem, path: str) -> Tree:
    """What an absolute path of one account stands for.

    :raises PathNotFoundError: if there is nothing.
    """
    matches = await filesystem.told(find_matches(filesystem, path))
    found = await inside(filesystem, matches)
    if not found:
        raise PathNotFoundError("nothing in the lake matches", path=path, account=filesystem.account_name)
    return tree_of(path, found, is_glob=is_glob(path) and path not in matches)


def tree_of(path: str, found: Mapping[str, dict[str, Any]], *, is_glob: bool) -> Tree:
    """The tree of what was found at a path, or by a glob.

    :param found: fsspec's details by path.
    :raises PathError: for a name that would come to lie outside of the tree.
    """
    # A root without its slash, so that every place below it begins after the same number of characters.
    tree = Tree(glob_root(path) if is_glob else path.rstrip("/"), is_glob=is_glob)
    for name, info in sorted(found.items()):
        place = name[len(tree.root) + 1 :]
        if not {"", ".", ".."}.isdisjoint(place.split("/")) and place:
            raise PathError(f"{name} has a name that no file can be given: it would lie outside of its tree")
        if info["type"] == "file":
            tree.files.append(File(place, name, info["size"] or 0, modified(info)))
        elif place:
            tree.directories.append(place)
    return tree


def modified(info: Mapping[str, Any]) -> float | None:
    """When a file was written, of fsspec's details: seconds since 1970, None where they do not say."""
    for key in ("mtime", "LastModified", "last_modified", "updated", "modified", "created"):
        value = info.get(key)
        if isinstance(value, (int, float)):
            return float(value)
        if isinstance(value, str):
            value = _read(value)
        if isinstance(value, datetime):
            return (value if value.tzinfo else value.replace(tzinfo=UTC)).timestamp()
    return None


def _read(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None
