"""Stores whose trees are made up while they are listed, so that no test holds a big one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from airflow_provider_adls.transfer.stores import End, StoreEntry, Traffic

if TYPE_CHECKING:
    from airflow_provider_adls.lake.trees import File

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

    async def source(self, file: File) -> File:
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


def end(tree: ListedTree) -> End:
    """Return the root of a store as an end."""
    return End(tree, "")  # type: ignore[arg-type] # a test's store lists, and does nothing else
