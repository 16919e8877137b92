"""Deleted items: listed, and brought back, for as long as the service keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsspec.asyn import sync_wrapper

from airflow_provider_adls.filesystem.base import explained
from airflow_provider_adls.filesystem.joins import Joins
from airflow_provider_adls.model.operations import PAGE_SIZE

if TYPE_CHECKING:
    from airflow_provider_adls.client import DeletedItem, RestoreAction


class Trash(Joins):
    """The trash of accounts, which the .NET SDK knows and promises no more than a best effort of."""

    @explained
    async def _deleted(self, path: str, limit: int | None = None) -> list[DeletedItem]:
        """Deleted items of an account whose path holds the given one.

        :param path: where they were, or part of it; the root stands for all.
        :param limit: most items to answer with.
        """
        where = self._place(path)
        client = self._client(where)
        found: list[DeletedItem] = []
        after = ""
        while limit is None or len(found) < limit:
            size = PAGE_SIZE if limit is None else min(PAGE_SIZE, limit - len(found))
            page = await client.deleted_page(where.path, after=after, limit=size)
            found += page.items
            after = page.continuation
            if not after:
                break
        return found

    @explained
    async def _restore(
        self,
        path: str,
        token: str,
        directory: bool = False,  # noqa: FBT001, FBT002 - as the sync face passes it on
        action: RestoreAction | None = None,
    ) -> None:
        """Bring a deleted item back.

        :param path: that it gets, in the account that it was deleted from.
        :param token: what the listing names it by.
        :param directory: whether it is a directory.
        :param action: what happens where the name is taken: ``overwrite`` replaces a file, ``copy`` takes
            another name; None for nothing.
        :raises PathNotFoundError: if there is no such item any more.
        :raises PathExistsError: if the name is taken, and no action was asked for.
        """
        where = self._place(path)
        await self._client(where).restore(token, where.path, directory=directory, action=action)

    deleted = sync_wrapper(_deleted)
    restore = sync_wrapper(_restore)
