"""Any other file system of fsspec's as a store of transfers: S3, GCS, Azure Blob, SFTP and whatever else."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Collection
from typing import TYPE_CHECKING, Any

from fsspec import AbstractFileSystem

from airflow_provider_adls.lake.blocks import PARALLEL
from airflow_provider_adls.lake.glob import is_glob
from airflow_provider_adls.lake.reliability import PLAIN
from airflow_provider_adls.lake.trees import ALL, File, Scan, Tree
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import PathError
from airflow_provider_adls.transfer.object_calls import Calls
from airflow_provider_adls.transfer.object_content import ObjectSource, ObjectWriter, modified
from airflow_provider_adls.transfer.stores import Batch, StoreEntry, Traffic

if TYPE_CHECKING:
    from airflow_provider_adls.lake.reliability import Reliability
    from airflow_provider_adls.lake.sources import Source


class ObjectStore:
    """A file system of fsspec's.

    :param filesystem: it.
    """

    is_lake = False
    streams = False
    #: Files that are copied at once.
    width = PARALLEL
    is_shared = True

    def __init__(self, filesystem: AbstractFileSystem) -> None:
        self.filesystem = filesystem
        self.calls = Calls(filesystem)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ObjectStore) and self.filesystem == other.filesystem

    def __hash__(self) -> int:
        return hash(self.filesystem)

    @property
    def traffic(self) -> Traffic:
        """Nothing: nobody counts them."""
        return Traffic()

    def shown(self, path: str) -> str:
        """Return the path as a URL."""
        url: str = self.filesystem.unstrip_protocol(path)
        return url

    def join(self, root: str, place: str) -> str:
        """Return the path of a place below a root."""
        return f"{root.rstrip('/')}/{place}" if place else root

    async def tree(self, path: str, scan: Scan = ALL) -> Tree:
        """Return what a path, or a glob, stands for."""
        self.filesystem.invalidate_cache()
        path = path.rstrip("/") or path
        try:
            matches = {path: await self.calls.method("info", path)}
        except FileNotFoundError:
            if not is_glob(path):
                raise FileNotFoundError(f"nothing is at {self.shown(path)}") from None
            matches = await self.calls.method("glob", path, detail=True)
            if not matches:
                raise FileNotFoundError(f"nothing matches {self.shown(path)}") from None
        tree = Tree.of(path, is_glob=path not in matches)
        files: dict[str, dict[str, Any]] = {}
        directories: set[str] = set()
        for name, info in sorted(matches.items()):
            if info["type"] != "directory":
                files[name] = info
            elif _bare(name) not in directories:
                directories.add(_bare(name))
                await self._read(_bare(name), files, directories)
        _tidy(files, directories)
        for name in directories:
            if scan.wanted(tree.place(name), True):  # noqa: FBT003 - whether it is a directory
                tree.add(name, directory=True)
        for name, info in files.items():
            if not paths.is_unfinished(name) and scan.wanted(tree.place(name), False):  # noqa: FBT003 - as above
                when = modified(info)
                if scan.chooses(self.shown(name), when):
                    tree.add(name, directory=False, size=info["size"] or 0, modified=when)
        return tree.sort()

    async def _read(self, root: str, files: dict[str, dict[str, Any]], directories: set[str]) -> None:
        """Add all files and directories below a directory.

        An object may have the name of a prefix. fsspec's `find` would name such a pair once.
        """
        if type(self.filesystem).find is not AbstractFileSystem.find:
            found = await self.calls.method("find", root, withdirs=True, detail=True)
            directories.update(_bare(name) for name, info in found.items() if info["type"] == "directory")
            found = await self.calls.method("find", root, detail=True)
            files.update({name: info for name, info in found.items() if info["type"] != "directory"})
            return

        def walk() -> None:
            for _, below, here in self.filesystem.walk(root, detail=True, on_error=_unless_removed):
                directories.update(_bare(info["name"]) for info in below.values())
                files.update({info["name"]: info for info in here.values()})

        await self.calls.blocking(walk)

    async def pages(self, path: str, after: str = "") -> AsyncIterator[list[StoreEntry]]:
        """Yield the objects and prefixes of one prefix, sorted by name; fsspec gives them as one page."""
        self.filesystem.invalidate_cache(path)
        found = await self.calls.method("ls", path, detail=True)
        # A file system keeps what it listed, and a big tree would fill the memory.
        self.filesystem.invalidate_cache(path)
        if len(found) == 1 and found[0]["name"].rstrip("/") == path.rstrip("/") and _is_file(found[0]):
            raise NotADirectoryError(f"{self.shown(path)} is a file")
        entries = []
        for info in found:
            name = info["name"].rstrip("/").rpartition("/")[2]
            # An empty object whose name ends with a slash is what a console makes to show a folder.
            if _is_file(info) and info["name"].endswith("/"):
                continue
            if name > after and not paths.is_unfinished(name):
                entries.append(
                    StoreEntry(name, False, info["size"] or 0, modified(info))  # noqa: FBT003 - whether it is a directory
                    if _is_file(info)
                    else StoreEntry(name, True)  # noqa: FBT003 - as above
                )
        yield sorted(entries)

    async def batches(self, path: str, scan: Scan = ALL) -> AsyncIterator[Batch]:
        """Yield all below a prefix as one batch: what fsspec finds is one list."""
        tree = await self.tree(path, scan)
        yield Batch(tree.files, tree.empty_directories)

    def check(self, path: str) -> None:
        """Do nothing: each store has rules of its own for names."""

    def refuse_linked(self, tree: Tree) -> None:
        """Do nothing: the store has no links."""

    def taken(self, path: str, why: str) -> FileExistsError:
        """Return the error for a path where something is."""
        return FileExistsError(f"{self.shown(path)}: {why}")

    async def look(self, path: str) -> File | None:
        """Return the file at a path, None for nothing."""
        try:
            info = await self.calls.info(path)
        except FileNotFoundError:
            return None
        if info["type"] == "directory":
            raise IsADirectoryError(
                f"{self.shown(path)} is a directory: write {self.shown(path)}/ for a file to go into it"
            )
        return File("", path, info["size"], modified(info))

    async def source(self, file: File) -> Source:
        """Return a file of a tree, to be copied."""
        return ObjectSource(self.calls, file.path, await self.calls.info(file.path))

    async def prepare(self, directories: Collection[str]) -> None:
        """Do nothing: what is half-made in a store is the store's to clean up."""

    async def remove_hidden(self, directories: Collection[str], beginnings: tuple[str, ...]) -> None:
        """Do nothing: what is half-made in a store is the store's to clean up."""

    async def put(
        self,
        path: str,
        source: Source,
        *,
        exclusive: bool,
        modified: float | None,  # noqa: ARG002 - a store says when a file was written in it
        moved: Callable[[int], object],
        reliability: Reliability = PLAIN,
    ) -> int:
        """Put a file to its place.

        No way to keep others out is common to all stores: whether a file exists is checked before.
        """
        if exclusive and await self.look(path):
            raise self.taken(path, "it exists and may not be overwritten")
        return await ObjectWriter(self.calls).put(path, source, moved, reliability)

    async def make_directory(self, path: str) -> None:
        """Make a directory, where the store has such."""
        # An object store has none, or would make a bucket.
        if not self.filesystem.async_impl:
            await self.calls.method("makedirs", path, exist_ok=True)

    async def remove(self, path: str) -> None:
        """Remove a file; one that is gone is right."""
        with contextlib.suppress(FileNotFoundError):
            await self.calls.method("rm_file", path)

    async def remove_tree(self, path: str) -> None:
        """Remove all below a prefix, if anything is."""
        with contextlib.suppress(FileNotFoundError):
            await self.calls.method("rm", path, recursive=True)

    async def remove_empty(self, path: str) -> None:
        """Remove a directory if nothing is in it."""
        if not self.filesystem.async_impl:
            with contextlib.suppress(OSError):
                await self.calls.method("rmdir", path)


def _bare(directory: str) -> str:
    """Return a directory's path without a slash at its end, which fsspec's file system of SMB gives it."""
    return directory.rstrip("/") or directory


def _tidy(files: dict[str, dict[str, Any]], directories: set[str]) -> None:
    """Take the empty objects that a console makes to show folders for directories.

    :raises PathError: for an object with content whose name ends with a slash.
    """
    for name in [name for name in files if name.endswith("/")]:
        if files.pop(name).get("size"):
            raise PathError(f"{name} has a name that no file can be given: it ends with a slash")
        directories.add(name.rstrip("/"))


def _unless_removed(error: OSError) -> None:
    """Raise, except for a directory that was removed after its parent was listed."""
    if not isinstance(error, FileNotFoundError):
        raise error


def _is_file(info: dict[str, Any]) -> bool:
    return bool(info["type"] != "directory")
