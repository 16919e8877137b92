"""`FilesMixin`: directories and files are made, listed, looked at, moved and deleted.

A path is absolute, ``/raw/2026``, in the hook's own account, or a URL, ``adl://account/raw/2026``, in
any. Results have the form of the path that was given.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Unpack

from airflow_provider_adls.filesystem.entries import moment
from airflow_provider_adls.hooks.paths import PlacesMixin
from airflow_provider_adls.hooks.periods import period_of
from airflow_provider_adls.hooks.running import run
from airflow_provider_adls.lake.deletion import find_removable, refuse_filled, remove_all
from airflow_provider_adls.lake.glob import glob_root, is_glob
from airflow_provider_adls.lake.hints import with_hints
from airflow_provider_adls.lake.matches import find_listed, find_matches
from airflow_provider_adls.lake.places import NAMED, Place, ordered, uppermost
from airflow_provider_adls.lake.records import counted, log_done
from airflow_provider_adls.lake.selection import (
    PeriodDeletion,
    find_chosen,
    is_in_period,
    refuse_directories,
)
from airflow_provider_adls.model.errors import AccessDeniedError, PathError, PathNotFoundError
from airflow_provider_adls.model.paths import is_possible
from airflow_provider_adls.model.times import Times

if TYPE_CHECKING:
    from airflow_provider_adls.model.status import FileStatus
    from airflow_provider_adls.model.times import Period


class ListOptions(Times, total=False):
    """Options of `FilesMixin.list_entries`."""

    recursive: bool
    include_files: bool
    include_directories: bool
    limit: int | None


class FilesMixin(PlacesMixin):
    """The hook's methods for directories and files. Errors are those of `model.errors`."""

    def make_directory(self, path: str, *, permission: str | None = None) -> str:
        """Make a directory and those above it; one that exists is left as it is.

        :param permission: octal digits, ``750``; None leaves it to the service: 770 on Gen1,
            750 on Gen2.
        :returns: the path.
        :raises PathExistsError: if a file has this path.
        """
        place = self.place(path)
        existing = run(place.view.status(place.path)) if permission is not None else None
        if existing is None or not existing.is_directory:
            client = place.client
            run(with_hints(client, client.make_directories(place.path, permission=permission)))
            log_done("Made the directory, unless it existed", [place.name])
        return place.name

    def list_paths(self, path: str, **options: Unpack[ListOptions]) -> list[str]:
        """Return the sorted paths of what :meth:`list_entries` returns.

        :param options: those of `list_entries`.
        """
        return [entry["path"] for entry in self.list_entries(path, **options)]

    def list_entries(
        self,
        path: str,
        *,
        recursive: bool = False,
        include_files: bool = True,
        include_directories: bool = False,
        limit: int | None = None,
        **times: Unpack[Times],
    ) -> list[dict[str, Any]]:
        """Return the entries of a directory, or those that a glob matches; a file is its own only entry.

        Files that are being uploaded do not exist yet.

        :param recursive: whether to go into directories, and those in them.
        :param include_files: whether files are listed.
        :param include_directories: whether directories are listed too.
        :param limit: most entries to return; None for all. One directory, with a glob in its last segment or
            without, is listed no further than that.
        :param times: when the files were modified that are listed; a directory has no part in that, and is
            not listed.
        :returns: `describe` of each, sorted by path. A glob that matches nothing gives none.
        :raises PathNotFoundError: if no directory or file is at the path.
        """
        place = self.place(path)
        kinds = {False: include_files, True: include_directories}
        period = period_of(times)
        found = run(
            find_listed(
                place.view,
                place.path,
                lambda _, status: kinds[status.is_directory] and (not period or is_in_period(status, period)),
                recursive=recursive,
                limit=limit,
            )
        )
        return [describe(place, path, status) for path, status in found.items()]

    def find_paths(self, path: str) -> list[str]:
        """Return the path if it exists, or what a glob matches: files and directories.

        :returns: sorted paths; none if nothing exists.
        """
        place = self.place(path)
        try:
            found = run(find_matches(place.view, place.path))
        except FileNotFoundError:
            return []
        return [place.named(name) for name in sorted(found)]

    def exists(self, path: str) -> bool:
        """Return whether a file or directory has this path."""
        if not is_possible(path, lake="@"):
            return False
        place = self.place(path)
        return is_possible(place.path, place.account) and self.find_status(path) is not None

    def get_status(self, path: str) -> dict[str, Any]:
        """Return the status of a file or directory.

        :returns: `describe` of it.
        :raises PathNotFoundError: if nothing exists.
        """
        place = self.place(path)
        client = place.client
        return describe(place, place.path, run(with_hints(client, client.status(place.path))))

    def find_status(self, path: str) -> dict[str, Any] | None:
        """Return the status of a file or directory; None if nothing exists."""
        try:
            return self.get_status(path)
        except FileNotFoundError:
            return None

    def content_summary(self, path: str) -> dict[str, Any]:
        """Return the numbers of directories, files and bytes below a path, counted by the service.

        :returns: ``path``, ``directories`` (a directory counts itself), ``files``, ``bytes``.
        :raises PathNotFoundError: if nothing exists.
        """
        place = self.place(path)
        summary = run(with_hints(place.client, place.client.content_summary(place.path)))
        return {
            "path": place.name,
            "directories": summary.directories,
            "files": summary.files,
            "bytes": summary.length,
        }

    def check_access(self, path: str, rights: str, *, ignore_if_denied: bool = False) -> dict[str, Any]:
        """Return whether the connection's principal has rights on a path; all directories above it count too.

        :param rights: three characters, ``r-x`` for instance.
        :param ignore_if_denied: whether missing rights are a result, and not an error.
        :returns: ``path``, ``rights``, and whether they are ``granted``.
        :raises AccessDeniedError: if they are not, unless ``ignore_if_denied``.
        :raises PathNotFoundError: if nothing exists.
        """
        place = self.place(path)
        granted = run(with_hints(place.client, place.client.check_access(place.path, rights)))
        if not (granted or ignore_if_denied):
            raise AccessDeniedError(
                f"this client has not all of the rights {rights}",
                path=place.path,
                account=place.account,
            )
        return {"path": place.name, "rights": rights, "granted": granted}

    def move_paths(
        self,
        source: str | Iterable[str],
        destination: str,
        *,
        destination_conn_id: str | None = None,
        overwrite: bool = False,
        preview: bool = False,
        **times: Unpack[Times],
    ) -> dict[str, Any]:
        """Move a file or directory, everything that a glob matches, or a list of paths.

        One path becomes ``destination``, or keeps its name below it where that ends with a slash; several
        always go below it. Those that an earlier call has moved are passed over.

        :param source: a path, a glob, which may match nothing, or a list of paths, which are taken literally.
        :param destination_conn_id: id of the destination's connection; None for the hook's.
        :param overwrite: whether files may replace files; a directory replaces nothing. All destinations are
            checked before the first move.
        :param preview: whether nothing is moved, and the result says what would be.
        :param times: when the files were modified that are moved; a glob then matches no directory.
        :returns: ``moved``, the number of paths that were moved now, ``path``, their destination, and the
            first 100 of their new ``paths``; of a preview in place of these the first 100 ``moves``, each
            with ``source`` and ``destination``.
        :raises PathNotFoundError: for a path where nothing exists, nor at its destination.
        :raises PathExistsError: if something is in the way.
        :raises ValueError: if two would get one name, or a directory would go into itself, or is to be chosen
            by its time.
        """
        from airflow_provider_adls.transfer.move import Moves

        target = self.with_connection(destination_conn_id).place(destination)
        places = self._selected(source, period_of(times))
        several = not isinstance(source, str) or [place.path for place in places] != [self.place(source).path]
        into = several or destination.endswith("/") or target.path == "/"
        moves = run(Moves.planned(uppermost(places), target, into=into, overwrite=overwrite))
        if preview:
            first = list(moves.left.items())[:NAMED]
            shown = [{"source": one.name, "destination": new.name} for one, new in first]
            return {"preview": True, "moved": len(moves.left), "path": target.name, "moves": shown}
        where = target if several else next(iter(moves.left.values()), target)
        destination = where.name
        if any(not source.is_in(target) for source in moves.left):
            destination = f"{where.name} in account {where.account}"
            log_done(f"Moving to {destination}", [one.name for one in moves.left])
        run(moves.make(self.place(source) if several and isinstance(source, str) else None))
        log_done(
            f"Moved {counted(len(moves.left), 'path')} to {destination}", [one.name for one in moves.left]
        )
        paths = [new.name for new in list(moves.left.values())[:NAMED]]
        return {"moved": len(moves.left), "path": where.name, "paths": paths}

    def delete_paths(
        self,
        path: str | Iterable[str],
        *,
        recursive: bool = False,
        ignore_if_missing: bool = True,
        preview: bool = False,
        **times: Unpack[Times],
    ) -> dict[str, Any]:
        """Delete a file or directory, everything that a glob matches, or a list of paths.

        :param path: a path, a glob, or a list of paths, which are taken literally: what a listing found is
            what is deleted.
        :param recursive: whether directories may be deleted with their contents.
        :param ignore_if_missing: whether missing paths, and a glob that matches nothing, are passed over; if
            not, nothing is deleted then.
        :param preview: whether nothing is deleted, and the result says what would be.
        :param times: when the files were modified that are deleted: those that the path stands for, and with
            `recursive` those below directories. Of these only the ones that this empties go, and never the
            directory that the path names, or that is before the wildcards of a glob.
        :returns: ``deleted``, the number of paths that existed, and the first 100 ``paths``.
        :raises PathError: for the root of an account.
        :raises PathNotFoundError: if nothing exists, unless ``ignore_if_missing``.
        :raises ServiceError: for a directory that is not empty, unless ``recursive``.
        """
        if period := period_of(times):
            return self._delete_in(
                period, path, recursive=recursive, ignore_if_missing=ignore_if_missing, preview=preview
            )
        places = self._selected(path)
        if not places and isinstance(path, str) and not ignore_if_missing:
            place = self.place(path)
            raise PathNotFoundError("nothing in the lake matches", path=place.path, account=place.account)
        if any(place.path == "/" for place in places):
            raise PathError("the root of an account cannot be deleted: delete its contents, /*")
        # The paths of a list stand for themselves, and what a glob matches goes with what it holds.
        doomed = uppermost(places) if recursive or isinstance(path, str) else places
        if preview or not ignore_if_missing:
            doomed = list(run(find_removable(doomed, ignore_if_missing=ignore_if_missing)))
        if not preview:
            paths = [place.name for place in run(remove_all(doomed, recursive=recursive))]
            log_done(f"Deleted {counted(len(paths), 'path')}", paths)
            return {"deleted": len(paths), "paths": paths[:NAMED]}
        if not recursive:
            run(refuse_filled(doomed))
        return {"preview": True, "deleted": len(doomed), "paths": [place.name for place in doomed[:NAMED]]}

    def _delete_in(
        self,
        period: Period,
        path: str | Iterable[str],
        *,
        recursive: bool,
        ignore_if_missing: bool,
        preview: bool,
    ) -> dict[str, Any]:
        """Delete the files of a period, as `delete_paths` says."""
        places = ordered(self.place(one) for one in ([path] if isinstance(path, str) else path))
        if any(place.path == "/" for place in places):
            raise PathError("the root of an account cannot be deleted: delete its contents, /*")
        kept = places
        if isinstance(path, str) and is_glob(places[0].path):
            kept = [*places, places[0]._replace(path=glob_root(places[0].path) or "/")]
            found = run(find_chosen(places[0], period, directories=recursive))
        else:
            found = run(find_removable(places, ignore_if_missing=ignore_if_missing))
            if not recursive:
                refuse_directories(found, "set recursive=True for the files below it, or write a glob")
        deletion = PeriodDeletion(period, kept, preview=preview)
        run(deletion.delete({place: found[place] for place in uppermost(list(found))}))
        if not (deletion.deleted or ignore_if_missing):
            raise PathNotFoundError(f"no file there was modified {period}", path=places[0].path)
        result = {"deleted": deletion.deleted, "paths": deletion.paths}
        if preview:
            return {"preview": True, **result}
        log_done(f"Deleted {counted(deletion.deleted, 'path')}", deletion.paths, deletion.deleted)
        return result


def describe(place: Place, path: str, status: FileStatus) -> dict[str, Any]:
    """Return a status as JSON.

    :param place: names the account.
    :param path: of the file or directory.
    :returns: ``path``; ``type``, ``file`` or ``directory``; ``size`` in bytes; ``modified`` and, if it
        expires, ``expires``, times in ISO 8601; ``owner`` and ``group``, object ids; ``permission``, octal
        digits; ``has_acl``, whether there are entries beyond those that the permission shows.
    """
    expires = status.expiration_time
    return {
        "path": place.named(path),
        "type": "directory" if status.is_directory else "file",
        "size": status.length,
        "modified": moment(status.modification_time).isoformat(),
        "expires": moment(expires).isoformat() if expires else None,
        "owner": status.owner,
        "group": status.group,
        "permission": status.permission,
        "has_acl": status.acl_bit,
    }
