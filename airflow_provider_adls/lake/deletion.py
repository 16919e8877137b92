"""Deletion of one path, with the errors that the service's answers stand for."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from airflow_provider_adls.lake.hidden import hidden_files, sweep
from airflow_provider_adls.model.errors import ADLSGen1Error, PathNotFoundError, ServiceError

if TYPE_CHECKING:
    from airflow_provider_adls.client.interface import DataLakeClient


async def remove(client: DataLakeClient, path: str, *, recursive: bool) -> None:
    """Delete a file or directory.

    :param recursive: whether a directory is deleted with what it holds.
    :raises PathNotFoundError: if nothing exists there.
    :raises ServiceError: for a directory that is not empty, unless ``recursive``. What dead writers left
        behind does not count.
    """
    try:
        existed = await client.delete(path, recursive=recursive)
    except ServiceError as error:
        if recursive or not await _swept(client, path, error):
            raise
        existed = await client.delete(path)
    if not existed:
        raise PathNotFoundError("nothing exists there", operation="DELETE", path=path, account=client.account)


async def _swept(client: DataLakeClient, path: str, error: ServiceError) -> bool:
    """Return whether a directory held only what dead writers left, and is empty now.

    :param error: of the deletion; gets a hint on what the directory holds.
    """
    with suppress(ADLSGen1Error):
        hidden = await hidden_files(client, path)
        page = await client.list_page(path, limit=len(hidden) + 1)
        if len(page.entries) > len(hidden):
            if "empty" in str(error):
                error.advise("delete it with recursive=True, or what it holds first")
        elif hidden:
            if await sweep(client, path, anew=True) == len(hidden):
                return True
            error.advise(
                f"all it holds are hidden files, {hidden[-1].name} for instance, of uploads that are under"
                " way or were killed on another machine: wait for them, or delete it with recursive=True"
            )
    return False
