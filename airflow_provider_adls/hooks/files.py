"""Directories and files: make, list, delete, upload, download.

A path is absolute, ``/raw/2026``, in the hook's own account, or a URL, ``adl://account/raw/2026``, in
any. What is returned has the form that was asked for.
"""

from __future__ import annotations

import glob
import os
from abc import abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow_provider_adls.gen1.errors import PathError, PathExistsError, PathNotFoundError
from airflow_provider_adls.gen1.paths import Location, join, name, parse
from airflow_provider_adls.hooks.transfer import download_files, existing_paths, upload_files
from airflow_provider_adls.hooks.trees import (
    is_glob,
    known_matches,
    lake_matches,
    lake_tree,
    local_tree,
    whole,
    with_contents,
)

if TYPE_CHECKING:
    from airflow_provider_adls.filesystem import ADLSGen1FileSystem


class _Place(NamedTuple):
    """A path in the file system of its account."""

    filesystem: ADLSGen1FileSystem
    account: str | None
    path: str

    def named(self, path: str) -> str:
        """Another path of the account, in the form that this one was asked in."""
        return Location(self.account, path).url()


class FilesMixin:
    """The hook's methods for directories and files. Errors are those of `gen1.errors`."""

    @abstractmethod
    def filesystem_of(self, account: str | None = None) -> ADLSGen1FileSystem:
        """The file system of an account; None for the hook's own."""
        ...

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

    def upload(self, local_path: str, remote_path: str, *, overwrite: bool = True) -> dict[str, Any]:
        """Upload a file, a directory with all that is in it, or what a glob matches.

        A file becomes `remote_path`, or keeps its name below it where that ends with a slash. What a
        directory holds, or a glob matches, goes below `remote_path` in the shape that it has here. A file
        comes into view whole or not at all, and one that is there stays as it was until then.

        :param overwrite: False if none of the files may be there yet; that is looked at before the first.
        :returns: ``files``, ``bytes`` and ``path``, where they are now.
        :raises FileNotFoundError: if there is nothing to upload.
        :raises PathExistsError: if a file is there and may not be overwritten.
        """
        place = self._place(remote_path)
        tree = local_tree(local_path)
        into = remote_path.endswith("/") or place.path == "/"
        pairs = [
            (source, join(place.path, rest or (name(source) if into else "")))
            for rest, source, _ in tree.files
        ]
        if not overwrite:
            self._refuse_existing(place, [target for _, target in pairs])
        for directory in tree.empty_directories:
            place.filesystem.makedirs(join(place.path, directory), exist_ok=True)
        upload_files(place.filesystem, pairs, overwrite=overwrite)
        return {"files": len(pairs), "bytes": tree.size, "path": place.named(_only_target(pairs, place.path))}

    def download(self, remote_path: str, local_path: str, *, overwrite: bool = True) -> dict[str, Any]:
        """Download a file, a directory with all that is in it, or what a glob matches.

        The rules are those of `upload`, the other way round.

        :returns: ``files``, ``bytes`` and ``path``, where they are now.
        :raises PathNotFoundError: if there is nothing to download.
        :raises FileExistsError: if a file is there and may not be overwritten.
        """
        place = self._place(remote_path)
        target_root = os.path.expanduser(local_path)  # noqa: PTH111 - Path would drop a slash at the end
        tree = lake_tree(place.filesystem, place.path)
        pairs = [(source, _local_target(target_root, rest, source)) for rest, source, _ in tree.files]
        if not overwrite and (there := [target for _, target in pairs if Path(target).exists()]):
            raise FileExistsError(f"{there[0]}{_more(there)} exists and may not be overwritten")
        for directory in tree.empty_directories:
            Path(target_root, directory).mkdir(parents=True, exist_ok=True)
        for folder in {Path(target).parent for _, target in pairs}:
            folder.mkdir(parents=True, exist_ok=True)
        download_files(place.filesystem, pairs)
        return {"files": len(pairs), "bytes": tree.size, "path": _only_target(pairs, target_root)}

    def _place(self, path: str) -> _Place:
        location = parse(path)
        return _Place(self.filesystem_of(location.account), location.account, location.path)

    def _doomed(self, path: str | Iterable[str], *, ignore_if_missing: bool) -> list[_Place]:
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

    def _refuse_existing(self, place: _Place, targets: list[str]) -> None:
        if there := existing_paths(place.filesystem, targets):
            raise PathExistsError(
                f"it{_more(there)} exists and may not be overwritten; nothing was uploaded",
                path=there[0],
                account=place.account,
            )


def _local_target(root: str, place: str, source: str) -> str:
    if place or root.endswith("/"):
        return str(Path(root, place or name(source)))
    if Path(root).is_dir():
        raise IsADirectoryError(f"{root} is a directory: write {root}/ for the file to go into it")
    return root


def _more(there: list[str]) -> str:
    """What is said after the first of several."""
    return f" (and {len(there) - 1} more)" if len(there) > 1 else ""


def _only_target(pairs: list[tuple[str, str]], root: str) -> str:
    """Where one file is, or the directory that several are in."""
    return pairs[0][1] if len(pairs) == 1 else root
