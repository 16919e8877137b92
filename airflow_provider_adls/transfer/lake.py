"""`LakeStore`: a lake as a store of transfers."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING

from airflow_provider_adls.client.results import Advance
from airflow_provider_adls.lake.blocks import BLOCK, at_once
from airflow_provider_adls.lake.glob import glob_root, is_glob
from airflow_provider_adls.lake.hidden import remove_hidden, sweep
from airflow_provider_adls.lake.hints import with_hints
from airflow_provider_adls.lake.places import same_lake
from airflow_provider_adls.lake.reliability import PLAIN
from airflow_provider_adls.lake.sources import LakeSource
from airflow_provider_adls.lake.trees import ALL, File, Scan
from airflow_provider_adls.lake.uploads import upload
from airflow_provider_adls.lake.view import PAGE_SIZE, View
from airflow_provider_adls.lake.written import DEFAULT, WrittenAttributes
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import PathExistsError, PathNotFoundError, ServiceError
from airflow_provider_adls.transfer.globs import GlobMatcher, find_existing, read_tree
from airflow_provider_adls.transfer.stores import Batch, StoreEntry, Traffic

if TYPE_CHECKING:
    from airflow_provider_adls.client.interface import DataLakeClient
    from airflow_provider_adls.lake.reliability import Reliability
    from airflow_provider_adls.lake.sources import Source
    from airflow_provider_adls.model.status import FileStatus


class LakeStore:
    """One account.

    :param client: of the account.
    :param prefix: text before a path, that of a `Place`.
    :param written: attributes of the files that are put into it.
    """

    is_lake = True
    is_shared = True

    def __init__(
        self, client: DataLakeClient, prefix: str = "", written: WrittenAttributes = DEFAULT
    ) -> None:
        self._client = client
        self._written = written
        self._prefix = prefix

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LakeStore) and same_lake(self._client, other._client)

    @property
    def client(self) -> DataLakeClient:
        """The client of the account."""
        return self._client

    def __hash__(self) -> int:
        return hash((self._client.account, self._client.endpoint))

    @property
    def traffic(self) -> Traffic:
        """The requests to the account so far."""
        lanes = self._client.lanes
        return Traffic(lanes.requests, lanes.refusals, lanes.retries, lanes.number)

    def shown(self, path: str) -> str:
        """Return the path as the caller writes it."""
        return f"{self._prefix}{path}"

    def join(self, root: str, place: str) -> str:
        """Return the path of a place below a root."""
        return paths.join(root, place)

    async def batches(self, path: str, scan: Scan = ALL) -> AsyncGenerator[Batch, None]:
        """Yield what a directory holds, however deep, or what a glob stands for, page by page."""
        if is_glob(path) and await self.is_missing(path):
            async with aclosing(read_tree(self, glob_root(path) or "/", scan, GlobMatcher(path))) as batches:
                async for batch in batches:
                    yield batch
            return
        root = path.rstrip("/")

        def enters(name: str, _: FileStatus) -> bool:
            return scan.wanted(name[len(root) + 1 :], True)  # noqa: FBT003 - whether it is a directory

        # Directories that nothing is known to be in so far: few, for they are listed soon.
        empty = {""}
        pages = self._client.tree_pages(path, limit=PAGE_SIZE, enters=enters, fail=scan.fail)
        async with aclosing(pages):
            while (page := await with_hints(self._client, anext(pages, None))) is not None:
                files = []
                for name, status in page:
                    if paths.is_unfinished(name):
                        continue
                    place = name[len(root) + 1 :]
                    if not scan.wanted(place, status.is_directory):
                        continue
                    empty.discard(place.rpartition("/")[0])
                    if status.is_directory:
                        empty.add(place)
                    elif scan.chooses(name, status.modification_time / 1000):
                        files.append(File(place, name, status.length, status.modification_time / 1000))
                yield Batch(files, [])
        yield Batch([], sorted(empty))

    async def pages(self, path: str, after: str = "") -> AsyncGenerator[list[StoreEntry], None]:
        """Yield the files and directories of one directory, page by page, sorted by name."""
        advance = Advance(self._client.listing, path, self._client.account)
        limit, token = self._client.limits.page, ""
        while True:
            page = await self._client.list_page(path, token=advance.to(token), begin=after, limit=limit)
            # A file is listed as its own only entry, which has no name.
            if any(not status.name for status in page.entries):
                raise NotADirectoryError(f"{self.shown(path)} is a file")
            yield [
                StoreEntry(
                    status.name, status.is_directory, status.length, status.modification_time / 1000, status
                )
                for status in page.entries
                if status.name > after and not paths.is_unfinished(status.name)
            ]
            if not page.continuation:
                return
            token = page.continuation

    @property
    def width(self) -> int:
        """Files that are worth copying at once: as many as the account has lanes."""
        return self._client.lanes.number

    def check(self, path: str) -> None:
        """Raise for a path that no lake can hold.

        :raises PathError: if so.
        """
        paths.parse_possible(path, lake=self._client.lake)

    def refuse_linked(self, root: str, directory: str) -> None:
        """Do nothing: the store has no links."""

    async def is_missing(self, path: str) -> bool:
        """Return whether nothing exists at a path."""
        return await View(self._client).status(path) is None

    async def missing(self, path: str) -> FileNotFoundError:
        """Return the error for a path where nothing is."""
        error = PathNotFoundError("nothing in the lake matches", path=path, account=self._client.account)
        if is_glob(path):
            return error
        try:
            await with_hints(self._client, self._client.status(path))
        except FileNotFoundError as explained:
            return explained
        return error

    async def existing(self, paths: Sequence[str]) -> set[str]:
        """Return those of the paths at which something exists."""
        return await find_existing(self, paths)

    def taken(self, path: str, why: str) -> FileExistsError:
        """Return the error for a path where something is."""
        return PathExistsError(why, path=path, account=self._client.account)

    async def look(self, path: str) -> File | None:
        """Return the file at a path, None for nothing."""
        try:
            status = await self._client.status(path)
        except FileNotFoundError:
            return None
        if status.is_directory:
            raise IsADirectoryError(
                f"{self.shown(path)} is a directory: write {self.shown(path)}/ for a file to go into it"
            )
        return File("", path, status.length, status.modification_time / 1000)

    async def source(self, file: File, *, kept: bool = True) -> Source:  # noqa: ARG002 - its time says whether it changed
        """Return a file of a tree, to be copied."""
        client, name = self._client, self.shown(file.path)
        if file.size <= BLOCK:
            return LakeSource(client, file.path, file.size, round((file.modified or 0) * 1000), name)
        # It may be long ago that the tree was looked at.
        status = await client.status(file.path)
        return LakeSource(client, file.path, status.length, status.modification_time, name, etag=status.etag)

    async def prepare(self, directories: Collection[str]) -> None:
        """Remove what killed uploads left behind."""
        await at_once(lambda directory: sweep(self._client, directory), directories)

    async def remove_hidden(self, directories: Collection[str], beginnings: tuple[str, ...]) -> None:
        """Remove files that are not whole, of writers that are known to be dead."""
        await at_once(lambda directory: remove_hidden(self._client, directory, beginnings), directories)

    async def put(
        self,
        path: str,
        source: Source,
        *,
        exclusive: bool,
        modified: float | None,  # noqa: ARG002 - a lake says when a file was written in it
        moved: Callable[[int], object],
        reliability: Reliability = PLAIN,
    ) -> int:
        """Put a file to its place."""
        return await upload(
            self._client,
            path,
            source,
            exclusive=exclusive,
            reliability=reliability,
            moved=moved,
            permission=self._written.permission,
            prepare=self._written.preparation(
                self._client, path, in_parts=source.size > BLOCK or reliability.reads_back
            ),
        )

    async def make_directory(self, path: str) -> None:
        """Make a directory."""
        await self._client.make_directories(path)

    async def remove(self, path: str) -> None:
        """Remove a file, if it exists."""
        await self._client.delete(path)

    async def remove_tree(self, path: str) -> None:
        """Remove a directory and all below it, by one request."""
        await self._client.delete(path, recursive=True)

    async def remove_empty(self, path: str) -> None:
        """Remove a directory if it is empty."""
        if path != "/":
            with suppress(ServiceError):
                await self._client.delete(path)
