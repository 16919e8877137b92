"""Deleted items of an account, for as long as the service keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.client.results import Advance

if TYPE_CHECKING:
    from airflow_provider_adls.client import DeletedItem
    from airflow_provider_adls.client.interface import DataLakeClient


async def deleted_items(client: DataLakeClient, path: str, limit: int | None = None) -> list[DeletedItem]:
    """Return deleted items whose path contains the given one.

    :param path: former path, or part of it; the root stands for all.
    :param limit: most items to return.
    """
    found: list[DeletedItem] = []
    token, page_size = "", client.limits.page
    advance = Advance("ENUMERATEDELETEDITEMS", path, client.account)
    while limit is None or len(found) < limit:
        size = page_size if limit is None else min(page_size, limit - len(found))
        page = await client.deleted_page(path, token=advance.to(token), limit=size)
        found += page.items
        token = page.continuation
        if not token:
            break
    return found
