"""Transfers: upload and download."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from airflow_provider_adls.filesystem.local_trees import local_tree
from airflow_provider_adls.filesystem.trees import lake_tree
from airflow_provider_adls.gen1.errors import PathExistsError
from airflow_provider_adls.gen1.paths import join, name
from airflow_provider_adls.hooks.lineage import tell_local
from airflow_provider_adls.hooks.places import Place, PlacesMixin
from airflow_provider_adls.hooks.transfer import download_files, existing_paths, upload_files


class TransfersMixin(PlacesMixin):
    """The hook's methods that move files. Errors are those of `gen1.errors`."""

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
        for source, _ in pairs:
            tell_local("read", source)
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
        for _, target in pairs:
            tell_local("written", target)
        return {"files": len(pairs), "bytes": tree.size, "path": _only_target(pairs, target_root)}

    def _refuse_existing(self, place: Place, targets: list[str]) -> None:
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
