"""`LocalTree` and `LakeTree`: the files of one directory, for `put` and `get`, a few hundred at a time."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, suppress
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from airflow_provider_adls.lake.disk import in_thread
from airflow_provider_adls.model.errors import PathError
from airflow_provider_adls.model.paths import is_possible, parse_possible

if TYPE_CHECKING:
    from airflow_provider_adls.lake.places import Place
    from airflow_provider_adls.model.status import FileStatus

#: Entries that are read in a thread at a time.
_BATCH = 500


class Found(NamedTuple):
    """An entry of a tree.

    :param place: below the root, with a slash before it; empty for the root itself.
    :param is_directory: whether it is a directory to be made.
    :param status: its status in a listing.
    :param is_link: whether it is a link, and may lead to a directory.
    """

    place: str
    is_directory: bool
    status: FileStatus | None = None
    is_link: bool = False


class LocalTree:
    """A folder of this machine, as fsspec's `find` reads it: links to folders are not followed.

    :param root: its path.
    :param maxdepth: levels below it that are read; None for all. Only a whole tree has directories.
    """

    def __init__(self, root: str, maxdepth: int | None) -> None:
        self.root = root.rstrip("/")
        self._maxdepth = maxdepth

    async def check(self, target: Place) -> int:
        """Read all names before anything is copied.

        :param target: place of the copy.
        :returns: the number of files.
        :raises PathError: for a name that no lake can hold.
        """
        parse_possible(target.path, lake=target.account)
        return await in_thread(lambda: self._checked(target.account))

    def _checked(self, lake: str) -> int:
        files = 0
        for found in self._read():
            files += not found.is_directory
            if not is_possible(found.place, lake):
                parse_possible(found.place, lake=lake)
                raise PathError(f"path {self.root + found.place!r} is not Unicode text")
        return files

    async def batches(self) -> AsyncIterator[list[Found]]:
        """Yield the files, and the directories that no file implies."""
        entries = self._read()
        while batch := await in_thread(lambda: list(islice(entries, _BATCH))):
            yield batch

    def _read(self) -> Iterator[Found]:
        waiting = [("", 1)]
        while waiting:
            place, depth = waiting.pop()
            is_empty = True
            # A folder that was removed after its own was read.
            with suppress(FileNotFoundError), os.scandir(f"{self.root}{place}" or "/") as entries:
                for entry in entries:
                    is_empty = False
                    below = f"{place}/{entry.name}"
                    if not entry.is_dir(follow_symlinks=False):
                        yield Found(below, is_directory=False, is_link=entry.is_symlink())
                    elif self._maxdepth is None or depth < self._maxdepth:
                        waiting.append((below, depth + 1))
            if is_empty and self._maxdepth is None:
                yield Found(place, is_directory=True)


class LakeTree:
    """A directory of a lake.

    :param place: its place.
    :param maxdepth: that of a `LocalTree`.
    """

    def __init__(self, place: Place, maxdepth: int | None) -> None:
        self.place = place
        self._maxdepth = maxdepth

    async def batches(self) -> AsyncIterator[list[Found]]:
        """Yield the files, and all directories."""
        root = self.place.path.rstrip("/")
        depth = root.count("/")

        def enters(path: str, _: FileStatus) -> bool:
            return self._maxdepth is None or path.count("/") - depth < self._maxdepth

        if self._maxdepth is None:
            yield [Found("", is_directory=True)]
        async with aclosing(self.place.client.tree_pages(self.place.path, enters=enters)) as pages:
            async for page in pages:
                yield [
                    Found(path[len(root) :], status.is_directory, status)
                    for path, status in page
                    if self._maxdepth is None or not status.is_directory
                ]
