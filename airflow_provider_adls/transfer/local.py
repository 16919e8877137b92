"""`LocalStore`: this machine as a store of transfers."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncIterator, Callable, Collection
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from airflow_provider_adls.lake.disk import in_thread
from airflow_provider_adls.lake.downloads import download
from airflow_provider_adls.lake.hidden import sweep_folders
from airflow_provider_adls.lake.reliability import PLAIN
from airflow_provider_adls.lake.sources import LocalSource
from airflow_provider_adls.lake.trees import ALL, File, Scan
from airflow_provider_adls.model import paths
from airflow_provider_adls.transfer.local_trees import Folder, local_entries, local_tree
from airflow_provider_adls.transfer.stores import Batch, StoreEntry, Traffic

if TYPE_CHECKING:
    from airflow_provider_adls.lake.reliability import Reliability
    from airflow_provider_adls.lake.sources import Source
    from airflow_provider_adls.lake.trees import Tree


#: Files of a folder that are read in a thread at a time.
_BATCH = 500


class LocalStore:
    """Files of the machine that the transfer runs on."""

    is_lake = False
    is_shared = False
    streams = True
    #: Files that are copied at once, as far as this machine is concerned.
    width = 256

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LocalStore)

    def __hash__(self) -> int:
        return hash(LocalStore)

    @property
    def traffic(self) -> Traffic:
        """Nothing: nobody counts them."""
        return Traffic()

    def shown(self, path: str) -> str:
        """Return the path itself."""
        return path

    def join(self, root: str, place: str) -> str:
        """Return the path of a place below a root."""
        return str(Path(root, place)) if place else root

    async def tree(self, path: str, scan: Scan = ALL) -> Tree:
        """Return what a path, or a glob, stands for."""
        return await asyncio.to_thread(local_tree, path, scan)

    async def pages(self, path: str, after: str = "") -> AsyncIterator[list[StoreEntry]]:
        """Yield the files and directories of one folder, as one page, sorted by name; links are followed."""
        yield await asyncio.to_thread(_entries, path, after)

    async def batches(self, path: str, scan: Scan = ALL) -> AsyncIterator[Batch]:
        """Yield what a folder holds, however deep, a few hundred files at a time."""
        entries = local_entries(path, scan)
        while batch := await in_thread(lambda: list(islice(entries, _BATCH))):
            yield Batch(
                [entry for entry in batch if isinstance(entry, File)],
                [entry.place for entry in batch if isinstance(entry, Folder)],
            )

    async def count(self, path: str, check: Callable[[str], object], scan: Scan = ALL) -> tuple[int, int]:
        """Return the number of files in a folder and their bytes, before any is copied.

        :param check: is called with the place of each, and of each empty folder.
        """

        def count() -> tuple[int, int]:
            files = size = 0
            for entry in local_entries(path, scan):
                check(entry.place)
                if isinstance(entry, File):
                    files, size = files + 1, size + entry.size
            return files, size

        return await in_thread(count)

    def check(self, path: str) -> None:
        """Raise for a path that no file of this machine can have.

        :raises ValueError: if so.
        """
        if "\0" in path:
            raise ValueError(f"{path!r} holds a NUL character")

    def refuse_linked(self, tree: Tree) -> None:
        """Raise if a file of a tree is behind a link to a directory: it is not the tree's to delete.

        :raises ValueError: naming the link.
        """
        for directory in {file.place.rpartition("/")[0] for file in tree.files}:
            path = Path(tree.root)
            for name in directory.split("/") if directory else []:
                path /= name
                if path.is_symlink():
                    raise ValueError(
                        f"{path} is a link, and nothing behind a link is deleted: remove it, or copy without"
                        " delete_source; nothing was copied"
                    )

    def taken(self, path: str, why: str) -> FileExistsError:
        """Return the error for a path where something is."""
        return FileExistsError(f"{path}: {why}")

    async def look(self, path: str) -> File | None:
        """Return the file at a path, None for nothing."""
        try:
            status = await asyncio.to_thread(os.stat, path)
        except FileNotFoundError:
            return None
        if os.path.isdir(path):  # noqa: PTH112, ASYNC240 - what was just looked at
            raise IsADirectoryError(f"{path} is a directory: write {path}/ for a file to go into it")
        return File("", path, status.st_size, status.st_mtime)

    async def source(self, file: File) -> Source:
        """Return a file of a tree, to be copied."""
        return await LocalSource.read_if_small(file.path)

    async def prepare(self, directories: Collection[str]) -> None:
        """Remove what killed downloads left behind."""
        await asyncio.to_thread(sweep_folders, [Path(directory) for directory in directories])

    async def remove_hidden(self, directories: Collection[str], beginnings: tuple[str, ...]) -> None:
        """Do nothing: a dead writer of this machine is recognised without being named."""

    async def put(
        self,
        path: str,
        source: Source,
        *,
        exclusive: bool,
        modified: float | None,
        moved: Callable[[int], object],
        reliability: Reliability = PLAIN,
    ) -> int:
        """Put a file to its place."""
        return await download(
            source,
            Path(path),
            exclusive=exclusive,
            modified=modified,
            reliability=reliability,
            moved=moved,
        )

    async def make_directory(self, path: str) -> None:
        """Make a directory."""
        await asyncio.to_thread(os.makedirs, path, exist_ok=True)

    async def remove(self, path: str) -> None:
        """Remove a file, if it exists."""
        with contextlib.suppress(FileNotFoundError):
            await asyncio.to_thread(os.remove, path)

    async def remove_tree(self, path: str) -> None:
        """Remove a folder and all below it, if it exists."""
        with contextlib.suppress(FileNotFoundError):
            await asyncio.to_thread(shutil.rmtree, path)

    async def remove_empty(self, path: str) -> None:
        """Remove a directory if it is empty."""
        with contextlib.suppress(OSError):
            await asyncio.to_thread(os.rmdir, path)


def _entries(folder: str, after: str) -> list[StoreEntry]:
    entries = []
    with os.scandir(folder) as found:
        for one in found:
            if one.name <= after or paths.is_unfinished(one.name):
                continue
            # A link that leads nowhere is not an entry, nor is what was just removed.
            with contextlib.suppress(FileNotFoundError):
                if one.is_dir():
                    entries.append(StoreEntry(one.name, is_directory=True))
                else:
                    status = one.stat()
                    entries.append(
                        StoreEntry(
                            one.name, is_directory=False, size=status.st_size, modified=status.st_mtime
                        )
                    )
    return sorted(entries)
