"""Directories and files: make, list, delete.

A path is absolute, ``/raw/2026``, in the hook's own account, or a URL, ``adl://account/raw/2026``, in
any. What is returned has the form that was asked for.
"""

from __future__ import annotations

from typing import Any

from airflow_provider_adls.hooks.deletion import DeletionMixin
from airflow_provider_adls.hooks.running import find_existing, run
from airflow_provider_adls.hooks.status import describe
from airflow_provider_adls.lake.hints import with_hints
from airflow_provider_adls.lake.matches import find_listed, find_matches


class FilesMixin(DeletionMixin):
    """The hook's methods for directories and files. Errors are those of `gen1.errors`."""

    def make_directory(self, path: str, *, permission: str | None = None) -> str:
        """Make a directory and those above it; one that exists is left as it is.

        :param permission: octal digits, ``750``; None leaves it to the service, which takes 770.
        :returns: the path.
        :raises PathExistsError: if a file is there.
        """
        place = self.place(path)
        existing = find_existing([place]).get(place) if permission is not None else None
        if existing is None or not existing.is_directory:
            client = place.client
            run(with_hints(client, client.make_directories(place.path, permission=permission)))
        return place.name

    def list_paths(
        self,
        path: str,
        *,
        recursive: bool = False,
        include_files: bool = True,
        include_directories: bool = False,
        limit: int | None = None,
    ) -> list[str]:
        """Return paths in a directory, or that a glob matches; a file is listed as itself.

        Files that are being uploaded are not there yet.

        :param recursive: whether to go into the directories, and those in them.
        :param include_files: whether files are listed.
        :param include_directories: whether directories are listed too.
        :param limit: most paths to answer with; None for all. Of one directory, with a glob in its last
            segment or without, no more is asked for than holds them.
        :returns: sorted paths. A glob that matches nothing gives none.
        :raises PathNotFoundError: if there is no such directory or file.
        """
        entries = self.list_entries(
            path,
            recursive=recursive,
            include_files=include_files,
            include_directories=include_directories,
            limit=limit,
        )
        return [entry["path"] for entry in entries]

    def list_entries(
        self,
        path: str,
        *,
        recursive: bool = False,
        include_files: bool = True,
        include_directories: bool = False,
        limit: int | None = None,
    ) -> list[dict[str, Any]]:
        """Return what `list_paths` does, with what the service says of each.

        :returns: `describe` of each, sorted by path.
        """
        place = self.place(path)
        kinds = {False: include_files, True: include_directories}
        found = run(
            find_listed(
                place.view,
                place.path,
                lambda _, status: kinds[status.is_directory],
                recursive=recursive,
                limit=limit,
            )
        )
        return [describe(place, path, status) for path, status in found.items()]

    def find_paths(self, path: str) -> list[str]:
        """Return what exists at a path, or what a glob matches: files and directories.

        :returns: sorted paths; none if nothing is there.
        """
        place = self.place(path)
        try:
            found = run(find_matches(place.view, place.path))
        except FileNotFoundError:
            return []
        return [place.named(name) for name in sorted(found)]
