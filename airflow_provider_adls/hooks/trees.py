"""What a path, tree or glob stands for: the files of it, by their place below the root.

One rule for both sides of a transfer. A path that exists is that file or directory, even if its name
looks like a glob. Of a glob, what stands before its first wildcard is the root, so that the shape of
the tree is kept: ``/in/*/day.csv`` gives ``a/day.csv`` and ``b/day.csv``. A directory stands for
everything in it, but for files that are not whole yet: uploads and downloads write them under hidden
names, and a killed one leaves them behind.

A wildcard passes over names that begin with a dot on this machine, as it does in a shell; in the lake it
does not, as in fsspec.
"""

from __future__ import annotations

import fnmatch
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.gen1 import paths
from airflow_provider_adls.gen1.errors import PathNotFoundError

if TYPE_CHECKING:
    from airflow_provider_adls.filesystem import ADLSGen1FileSystem

_MAGIC = re.compile(r"[*?\[]")


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


def is_glob(path: str) -> bool:
    """Whether a path has wildcards."""
    return bool(_MAGIC.search(path))


def glob_root(path: str) -> str:
    """The directory before the first wildcard, without a slash at its end."""
    return path[: _MAGIC.search(path).start()].rpartition("/")[0]  # type: ignore[union-attr] # is_glob said so


def local_tree(path: str) -> Tree:
    """What a path of this machine stands for. Links are followed.

    :raises FileNotFoundError: if there is nothing.
    :raises ValueError: for something that is neither file nor directory, and for a link that leads back
        to a directory above it.
    """
    path = os.path.expanduser(path)  # noqa: PTH111 - globs are strings
    found: dict[str, str | None] = {}
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
    tree = Tree()
    for place, file in sorted(found.items()):
        if file is not None:
            tree.files.append((place, file, os.stat(file).st_size))  # noqa: PTH116 - strings, as above
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


def with_contents(
    filesystem: ADLSGen1FileSystem, entries: Mapping[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """The entries, and all that is in those of them that are directories."""
    found: dict[str, dict[str, Any]] = {}
    for name, info in sorted(entries.items()):
        # One that is there already is in a directory that was gone into.
        if name not in found:
            found[name] = info
            if info["type"] == "directory":
                found.update(whole(filesystem.find(name, withdirs=True, detail=True)))
    return found


def whole(entries: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The entries without the files that are not whole yet."""
    return {path: info for path, info in entries.items() if not paths.is_unfinished(path)}


async def find_matches(filesystem: ADLSGen1FileSystem, path: str) -> dict[str, dict[str, Any]]:
    """What is at a path, or at those that a glob matches, by path.

    :param filesystem: one whose event loop is the running one.
    :raises PathNotFoundError: if nothing is at a path that is no glob.
    """
    try:
        return {path: await filesystem._info(path)}  # noqa: SLF001 - fsspec's name for what is awaited
    except FileNotFoundError:
        if not is_glob(path):
            raise
    matches: dict[str, dict[str, Any]] = await filesystem._glob(path, detail=True)  # noqa: SLF001 - as above
    # Who asks for hidden names by their dot means them, to clean up for instance.
    return matches if paths.name(path).startswith(".") else whole(matches)


def lake_matches(filesystem: ADLSGen1FileSystem, path: str) -> dict[str, dict[str, Any]]:
    """The same for who has no event loop."""
    from fsspec.asyn import sync

    matches: dict[str, dict[str, Any]] = sync(filesystem.loop, find_matches, filesystem, path)
    return matches


def known_matches(filesystem: ADLSGen1FileSystem, path: str) -> dict[str, dict[str, Any]]:
    """The same for who counts on something being there: the error says where the path ends."""
    from fsspec.asyn import sync

    async def told() -> dict[str, dict[str, Any]]:
        return await filesystem.told(find_matches(filesystem, path))

    matches: dict[str, dict[str, Any]] = sync(filesystem.loop, told)
    return matches
