"""Stores whose trees are made up while they are listed, so that no test holds a big one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from airflow_provider_adls.lake.trees import File
from airflow_provider_adls.transfer.globs import GlobMatcher, find_existing, read_tree
from airflow_provider_adls.transfer.stores import End, StoreEntry, Traffic

if TYPE_CHECKING:
    from airflow_provider_adls.lake.trees import Scan
    from airflow_provider_adls.transfer.stores import Batch

PAGE = 1000


class ListedTree:
    """A store with the files of a dictionary, or of a number of directories with as many files each.

    :param files: places, each with its size.
    """

    is_lake = True
    is_shared = True
    width = 64

    def __init__(self, files: dict[str, int], page: int = 3) -> None:
        self.page = page
        self.directories: dict[str, dict[str, StoreEntry]] = {"": {}}
        for place, size in files.items():
            *parents, name = place.split("/")
            above = ""
            for parent in parents:
                self.directories[above][parent] = StoreEntry(parent, True)
                above = f"{above}/{parent}" if above else parent
                self.directories.setdefault(above, {})
            if name:
                self.directories[above][name] = StoreEntry(name, False, size, 1.0)

    def shown(self, path: str) -> str:
        """Return the path itself."""
        return path

    def join(self, root: str, place: str) -> str:
        """Return a place below the root, which is the empty path."""
        return place

    @property
    def traffic(self) -> Traffic:
        """Nothing."""
        return Traffic()

    def check(self, path: str) -> None:
        """Take every path."""

    async def prepare(self, directories: object) -> None:
        """Sweep nothing."""

    async def source(self, file: File, *, kept: bool = True) -> File:
        """Return the file itself, which is never read."""
        return file

    async def put(self, path: str, source: File, **_: object) -> int:
        """Write nothing."""
        await asyncio.sleep(0)
        return source.size

    async def pages(self, path: str, after: str = "") -> AsyncIterator[list[StoreEntry]]:
        """Yield the pages of a directory."""
        await asyncio.sleep(0)
        if path not in self.directories:
            raise FileNotFoundError(path)
        names = sorted(name for name in self.directories[path] if name > after)
        for start in range(0, len(names), self.page):
            await asyncio.sleep(0)
            yield [self.directories[path][name] for name in names[start : start + self.page]]


class SyntheticTree(ListedTree):
    """A store with directories of as many files as a page has, made up page by page.

    :param files: in all.
    :param size: of each file.
    """

    def __init__(self, files: int, size: int = 10, page: int = PAGE) -> None:
        super().__init__({}, page)
        self._files = files
        self._size = size

    async def pages(self, path: str, after: str = "") -> AsyncIterator[list[StoreEntry]]:
        """Yield the pages of a directory."""
        await asyncio.sleep(0)
        if path:
            yield [StoreEntry(f"{n:06d}.csv", False, self._size, 1.0) for n in range(self.page)]
            return
        directories = self._files // self.page
        for start in range(0, directories, self.page):
            most = min(start + self.page, directories)
            yield [StoreEntry(name, True) for n in range(start, most) if (name := f"day={n:06d}") > after]


class SyntheticStore(SyntheticTree):
    """The same as a store of transfers: it has whatever is read, and takes whatever is put.

    :param files: in all, each with a name of its own.
    :param is_empty: whether nothing is found in it by its path.
    """

    width = 8

    def __init__(self, files: int, page: int = PAGE, *, is_empty: bool = False) -> None:
        super().__init__(files, page=page)
        self.is_empty = is_empty
        self.removed = 0

    def join(self, root: str, place: str) -> str:
        """Return a place below a root."""
        return f"{root.rstrip('/')}/{place}" if place else root

    async def pages(self, path: str, after: str = "") -> AsyncIterator[list[StoreEntry]]:
        """Yield the pages of a directory."""
        path = path.strip("/")
        async for page in super().pages(path):
            named = [entry._replace(name=f"{path[-6:]}-{entry.name}") if path else entry for entry in page]
            yield [entry for entry in named if entry.name > after]

    async def batches(self, path: str, scan: Scan) -> AsyncIterator[Batch]:
        """Yield what a directory holds, or a glob stands for."""
        matcher = GlobMatcher(path) if "*" in path else None
        async for batch in read_tree(self, "/" if matcher else path, scan, matcher):
            yield batch

    async def look(self, path: str) -> File | None:
        """Return a file for each name that has an ending, and nothing for a glob."""
        if "*" in path:
            return None
        if not path.endswith(".csv"):
            raise IsADirectoryError(path)
        return File("", path, self._size)

    async def existing(self, paths: Sequence[str]) -> set[str]:
        """Return those of the paths that exist."""
        return set() if self.is_empty else await find_existing(self, paths)

    async def source(self, file: File, *, kept: bool = True) -> Unchanged:
        """Return a file that never changes."""
        return Unchanged(file.size)

    def refuse_linked(self, root: str, directory: str) -> None:
        """Have no links."""

    async def make_directory(self, path: str) -> None:
        """Make none."""

    async def remove(self, path: str) -> None:
        """Count a file that is removed."""
        self.removed += 1

    async def remove_empty(self, path: str) -> None:
        """Count a directory that is removed."""
        self.removed += 1


class Unchanged(NamedTuple):
    """A source of a copy, which is never read."""

    size: int

    async def verify(self) -> None:
        """Have changed nothing."""


def end(tree: ListedTree) -> End:
    """Return the root of a store as an end."""
    return End(tree, "")  # type: ignore[arg-type] # a test's store lists, and does nothing else
