"""Deleting paths, globs and lists, and saying first what would go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import groupby
from typing import Any

from airflow_provider_adls.hooks.paths import PlacesMixin
from airflow_provider_adls.hooks.running import each, find_existing, run
from airflow_provider_adls.lake.deletion import remove
from airflow_provider_adls.lake.hints import with_hints
from airflow_provider_adls.lake.matches import find_listed
from airflow_provider_adls.lake.places import NAMED, Place, uppermost
from airflow_provider_adls.model.errors import PathError, PathNotFoundError, ServiceError


class DeletionMixin(PlacesMixin):
    """The hook's method for deletion."""

    def delete_paths(
        self,
        path: str | Iterable[str],
        *,
        recursive: bool = False,
        ignore_if_missing: bool = True,
        preview: bool = False,
    ) -> dict[str, Any]:
        """Delete a path, all that a glob matches, or a list of paths.

        The paths of a list are taken as they stand, wildcards included, so that what a listing found is
        what is deleted.

        :param recursive: whether directories may be deleted with what they hold.
        :param ignore_if_missing: whether a path where nothing is, or a glob that matches nothing, is right.
            Where it is not, that is looked at before anything is deleted.
        :param preview: whether nothing is deleted, and the result says what would be.
        :returns: ``deleted``, the number of paths that were there; of a preview ``preview``, and ``paths``,
            the first 100 of them, too.
        :raises PathError: for the root of an account.
        :raises PathNotFoundError: if nothing is there and that is not to be ignored.
        :raises ServiceError: for a directory that is not empty, unless ``recursive``.
        """
        doomed = self._doomed(path, recursive=recursive, ignore_if_missing=ignore_if_missing)
        if any(place.path == "/" for place in doomed):
            raise PathError("the root of an account cannot be deleted: delete what is in it, /*")
        if preview or not ignore_if_missing:
            doomed = list(_existing(doomed, ignore_if_missing=ignore_if_missing))
        if preview:
            if not recursive:
                _refuse_filled(doomed)
            return {
                "preview": True,
                "deleted": len(doomed),
                "paths": [place.name for place in doomed[:NAMED]],
            }
        return {"deleted": _delete(doomed, recursive=recursive)}

    def _doomed(self, path: str | Iterable[str], *, recursive: bool, ignore_if_missing: bool) -> list[Place]:
        places = self._selected(path)
        if not places and isinstance(path, str) and not ignore_if_missing:
            place = self.place(path)
            raise PathNotFoundError("nothing in the lake matches", path=place.path, account=place.account)
        # The paths of a list stand for themselves, and what a glob matches goes with what it holds.
        return uppermost(places) if recursive or isinstance(path, str) else places


def _existing(places: list[Place], *, ignore_if_missing: bool) -> Iterator[Place]:
    found = find_existing(places)
    for place in places:
        if place in found:
            yield place
        elif not ignore_if_missing:
            # Says which part of the path is missing.
            run(with_hints(place.client, place.client.status(place.path)))


def _refuse_filled(places: list[Place]) -> None:
    """Raise as the service would for a directory that holds more than what goes before it."""
    going = {(place.account, place.path) for place in places}
    for place in places:
        entries = run(find_listed(place.view, place.path, lambda _path, _status: True))
        if any((place.account, entry) not in going for entry in entries):
            raise ServiceError(
                "the directory is not empty", operation="DELETE", path=place.path, account=place.account
            )


def _delete(places: list[Place], *, recursive: bool) -> int:
    """Delete paths.

    :returns: how many existed.
    """
    deleted = 0

    async def delete(place: Place) -> None:
        nonlocal deleted
        with suppress(PathNotFoundError):
            await with_hints(place.client, remove(place.client, place.path, recursive=recursive))
            deleted += 1

    # What a directory holds goes before it does.
    for _, level in groupby(sorted(places, key=_depth, reverse=True), key=_depth):
        each(delete, level)
    return deleted


def _depth(place: Place) -> int:
    return place.path.count("/")
