"""`View`: reads what exists in an account, where a missing path is a result and not an error."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, TypeAlias

from airflow_provider_adls.client.interface import enter_all
from airflow_provider_adls.lake.hints import explain
from airflow_provider_adls.model.errors import AccessDeniedError, PathNotFoundError

if TYPE_CHECKING:
    from airflow_provider_adls.client import DataLakeClient
    from airflow_provider_adls.client.interface import Enters
    from airflow_provider_adls.client.results import ContentSummary
    from airflow_provider_adls.model.status import FileStatus

#: Takes a page of a listing.
OnPage: TypeAlias = "Callable[[list[FileStatus]], object]"
#: Takes the path of a file or directory, and its status.
Visit: TypeAlias = "Callable[[str, FileStatus], object]"
#: Entries in a page: reading one takes some milliseconds of an event loop that others wait in.
PAGE_SIZE = 1000


class View:
    """Reads one account.

    :param client: of the account.
    :param page_size: entries of a page of a listing; None for few enough to leave others their turns.
    """

    #: Whether trees are read by requests of their own, and not directory by directory.
    lists_trees = True

    def __init__(self, client: DataLakeClient, page_size: int | None = None) -> None:
        self.client = client
        self._page_size = page_size

    async def status(self, path: str) -> FileStatus | None:
        """Return what exists at a path; None if nothing does."""
        try:
            return await self.client.status(path)
        except PathNotFoundError:
            return None

    async def look_through(self, path: str, on_page: OnPage) -> None:
        """Read a directory page by page; a missing one has no pages."""
        try:
            async for page in self.client.pages(path, limit=self._page_size or PAGE_SIZE):
                on_page(page)
        except PathNotFoundError:
            # Removed, before or between its pages.
            return

    async def look_through_tree(self, path: str, visit: Visit, *, enters: Enters = enter_all) -> None:
        """Visit all files and directories below a directory; a missing one has none.

        :param enters: whether a directory's content is part of it.
        """
        limit = self._page_size or PAGE_SIZE
        try:
            async with aclosing(self.client.tree_pages(path, limit=limit, enters=enters)) as pages:
                async for page in pages:
                    for name, status in page:
                        visit(name, status)
        except PathNotFoundError:
            return

    async def summary(self, path: str) -> ContentSummary | None:
        """Return the numbers of files and bytes below a path; None if nothing exists there."""
        try:
            return await self.client.content_summary(path)
        except PathNotFoundError:
            return None

    async def explain(self, error: BaseException) -> None:
        """Add hints to an access-denied error."""
        if isinstance(error, AccessDeniedError):
            await explain(self.client, error)
