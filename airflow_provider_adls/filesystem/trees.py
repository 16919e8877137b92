"""What is to be moved: the files of a path, tree or glob, by their place below its root.

One rule for every side of a transfer. Of a glob, what stands before its first wildcard is the root, so that
the shape of the tree is kept: ``/in/*/day.csv`` gives ``a/day.csv`` and ``b/day.csv``. A directory stands for
everything in it, but for files that are not whole yet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from airflow_provider_adls.filesystem.matches import glob_root, is_glob, known_matches, with_contents
from airflow_provider_adls.gen1.errors import PathNotFoundError

if TYPE_CHECKING:
    from airflow_provider_adls.filesystem.file_system import ADLSGen1FileSystem


@dataclass
class Tree:
    """Files and directories below a root.

    :param files: for each file its place below the root, its path, and its length in bytes. The place
        is empty where the root is the file itself.
    :param directories: places of the directories below the root.
    """

    files: list[tuple[str, str, int]] = field(default_factory=list)
    directories: list[str] = field(default_factory=list)

    @property
    def empty_directories(self) -> list[str]:
        """Directories that no file or other directory implies; the root itself if there is nothing."""
        places = [*self.directories, *(place for place, _, _ in self.files)]
        holders = {place.rpartition("/")[0] for place in places}
        return [place for place in self.directories if place not in holders] if places else [""]

    @property
    def size(self) -> int:
        """Bytes in all files."""
        return sum(length for _, _, length in self.files)


def lake_tree(filesystem: ADLSGen1FileSystem, path: str) -> Tree:
    """What an absolute path of one account stands for.

    :raises PathNotFoundError: if there is nothing.
    """
    matches = known_matches(filesystem, path)
    # A root without its slash, so that every place below it begins after the same number of characters.
    root = glob_root(path) if is_glob(path) and path not in matches else path.rstrip("/")
    found = with_contents(filesystem, matches)
    if not found:
        raise PathNotFoundError("nothing in the lake matches", path=path, account=filesystem.account_name)
    tree = Tree()
    for name, info in sorted(found.items()):
        place = name[len(root) + 1 :]
        if ".." in place.split("/"):
            raise ValueError(f"{name} would come to lie outside of its tree")
        if info["type"] == "file":
            tree.files.append((place, name, info["size"]))
        elif place:
            tree.directories.append(place)
    return tree
