"""`Store`: what a transfer needs of a place that holds files."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from airflow_provider_adls.lake.reliability import Reliability
    from airflow_provider_adls.lake.sources import Source
    from airflow_provider_adls.lake.trees import File, Scan
    from airflow_provider_adls.model.status import FileStatus


class Traffic(NamedTuple):
    """Numbers of requests of this process to a store.

    :param requests: number of requests that were sent.
    :param throttled: number of those that the service answered with 429 or 503.
    :param retried: number of those that were sent again.
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
    """Some of what a directory or a glob stands for.

    :param files: of the tree.
    :param empty: places of directories that nothing is in; empty text for the root itself.
    """

    files: list[File]
    empty: list[str]

    def below(self, place: str) -> Batch:
        """Return the same as part of a tree above it."""
        return Batch(
            [file._replace(place=f"{place}/{file.place}") for file in self.files],
            [f"{place}/{one}" if one else place for one in self.empty],
        )


class StoreEntry(NamedTuple):
    """A file or directory in a page of a directory.

    :param size: bytes of a file; 0 for a directory.
    :param modified: seconds since 1970; None where the store does not say.
    :param status: all that a lake says of it; None in other stores.
    :param is_link: whether it is a link to a directory, or to nothing, of a store that follows none.
    """

    name: str
    is_directory: bool
    size: int = 0
    modified: float | None = None
    status: FileStatus | None = None
    is_link: bool = False


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

    def pages(self, path: str, after: str = "") -> AsyncGenerator[list[StoreEntry], None]:
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

    def refuse_linked(self, root: str, directory: str) -> None:
        """Raise if a directory below a root is behind a link: what is in it is not the root's to delete.

        :raises ValueError: naming the link.
        """
        ...

    def taken(self, path: str, why: str) -> FileExistsError:
        """Return the error for a path where something is."""
        ...

    async def missing(self, path: str) -> FileNotFoundError:
        """Return the error for a path, or a glob, where nothing is; it says what may be meant."""
        ...

    async def existing(self, paths: Sequence[str]) -> set[str]:
        """Return those of the paths at which something exists; names of one directory cost few requests."""
        ...

    @property
    def width(self) -> int:
        """Files that are worth copying at once, as far as this store is concerned."""
        ...

    def batches(self, path: str, scan: Scan = ...) -> AsyncGenerator[Batch, None]:
        """Yield what a directory holds, however deep, or what a glob matches and those directories hold.

        A path that exists is not a glob. The places of a glob's files begin after its last directory without
        a wildcard; a directory on the way to them, which it does not match, is not one that it stands for.

        :raises FileNotFoundError: if nothing exists there, or nothing matches.
        """
        ...

    async def look(self, path: str) -> File | None:
        """Return the file at a path, None for nothing.

        :raises IsADirectoryError: if a directory is there.
        """
        ...

    async def source(self, file: File, *, kept: bool = True) -> Source:
        """Return a file of a tree, to be copied.

        :param kept: whether the file stays after that; else it is verified again before it is deleted.
        """
        ...

    async def prepare(self, directories: Collection[str]) -> None:
        """Remove what killed transfers left behind in directories that files are going to."""
        ...

    async def remove_hidden(self, directories: Collection[str], beginnings: tuple[str, ...]) -> None:
        """Remove files that are not whole, of writers that are known to be dead.

        :param beginnings: beginnings of the names of their hidden files.
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
            return f"{len(self.paths)} listed paths (first {first})"
        return self.store.shown(self.path)
