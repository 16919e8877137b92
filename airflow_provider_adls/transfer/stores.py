"""`Store`: what a transfer needs of a place that holds files."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from airflow_provider_adls.lake.reliability import Reliability
    from airflow_provider_adls.lake.sources import Source
    from airflow_provider_adls.lake.trees import File, Scan, Tree
    from airflow_provider_adls.model.status import FileStatus


class Traffic(NamedTuple):
    """Numbers of requests of this process to a store.

    :param requests: that were sent.
    :param throttled: that the service answered with 429 or 503.
    :param retried: that were sent again.
    :param lanes: requests that may be in flight now; 0 where the store does not say any of these.
    """

    requests: int = 0
    throttled: int = 0
    retried: int = 0
    lanes: int = 0

    def since(self, earlier: Traffic) -> Traffic:
        """Return the numbers since an earlier time."""
        return Traffic(
            self.requests - earlier.requests,
            self.throttled - earlier.throttled,
            self.retried - earlier.retried,
            self.lanes,
        )


class Batch(NamedTuple):
    """Some of what a directory holds, however deep.

    :param files: of the tree.
    :param empty: places of directories that nothing of the tree is in; empty for the root itself.
    """

    files: list[File]
    empty: list[str]


class StoreEntry(NamedTuple):
    """A file or directory in a page of a directory.

    :param size: bytes of a file; 0 for a directory.
    :param modified: seconds since 1970; None where the store does not say.
    :param status: all that a lake says of it; None in other stores.
    """

    name: str
    is_directory: bool
    size: int = 0
    modified: float | None = None
    status: FileStatus | None = None


class Store(Protocol):
    """Files by path, asynchronously, on the event loop of the transfer.

    A missing path is a `FileNotFoundError`, an existing one a `FileExistsError`, and a directory where a file
    should be an `IsADirectoryError`.
    """

    @property
    def is_lake(self) -> bool:
        """Whether it is a lake."""
        ...

    @property
    def is_shared(self) -> bool:
        """Whether every machine sees the same files."""
        ...

    @property
    def traffic(self) -> Traffic:
        """The requests to it so far."""
        ...

    def shown(self, path: str) -> str:
        """Return a path as people write it."""
        ...

    def join(self, root: str, place: str) -> str:
        """Return the path of a place below a root."""
        ...

    async def tree(self, path: str, scan: Scan = ...) -> Tree:
        """Return what a path, or a glob, stands for.

        :raises FileNotFoundError: if nothing exists there.
        """
        ...

    def pages(self, path: str, after: str = "") -> AsyncIterator[list[StoreEntry]]:
        """Yield the files and directories of one directory, page by page, sorted by name.

        :param after: only entries whose names come after it.
        :raises FileNotFoundError: if nothing exists at the path.
        :raises NotADirectoryError: if it is a file.
        """
        ...

    def check(self, path: str) -> None:
        """Raise for a path that the store cannot hold, before anything is copied.

        :raises ValueError: if so.
        """
        ...

    def refuse_linked(self, tree: Tree) -> None:
        """Raise if a file of a tree is behind a link to a directory: it is not the tree's to delete.

        :raises ValueError: naming the link.
        """
        ...

    def taken(self, path: str, why: str) -> FileExistsError:
        """Return the error for a path where something is."""
        ...

    @property
    def streams(self) -> bool:
        """Whether :meth:`batches` reads a directory a part at a time."""
        ...

    @property
    def width(self) -> int:
        """Files that are worth copying at once, as far as this store is concerned."""
        ...

    def batches(self, path: str, scan: Scan = ...) -> AsyncIterator[Batch]:
        """Yield what a directory holds, however deep.

        :raises FileNotFoundError: if nothing exists there.
        """
        ...

    async def look(self, path: str) -> File | None:
        """Return the file at a path, None for nothing.

        :raises IsADirectoryError: if a directory is there.
        """
        ...

    async def source(self, file: File) -> Source:
        """Return a file of a tree, to be copied."""
        ...

    async def prepare(self, directories: Collection[str]) -> None:
        """Remove what killed transfers left behind in directories that files are going to."""
        ...

    async def remove_hidden(self, directories: Collection[str], beginnings: tuple[str, ...]) -> None:
        """Remove files that are not whole, of writers that are known to be dead.

        :param beginnings: what the names of their hidden files begin with.
        """
        ...

    async def put(
        self,
        path: str,
        source: Source,
        *,
        exclusive: bool,
        modified: float | None,
        moved: Callable[[int], object],
        reliability: Reliability = ...,
    ) -> int:
        """Put a file to its place, whole or not at all, and make the directories above it.

        :param exclusive: whether no file may exist yet.
        :param modified: the time that it should show, where the store can have that said.
        :param moved: called with numbers of bytes that have arrived.
        :param reliability: whether its content is compared, and what a killed try left is used.
        :returns: its length.
        """
        ...

    async def make_directory(self, path: str) -> None:
        """Make a directory, where the store has such, unless it exists."""
        ...

    async def remove(self, path: str) -> None:
        """Remove a file, if it exists."""
        ...

    async def remove_tree(self, path: str) -> None:
        """Remove a directory and all below it, if it exists."""
        ...

    async def remove_empty(self, path: str) -> None:
        """Remove a directory if it is empty."""
        ...


class End(NamedTuple):
    """One end of a transfer.

    :param path: a path of the store.
    :param into: whether a single file goes below the path, and keeps its name.
    :param paths: of a list of sources, in place of the path.
    """

    store: Store
    path: str
    into: bool = False
    paths: tuple[str, ...] | None = None

    @property
    def shown(self) -> str:
        """The path as people write it."""
        if self.paths is not None:
            first = self.store.shown(self.paths[0]) if self.paths else "none"
            return f"the {len(self.paths)} paths of a list, first {first}"
        return self.store.shown(self.path)
