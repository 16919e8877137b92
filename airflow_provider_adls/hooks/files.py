"""Directories and files: make, list, delete.

A path is absolute, ``/raw/2026``, in the hook's own account, or a URL, ``adl://account/raw/2026``, in
any. What is returned has the form that was asked for.
"""

from __future__ import annotations

import glob
from collections.abc import Iterable
from typing import Any

from airflow_provider_adls.filesystem.matches import (
    is_glob,
    known_matches,
    lake_matches,
    whole,
    with_contents,
)
from airflow_provider_adls.gen1.errors import PathError, PathNotFoundError
from airflow_provider_adls.hooks.places import Place, PlacesMixin


class FilesMixin(PlacesMixin):
    """The hook's methods for directories and files. Errors are those of `gen1.errors`."""

    def make_directory(self, path: str, *, permission: str | None = None) -> str:
        """Make a directory and those above it; one that exists is left as it is.

        :param permission: octal digits, ``750``; None leaves it to the service, which takes 770.
        :returns: the path.
        :raises PathExistsError: if a file is there.
        """
        place = self._place(path)
        if permission is None:
            place.filesystem.makedirs(place.path, exist_ok=True)
        else:
            try:
                place.filesystem.mkdir(place.path, permission=permission)
            except FileExistsError:
                if not place.filesystem.isdir(place.path):
                    raise
        return place.named(place.path)

    def list_paths(
        self, path: str, *, recursive: bool = False, include_directories: bool = False
    ) -> list[str]:
        """Files in a directory, or that a glob matches; a file is listed as itself.

        Files that are being uploaded are not there yet.

        :param recursive: whether to go into the directories, and those in them.
        :param include_directories: whether directories are listed too.
        :returns: sorted paths. A glob that matches nothing gives none.
        :raises PathNotFoundError: if there is no such directory or file.
        """
        place = self._place(path)
        found = known_matches(place.filesystem, place.path)
        if list(found) == [place.path] and found[place.path]["type"] == "directory":
            entries = place.filesystem.ls(place.path, detail=True)
            found = whole({entry["name"]: entry for entry in entries})
        if recursive:
            found = with_contents(place.filesystem, found)
        return [
            place.named(name)
            for name, info in sorted(found.items())
            if include_directories or info["type"] == "file"
        ]

    def find_paths(self, path: str) -> list[str]:
        """What is at a path, or at those that a glob matches: files and directories.

        :returns: sorted paths; none if nothing is there.
        """
        place = self._place(path)
        try:
            found = lake_matches(place.filesystem, place.path)
        except FileNotFoundError:
            return []
        return [place.named(name) for name in sorted(found)]

    def delete_paths(
        self, path: str | Iterable[str], *, recursive: bool = False, ignore_if_missing: bool = True
    ) -> dict[str, Any]:
        """Delete a path, all that a glob matches, or a list of paths.

        The paths of a list are taken as they stand, wildcards included, so that what a listing found is
        what is deleted.

        :param recursive: whether directories may be deleted with what they hold.
        :param ignore_if_missing: whether a path where nothing is, or a glob that matches nothing, is right.
        :returns: ``deleted``, the number of paths that were there.
        :raises PathError: for the root of an account.
        :raises PathNotFoundError: if nothing is there and that is not to be ignored.
        """
        deleted = 0
        for place in self._doomed(path, ignore_if_missing=ignore_if_missing):
            if place.path == "/":
                raise PathError("the root of an account cannot be deleted: delete what is in it, /*")
            try:
                if recursive:
                    # fsspec would take the name of a file for a glob, if it looks like one.
                    place.filesystem.rm(glob.escape(place.path), recursive=True)
                else:
                    place.filesystem.rm_file(place.path)
                deleted += 1
            except FileNotFoundError:
                if not ignore_if_missing:
                    raise
        return {"deleted": deleted}

    def _doomed(self, path: str | Iterable[str], *, ignore_if_missing: bool) -> list[Place]:
        if not isinstance(path, str):
            return [self._place(one) for one in path]
        place = self._place(path)
        if not is_glob(place.path):
            return [place]
        matches = lake_matches(place.filesystem, place.path)
        if not matches and not ignore_if_missing:
            raise PathNotFoundError("nothing in the lake matches", path=place.path, account=place.account)
        # A directory goes with what it holds: what is below another match is left out.
        kept: list[str] = []
        for match in sorted(matches, key=lambda match: match.split("/")):
            if not kept or not match.startswith(f"{kept[-1]}/"):
                kept.append(match)
        return [place._replace(path=match) for match in kept]
