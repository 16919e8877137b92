"""`LocalStore`: this machine as a store of transfers."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import stat
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
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
from airflow_provider_adls.transfer.local_trees import Folder, local_entries, missing, sorted_names
from airflow_provider_adls.transfer.stores import Batch, StoreEntry, Traffic

if TYPE_CHECKING:
    from airflow_provider_adls.lake.reliability import Reliability
    from airflow_provider_adls.lake.sources import Source


#: Files of a folder that are read in a thread at a time.
_BATCH = 500
#: Entries of a page.
_PAGE = 1000


class LocalStore:
    """Files of the machine that the transfer runs on.

    :param follows_links: whether links to directories are directories; if not, pages have them as links.
    """

    is_lake = False
    is_shared = False
    #: Files that are copied at once, as far as this machine is concerned.
    width = 256

    def __init__(self, *, follows_links: bool = True) -> None:
        self._follows_links = follows_links

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

    async def pages(self, path: str, after: str = "") -> AsyncGenerator[list[StoreEntry], None]:
        """Yield the files and directories of one folder, sorted by name."""
        names = sorted_names(path, after)
        while page := await in_thread(lambda: list(islice(names, _PAGE))):
            yield await in_thread(self._entries, path, page)

    def _entries(self, folder: str, names: list[str]) -> list[StoreEntry]:
        entries = []
        for name in names:
            if paths.is_unfinished(name):
                continue
            path = f"{folder}/{name}"
            is_link = not self._follows_links and os.path.islink(path)  # noqa: PTH114 - text is quicker
            try:
                status = os.stat(path)  # noqa: PTH116 - as above
            except FileNotFoundError:
                # A link that leads nowhere, or what was just removed.
                if is_link:
                    entries.append(StoreEntry(name, is_directory=False, is_link=True))
                continue
            if not stat.S_ISDIR(status.st_mode):
                entries.append(
                    StoreEntry(name, is_directory=False, size=status.st_size, modified=status.st_mtime)
                )
            elif is_link:
                entries.append(StoreEntry(name, is_directory=False, is_link=True))
            else:
                entries.append(StoreEntry(name, is_directory=True))
        return entries

    async def batches(self, path: str, scan: Scan = ALL) -> AsyncGenerator[Batch, None]:
        """Yield what a folder holds, or what a glob stands for, a few hundred files at a time."""
        entries = local_entries(path, scan)
        while batch := await in_thread(lambda: list(islice(entries, _BATCH))):
            yield Batch(
                [entry for entry in batch if isinstance(entry, File)],
                [entry.place for entry in batch if isinstance(entry, Folder)],
            )

    async def missing(self, path: str) -> FileNotFoundError:
        """Return the error for a path where nothing is."""
        return missing(path)

    async def existing(self, paths: Sequence[str]) -> set[str]:
        """Return those of the paths at which something exists."""
        return await in_thread(lambda: {path for path in paths if os.path.exists(path)})  # noqa: PTH110 - text is quicker

    async def has_links(self, path: str) -> bool:
        """Return whether there are links below a folder."""

        def look() -> bool:
            return any(
                os.path.islink(os.path.join(folder, name))  # noqa: PTH114, PTH118 - text is quicker
                for folder, directories, files in os.walk(path)
                for name in (*directories, *files)
            )

        return await in_thread(look)

    def check(self, path: str) -> None:
        """Raise for a path that no file of this machine can have.

        :raises ValueError: if so.
        """
        if "\0" in path:
            raise ValueError(f"{path!r} holds a NUL character")

    def refuse_linked(self, root: str, directory: str) -> None:
        """Raise if a directory below a root is behind a link: what is in it is not the root's to delete.

        :raises ValueError: naming the link.
        """
        path = Path(root)
        for name in Path(directory).relative_to(path).parts:
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

    async def source(self, file: File, *, kept: bool = True) -> Source:  # noqa: ARG002 - its time says whether it changed
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
