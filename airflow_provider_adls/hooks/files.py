"""Directories and files: make, list, delete.

A path is absolute, ``/raw/2026``, in the hook's own account, or a URL, ``adl://account/raw/2026``, in
any. What is returned has the form that was asked for.
"""

from __future__ import annotations

from airflow_provider_adls.filesystem.matches import (
    known_matches,
    lake_matches,
    whole,
    with_contents,
)
from airflow_provider_adls.hooks.deletion import DeletionMixin


class FilesMixin(DeletionMixin):
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
        return place.name

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
