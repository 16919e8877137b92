"""`DfsPaths`: paths of a Gen2 container, listed, made, renamed and deleted."""

from __future__ import annotations

from contextlib import aclosing
from functools import partial
from typing import TYPE_CHECKING

from airflow_provider_adls.client import settle
from airflow_provider_adls.client.ahead import Listed, read_ahead
from airflow_provider_adls.client.dfs_base import DfsBase
from airflow_provider_adls.client.dfs_values import read_entry
from airflow_provider_adls.client.dialect import Request, flag
from airflow_provider_adls.client.interface import enter_all
from airflow_provider_adls.client.results import Advance, ContentSummary, Page
from airflow_provider_adls.client.transport import DONE
from airflow_provider_adls.client.walk import walk
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import (
    AccessDeniedError,
    PathExistsError,
    PathNotFoundError,
    RequestError,
)
from airflow_provider_adls.model.operations import PAGE_SIZE

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from typing import Any

    from airflow_provider_adls.client.interface import Enters, Fail, TreePage
    from airflow_provider_adls.client.transport import Answer
    from airflow_provider_adls.model.status import FileStatus

_CONTINUATION = "x-ms-continuation"
#: Nothing is cleared in the permission that is sent.
UMASK = {"x-ms-umask": "0000"}


class DfsPaths(DfsBase):
    """Documented at `DataLakeClient`."""

    async def list_page(
        self,
        path: str,
        *,
        token: str = "",
        begin: str = "",  # noqa: ARG002 - entries up to it may be left out
        limit: int = PAGE_SIZE,
    ) -> Page:
        """Return one page of a directory."""
        try:
            listed = await self._listed_tree_page(path, limit, token, recursive=False)
            found, continuation = listed.read(), listed.continuation
        except PathNotFoundError:
            found, continuation = [], ""
            missing = not token
        else:
            missing = False
        if not token and not continuation and (not found or found[0][0] == path):
            # It may be a file: the service lists a file as itself, or answers that the directory is missing.
            known = await self.status(path)
            if not known.is_directory:
                return Page([known], "")
            if missing:
                return Page([], "")
        return Page([status for _, status in found], continuation)

    async def _listed(self, path: str, limit: int, token: str) -> Listed[list[FileStatus]]:
        listed = await self._listed_tree_page(path, limit, token, recursive=False)
        return Listed(listed.continuation, lambda: [status for _, status in listed.read()])

    async def _listed_tree_page(
        self, path: str, limit: int, token: str, *, recursive: bool
    ) -> Listed[TreePage]:
        parameters = {"recursive": flag(recursive), "maxResults": str(limit)}
        if path != "/":
            parameters["directory"] = path[1:]
        if token:
            parameters["continuation"] = token
        request = Request(self.listing, path, parameters)
        answer = await self._transport.send(request)
        below = path if path == "/" else f"{path}/"

        def read(body: Any) -> TreePage:
            found = [read_entry(entry) for entry in body["paths"]]
            for name, _ in found:
                if not name.startswith(below) and name != path:
                    raise ValueError(f"an entry is called {name!r:.100}")
            return found

        return Listed(
            answer.headers.get(_CONTINUATION) or "", lambda: self._transport.read(request, answer, read)
        )

    async def tree_pages(
        self, path: str, *, limit: int = PAGE_SIZE, enters: Enters = enter_all, fail: Fail | None = None
    ) -> AsyncGenerator[TreePage, None]:
        """Yield all below a directory, by one listing."""
        left_out: set[str] = set()
        last = ""
        try:
            async with aclosing(self._listed_tree(path, limit)) as pages:
                async for page in pages:
                    # A page may be empty and have a token; a file is listed as itself.
                    if not page or page[0][0] == path:
                        continue
                    last = page[-1][0]
                    found = page
                    if enters is not enter_all:
                        found = [item for item in page if not _is_left_out(*item, left_out, enters)]
                    if found:
                        yield found
        except AccessDeniedError:
            # One closed directory closes the tree; the walk finds which, and may not have to enter it.
            async with aclosing(self._rest_of_tree(path, limit, enters, fail, last)) as pages:
                async for page in pages:
                    yield page

    async def _rest_of_tree(
        self, path: str, limit: int, enters: Enters, fail: Fail | None, last: str
    ) -> AsyncGenerator[TreePage, None]:
        """Yield what a listing of the tree did not come to, by a walk.

        :param last: path that it came to; it lists by the paths' segments (98 of 98 recordings).
        """
        passed = last.split("/")

        def is_ahead(name: str, status: FileStatus) -> bool:
            names = name.split("/")
            return names >= passed[: len(names)] and enters(name, status)

        async with aclosing(walk(self, path, limit, is_ahead, fail)) as pages:
            async for page in pages:
                if found := [item for item in page if item[0].split("/") > passed]:
                    yield found

    async def _listed_tree(self, path: str, limit: int) -> AsyncGenerator[TreePage, None]:
        """Yield the pages of a tree's listing."""
        advance = Advance(self.listing, path, self.account)
        listed = await self._listed_tree_page(path, limit, advance.to(""), recursive=True)
        yield listed.read()
        if listed.continuation:
            request = partial(self._listed_tree_page, path, limit, recursive=True)
            async with aclosing(read_ahead(request, advance, listed.continuation)) as pages:
                async for page in pages:
                    yield page

    async def content_summary(self, path: str) -> ContentSummary:
        """Return the numbers of directories, files and bytes, by one listing of the tree."""
        known = await self.status(path)
        if not known.is_directory:
            return ContentSummary(0, 1, known.length)
        directories, files, length = 1, 0, 0
        async for page in self.tree_pages(path, limit=self.limits.page):
            found = [status.length for _, status in page if not status.is_directory]
            directories += len(page) - len(found)
            files, length = files + len(found), length + sum(found)
        return ContentSummary(directories, files, length)

    async def make_directories(self, path: str, *, permission: str | None = None) -> None:
        """Make a directory and those above it."""
        if path == "/":
            # It is the container, which the service makes in another way.
            await self.status(path)
            return
        headers = {"If-None-Match": "*", **permission_headers(permission)}
        try:
            await self._transport.send(Request("CreatePathDir", path, headers=headers))
        except PathExistsError:
            # What exists may be a file above it, too.
            known = await settle.status_or_none(self, path)
            if known is None or not known.is_directory:
                raise

    async def rename(
        self, source: str, destination: str, *, overwrite: bool = False, known: FileStatus | None = None
    ) -> None:
        """Move a file or directory."""
        await self._rename(source, destination, overwrite=overwrite, known=known)

    async def _rename(
        self,
        source: str,
        destination: str,
        *,
        overwrite: bool,
        known: FileStatus | None = None,
        replaced: FileStatus | None = None,
        etag: str | None = None,
    ) -> None:
        """Move a file or directory; a lost answer is settled by the ETag, which a rename keeps.

        :param replaced: status that the destination must have still.
        :param etag: of a file whose status the caller does not know.
        """
        is_directory = False
        if etag is None:
            known = known if known and known.etag else await self.status(source)
            etag, is_directory = known.etag, known.is_directory
        # Without it an existing empty directory would be replaced.
        headers = {} if overwrite and not is_directory else {"If-None-Match": "*"}
        if replaced:
            headers["If-Match"] = f'"{replaced.etag}"'

        async def look(error: RequestError) -> Answer | None:
            if await settle.status_or_none(self, source):
                return None
            found = await settle.status_or_none(self, destination)
            if found and found.etag == etag:
                return DONE
            raise error

        request = Request("RenamePath", source, {"destination": destination}, headers=headers)
        try:
            await self._transport.send(request, look)
        except PathExistsError as error:
            error.advise(f"{destination} exists")
            raise
        except PathNotFoundError as error:
            if error.remote_exception != "RenameDestinationParentPathNotFound":
                raise
            parent = paths.parent(destination)
            raise self._error(
                request,
                PathNotFoundError,
                f"{parent}, the destination's directory, does not exist",
                status=error.status,
            ) from error

    async def delete(self, path: str, *, recursive: bool = False) -> bool:
        """Remove a file or directory; the service deletes a big tree in portions."""
        repeated = False
        token = ""
        advance = Advance("DeletePath", path, self.account)

        async def look(_: RequestError) -> Answer | None:
            nonlocal repeated
            repeated = True
            return None if await settle.status_or_none(self, path) else DONE

        while True:
            advance.to(token)
            parameters = {"recursive": flag(recursive)} | ({"continuation": token} if token else {})
            try:
                answer = await self._transport.send(Request("DeletePath", path, parameters), look)
            except PathNotFoundError:
                # It was there when the first answer was lost, or when the first portion was deleted.
                return repeated or bool(token)
            token = answer.headers.get(_CONTINUATION) or ""
            if not token:
                return True

    async def check_access(self, path: str, rights: str) -> bool:
        """Return whether the caller has rights on a path."""
        try:
            await self._transport.send(Request("CheckPathAccess", path, {"fsAction": rights}))
        except AccessDeniedError:
            return False
        return True

    async def set_times(self, path: str, *, modified: int | None = None, accessed: int | None = None) -> None:  # noqa: ARG002 - the interface's
        """Refuse: the service sets the times.

        :raises UnsupportedOperationError: always.
        """
        self._unsupported("SetTimes", path, "the times of a file cannot be set")


def permission_headers(permission: str | None) -> dict[str, str]:
    """Return the headers that make a path with a permission; the service's own where none is given.

    :param permission: octal digits.
    """
    return {} if permission is None else {**UMASK, "x-ms-permissions": permission.zfill(4)}


def _is_left_out(path: str, status: FileStatus, left_out: set[str], enters: Enters) -> bool:
    """Return whether a directory above is not entered; those come first."""
    if paths.parent(path) in left_out:
        if status.is_directory:
            left_out.add(path)
        return True
    if status.is_directory and not enters(path, status):
        left_out.add(path)
    return False
