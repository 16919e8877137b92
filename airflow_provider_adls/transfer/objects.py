"""Any other file system of fsspec's as a store of transfers: S3, GCS, Azure Blob, SFTP and whatever else."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import aclosing
from inspect import signature
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.lake.blocks import BLOCK, PARALLEL
from airflow_provider_adls.lake.glob import glob_root, is_glob
from airflow_provider_adls.lake.reliability import PLAIN
from airflow_provider_adls.lake.trees import ALL, File, Scan
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import PathError
from airflow_provider_adls.transfer.globs import GlobMatcher, find_existing, read_tree
from airflow_provider_adls.transfer.object_calls import Calls
from airflow_provider_adls.transfer.object_content import ObjectSource, ObjectWriter, modified
from airflow_provider_adls.transfer.stores import Batch, StoreEntry, Traffic

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

    from airflow_provider_adls.lake.reliability import Reliability
    from airflow_provider_adls.lake.sources import Source


class ObjectStore:
    """A file system of fsspec's.

    :param filesystem: it.
    """

    is_lake = False
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

    async def pages(self, path: str, after: str = "") -> AsyncGenerator[list[StoreEntry], None]:
        """Yield the objects and prefixes of one prefix, sorted by name; fsspec gives them as one page."""
        self.filesystem.invalidate_cache(path)
        found = await self.calls.method("ls", path, detail=True)
        # A file system keeps what it listed, and a big tree would fill the memory.
        self.filesystem.invalidate_cache(path)
        directory = path.rstrip("/")
        if len(found) == 1 and found[0]["name"] == directory and _is_file(found[0]):
            raise NotADirectoryError(f"{self.shown(path)} is a file")
        entries, impossible = set(), []
        for info in found:
            name = _name_in(directory, info)
            if not name and not info["size"]:
                # A folder's marker, which a console makes, is listed in it; so is an empty part of a path.
                if not _is_file(info):
                    impossible += await self._nameless(directory)
            elif not name or "/" in name or name in (".", ".."):
                impossible.append(info["name"])
            elif name > after and not paths.is_unfinished(name):
                entries.add(
                    StoreEntry(name, False, info["size"] or 0, modified(info))  # noqa: FBT003 - whether it is a directory
                    if _is_file(info) and not info["name"].endswith("/")
                    else StoreEntry(name, True)  # noqa: FBT003 - as above
                )
        yield sorted(entries)
        if impossible:
            raise PathError(
                f"{self.shown(impossible[0])} has a name that no file can be given: a part of its path is"
                " empty, '.' or '..'. Rename it in its store, or pass over it by ignore_failures=True"
            )

    async def _nameless(self, directory: str) -> list[str]:
        """Return the keys with a second slash behind a prefix; fsspec lists them as the prefix itself."""
        find = self.filesystem.find
        options = {"prefix": "/"} if "prefix" in signature(find).parameters else {}
        keys = await self.calls.method("find", directory, **options)
        return [key for key in keys if key.startswith(f"{directory}//")]

    async def batches(self, path: str, scan: Scan = ALL) -> AsyncGenerator[Batch, None]:
        """Yield what is below a prefix, or what a glob stands for, prefix by prefix."""
        matcher = None
        if is_glob(path) and await self._is_missing(path):
            path, matcher = glob_root(path), GlobMatcher(path)
        async with aclosing(read_tree(self, path, scan, matcher)) as batches:
            async for batch in batches:
                yield batch

    async def _is_missing(self, path: str) -> bool:
        try:
            await self.calls.info(path)
        except FileNotFoundError:
            return True
        return False

    async def missing(self, path: str) -> FileNotFoundError:
        """Return the error for a path where nothing is."""
        return FileNotFoundError(f"nothing {'matches' if is_glob(path) else 'is at'} {self.shown(path)}")

    async def existing(self, paths: Sequence[str]) -> set[str]:
        """Return those of the paths at which something exists."""
        return await find_existing(self, paths)

    def check(self, path: str) -> None:
        """Do nothing: each store has rules of its own for names."""

    def refuse_linked(self, root: str, directory: str) -> None:
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

    async def source(self, file: File, *, kept: bool = True) -> Source:
        """Return a file of a tree, to be copied."""
        # An object store answers one request for a small object with what the object was at one moment.
        if kept and self.filesystem.async_impl and file.size <= BLOCK:
            return ObjectSource(self.calls, file.path, file.size)
        info = await self.calls.info(file.path)
        return ObjectSource(self.calls, file.path, info["size"], info)

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


def _name_in(directory: str, info: dict[str, Any]) -> str:
    """Return the name of an entry below a directory; empty for one that stands for the directory itself."""
    name: str = info["name"]
    if name.startswith(f"{directory}/"):
        name = name[len(directory) + 1 :]
    elif name == directory and not _is_file(info):
        return ""
    else:
        name = name.rpartition("/")[2]
    is_directory = not _is_file(info) or not info["size"]
    return name[:-1] if is_directory and name.endswith("/") else name


def _is_file(info: dict[str, Any]) -> bool:
    return bool(info["type"] != "directory")
