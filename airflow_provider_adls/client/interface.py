"""The verbs of a data lake, whatever its protocol.

The floors above know this interface and none of the protocols that implement it. Paths are absolute
and normalised, offsets and lengths are bytes, and every failure is an error of `model.errors`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from airflow_provider_adls.model.operations import PAGE_SIZE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence

    from airflow_provider_adls.client.dialect import RequestLimits
    from airflow_provider_adls.client.lanes import Lanes
    from airflow_provider_adls.client.results import (
        AclChanges,
        AclStatus,
        ContentSummary,
        DeletedPage,
        Page,
    )
    from airflow_provider_adls.client.staging import PartName, Staging
    from airflow_provider_adls.model.acl import AclEntry
    from airflow_provider_adls.model.errors import RequestError
    from airflow_provider_adls.model.status import FileStatus

#: Choice for a restored item whose name is taken: it replaces a file, or gets another name.
RestoreAction = Literal["overwrite", "copy"]
#: Ways in which entries change an access control list: they replace it, are added or changed, or are removed.
AclMode = Literal["set", "modify", "remove"]
ExpiryOption = Literal["NeverExpire", "RelativeToNow", "RelativeToCreationDate", "Absolute"]
#: Whether a directory is listed: takes its path and status.
Enters: TypeAlias = "Callable[[str, FileStatus], bool]"
#: Takes the path of what could not be listed or changed, and the error.
Fail: TypeAlias = "Callable[[str, RequestError], object]"
#: Files and directories, each by its path.
TreePage: TypeAlias = "list[tuple[str, FileStatus]]"
#: Takes bytes and their offset in a file.
Take: TypeAlias = "Callable[[bytes | memoryview, int], Awaitable[object]]"


def enter_all(_path: str, _status: FileStatus) -> bool:
    """Return that a directory is listed."""
    return True


class DataLakeClient(Protocol):
    """One account, asynchronously.

    Each verb raises :class:`RequestError` or one of its subclasses where the request fails, and
    :class:`SignInError` where the credential gives no token.
    """

    @property
    def account(self) -> str:
        """Short name of the account."""
        ...

    @property
    def lake(self) -> str:
        """The name of the account in a `Location`: the account, or `container@account`."""
        ...

    @property
    def endpoint(self) -> str:
        """URL that the account is reached at; with the account, it says which lake this is."""
        ...

    async def status(self, path: str) -> FileStatus:
        """Return the status of a path.

        :raises PathNotFoundError: if nothing is.
        """
        ...

    @property
    def limits(self) -> RequestLimits:
        """Bounds of one request: bytes of a body, entries of a page, parts of a file at once."""
        ...

    @property
    def lanes(self) -> Lanes:
        """Lanes to the account, which all its clients in this process share."""
        ...

    async def list_page(self, path: str, *, token: str = "", begin: str = "", limit: int = PAGE_SIZE) -> Page:
        """Return one page of a directory, or the one entry, with an empty name, that a file is.

        :param token: `continuation` of the page before; empty for the first page.
        :param begin: for the first page: entries up to this name may be left out, where the service can.
        :param limit: most entries to answer with.
        :raises PathNotFoundError: if nothing is at the path.
        """
        ...

    def pages(
        self, path: str, *, limit: int = PAGE_SIZE, ahead: bool = True
    ) -> AsyncGenerator[list[FileStatus], None]:
        """Return all of a directory, page by page.

        :param ahead: whether, from the second page on, the next one is requested before it is wanted.
        """
        ...

    @property
    def lists_trees(self) -> bool:
        """Whether :meth:`tree_pages` is one listing, and not one of each directory."""
        ...

    @property
    def listing(self) -> str:
        """Name of the service's request that lists a directory, for errors."""
        ...

    @property
    def keeps_permission(self) -> bool:
        """Whether :meth:`create` makes a file with just the permission that is given."""
        ...

    def tree_pages(
        self, path: str, *, limit: int = PAGE_SIZE, enters: Enters = enter_all, fail: Fail | None = None
    ) -> AsyncGenerator[TreePage, None]:
        """Return all files and directories below a directory, by path, in no order; nothing of a file.

        :param limit: most entries of a page.
        :param enters: whether a directory's content is part of it.
        :param fail: called for a directory that cannot be listed; None raises its error.
        :raises PathNotFoundError: if nothing is at the path.
        """
        ...

    async def read(
        self, path: str, *, offset: int = 0, length: int | None = None, etag: str | None = None
    ) -> bytes:
        """Return the bytes of a file, fewer than `length` only where the file ends.

        :param length: number of bytes; None for what the service answers with from the offset on, which may
            be less than the file has: give a length where its size is known.
        :param etag: of the version that is read; not looked at where the service has none (Gen1).
        :raises SourceChangedError: if the file has another, or gets it before all of the bytes are there.
        """
        ...

    async def read_pieces(
        self, path: str, *, offset: int = 0, length: int | None = None, etag: str | None = None
    ) -> list[bytes]:
        """Return the same as :meth:`read`, in the pieces that arrived."""
        ...

    async def read_into(
        self, take: Take, path: str, *, offset: int, length: int, etag: str | None = None
    ) -> int:
        """Hand over the same as they arrive, with no copy made.

        :param take: awaited with bytes and their offset in the file. Their memory is used again afterwards.
            Where an answer broke off they come again.
        :returns: number of bytes.
        """
        ...

    def stream(
        self, path: str, *, offset: int = 0, length: int | None = None, etag: str | None = None
    ) -> AsyncIterator[bytes]:
        """Return the same as they arrive, in pieces of the connection's choice.

        An iterator that is left before its end is to be closed (``contextlib.aclosing``). One that
        breaks off raises; it never just ends.
        """
        ...

    async def create(
        self,
        path: str,
        content: bytes = b"",
        *,
        overwrite: bool = True,
        permission: str | None = None,
        close: bool = True,
    ) -> None:
        """Make a file, and the directories above it.

        :param content: at most 4 MiB.
        :param overwrite: False if the file must not exist yet.
        :param close: False if appends follow; the service may then show the length late.
        :raises PathExistsError: if it exists and may not be overwritten.
        :raises RequestError: also if it exists, may not be overwritten, and may be of this call, whose answer
            was lost.
        """
        ...

    def staging(self, directory: str, name: Callable[[], str], part: PartName | None = None) -> Staging:
        """Return a file to be written under a hidden name.

        :param directory: directory of the file.
        :param name: makes a hidden name that nobody else has.
        :param part: makes such a name for bytes of the file, by which a later try recognises them; None where
            none is to go on with them.
        """
        ...

    async def append(self, path: str, content: bytes, *, offset: int, close: bool = True) -> None:
        """Add to the end of a file.

        :param content: at most 4 MiB.
        :param offset: length that the file has, unsynced bytes counted; nothing is written if it has another.
        :param close: False if more follows; the service may then show the length late.
        :raises BadOffsetError: if the file's length is another.
        """
        ...

    async def concatenate(
        self, path: str, sources: Sequence[str], *, delete_source_directory: bool = False
    ) -> None:
        """Put files together into one, and remove them.

        :param path: destination; what it holds already stays before the sources.
        :param delete_source_directory: whether to remove the directory of the sources with all it holds.
        """
        ...

    async def finish_concatenation(self, path: str, sources: Sequence[str]) -> bool:
        """Finish a concatenation that was broken off after its file was whole: remove its sources.

        :returns: whether there was one, of just these sources; never where it is one request.
        """
        ...

    async def make_directories(self, path: str, *, permission: str | None = None) -> None:
        """Make a directory and those above it; one that exists is left as it is."""
        ...

    async def rename(
        self, source: str, destination: str, *, overwrite: bool = False, known: FileStatus | None = None
    ) -> None:
        """Move a file or directory.

        The source gets just the name of the destination: a directory that exists there is not moved into.

        :param overwrite: whether an existing file may be replaced.
        :param known: status of the source, which is asked for where it is not given.
        :raises PathNotFoundError: if the source or the destination's parent does not exist.
        :raises PathExistsError: if the destination exists and may not be replaced; a directory never is.
        """
        ...

    async def delete(self, path: str, *, recursive: bool = False) -> bool:
        """Remove a file or directory.

        :returns: False if nothing was there.
        """
        ...

    async def set_permission(self, path: str, permission: str) -> None:
        """Set the permission.

        :param permission: octal digits, ``750``.
        """
        ...

    async def set_owner(self, path: str, *, owner: str | None = None, group: str | None = None) -> None:
        """Set owner, owning group, or both, by object id."""
        ...

    async def acl(self, path: str) -> AclStatus:
        """Return owner, permission and access control list."""
        ...

    async def set_acl(self, path: str, entries: Sequence[AclEntry]) -> None:
        """Replace the access control list; user, group and other must be among the entries."""
        ...

    async def modify_acl(self, path: str, entries: Sequence[AclEntry]) -> None:
        """Add entries, or change those that are there."""
        ...

    async def remove_acl_entries(self, path: str, entries: Sequence[AclEntry]) -> None:
        """Remove entries; their rights are not looked at."""
        ...

    async def change_acl_tree(
        self, path: str, entries: Sequence[AclEntry], mode: AclMode, *, fail: Fail | None = None
    ) -> AclChanges:
        """Change the access control lists of a path and of all below it; files get no default entries.

        :param entries: those of the verb that the mode names: :meth:`set_acl`, :meth:`modify_acl`,
            :meth:`remove_acl_entries`.
        :param fail: called where an item cannot be listed or changed; None raises the first error. What has
            been changed stays so.
        """
        ...

    async def remove_default_acl(self, path: str) -> None:
        """Remove all default entries of a directory."""
        ...

    async def remove_acl(self, path: str) -> None:
        """Remove all entries but those of owner, owning group and other."""
        ...

    async def set_expiry(self, path: str, option: ExpiryOption, milliseconds: int | None = None) -> None:
        """Set when a file expires.

        :param milliseconds: since 1970 UTC for ``Absolute``, a span for the relative ones.
        """
        ...

    async def set_times(self, path: str, *, modified: int | None = None, accessed: int | None = None) -> None:
        """Set the times of a file or directory.

        :param modified: milliseconds since 1970 UTC; None leaves it as it is.
        :param accessed: the same.
        """
        ...

    async def content_summary(self, path: str) -> ContentSummary:
        """Return the numbers of directories, files and bytes below a path."""
        ...

    async def check_access(self, path: str, rights: str) -> bool:
        """Return whether the caller has rights on a path.

        :param rights: three characters, ``r-x`` for instance.
        :raises PathNotFoundError: if nothing is at the path.
        """
        ...

    async def deleted_page(self, hint: str, *, token: str = "", limit: int = PAGE_SIZE) -> DeletedPage:
        """Return one page of the account's deleted items that can be restored.

        :param hint: text in their paths.
        :param token: `continuation` of the page before; empty for the first page.
        :param limit: most items to answer with.
        """
        ...

    async def restore(
        self, token: str, destination: str, *, directory: bool = False, action: RestoreAction | None = None
    ) -> None:
        """Bring a deleted item back.

        :param token: its name in the listing.
        :param destination: path that it gets.
        :param directory: whether it is a directory.
        :param action: replaces or renames where the name is taken; None refuses.
        :raises PathNotFoundError: if there is no such item any more.
        :raises PathExistsError: if the name is taken, and no action was asked for.
        """
        ...

    async def close(self) -> None:
        """Close the connections of the running event loop; the next verb opens new ones."""
        ...
