"""An account as somebody sees it who waits for something in it: what is there, and no more than that."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from airflow_provider_adls.lake.hints import explain
from airflow_provider_adls.model.errors import AccessDeniedError, PathNotFoundError

if TYPE_CHECKING:
    from airflow_provider_adls.client import DataLakeClient
    from airflow_provider_adls.client.results import ContentSummary
    from airflow_provider_adls.model.status import FileStatus

#: Takes a page of a listing.
OnPage: TypeAlias = "Callable[[list[FileStatus]], object]"
#: Entries in a page: reading one takes some milliseconds of an event loop that others wait in.
PAGE_SIZE = 1000


class View:
    """Looks at one account. What is not there is no error.

    :param client: of the account.
    """

    def __init__(self, client: DataLakeClient) -> None:
        self.client = client

    async def status(self, path: str) -> FileStatus | None:
        """What is at a path; None if nothing is."""
        try:
            return await self.client.status(path)
        except PathNotFoundError:
            return None

    async def look_through(self, path: str, on_page: OnPage) -> None:
        """Look through a directory, page by page; nothing is in one that is not there."""
        try:
            async for page in self.client.pages(path, limit=PAGE_SIZE):
                on_page(page)
        except PathNotFoundError:
            # Removed, before or between its pages.
            return

    async def summary(self, path: str) -> ContentSummary | None:
        """Numbers of files and bytes below a path; None if nothing is there."""
        try:
            return await self.client.content_summary(path)
        except PathNotFoundError:
            return None

    async def explain(self, error: BaseException) -> None:
        """Add to an error what a few more questions tell."""
        if isinstance(error, AccessDeniedError):
            await explain(self.client, error)
