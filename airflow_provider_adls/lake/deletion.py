"""Deletion of one path and of many, with the errors that the service's answers stand for."""

from __future__ import annotations

from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING

from airflow_provider_adls.lake.blocks import PARALLEL, at_once
from airflow_provider_adls.lake.hidden import hidden_files, sweep
from airflow_provider_adls.lake.hints import with_hints
from airflow_provider_adls.lake.matches import find_listed
from airflow_provider_adls.lake.places import find_existing
from airflow_provider_adls.model.errors import ADLSGen1Error, PathNotFoundError, ServiceError

if TYPE_CHECKING:
    from airflow_provider_adls.client.interface import DataLakeClient
    from airflow_provider_adls.lake.places import Place
    from airflow_provider_adls.model.status import FileStatus


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
        raise PathNotFoundError("nothing exists there", path=path, account=client.account)


async def remove_all(places: list[Place], *, recursive: bool) -> list[Place]:
    """Delete files and directories, what a directory holds before it; missing ones are passed over.

    :returns: those that existed, in their order.
    """
    deleted: set[Place] = set()

    async def delete(place: Place) -> None:
        with suppress(PathNotFoundError):
            await with_hints(place.client, remove(place.client, place.path, recursive=recursive))
            deleted.add(place)

    for _, level in groupby(sorted(places, key=_depth, reverse=True), key=_depth):
        await at_once(delete, level, PARALLEL)
    return [place for place in places if place in deleted]


async def find_removable(places: list[Place], *, ignore_if_missing: bool) -> dict[Place, FileStatus]:
    """Return those of the places at which something exists, each with its status.

    :raises PathNotFoundError: for any other, unless ``ignore_if_missing``, with a hint on which part of the
        path is missing.
    """
    found = await find_existing(places)
    for place in places:
        if place not in found and not ignore_if_missing:
            await with_hints(place.client, place.client.status(place.path))
    return found


async def refuse_filled(places: list[Place]) -> None:
    """Raise as the service would for a directory that holds more than the other places.

    :raises ServiceError: naming the directory.
    """
    going = {(place.account, place.path) for place in places}
    for place in places:
        entries = await find_listed(place.view, place.path, lambda _path, _status: True)
        if any((place.account, entry) not in going for entry in entries):
            raise ServiceError("the directory is not empty", path=place.path, account=place.account)


def _depth(place: Place) -> int:
    return place.path.count("/")


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
