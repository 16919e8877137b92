"""`TransfersMixin`: copies files, trees and globs from one store to another, and syncs trees.

The destination is the new path of a single file, or with a slash at its end the directory for it. The files
of a directory or a glob keep their relative paths below it. A file appears whole or not at all, and an
existing one is unchanged until then.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.hooks.ends import (
    Source,
    is_lake,
    is_place,
    lake_end,
    local_end,
    other_end,
    source_end,
)
from airflow_provider_adls.hooks.lineage import report_file
from airflow_provider_adls.hooks.paths import PlacesMixin
from airflow_provider_adls.hooks.periods import period_of, without_times
from airflow_provider_adls.hooks.running import run
from airflow_provider_adls.lake.keep import parse_keep
from airflow_provider_adls.lake.written import WrittenAttributes
from airflow_provider_adls.model.errors import PathError
from airflow_provider_adls.model.paths import parse

if TYPE_CHECKING:
    from airflow_provider_adls.transfer.stores import End
    from airflow_provider_adls.transfer.sync import SyncOptions

logger = logging.getLogger(__name__)


class TransfersMixin(PlacesMixin):
    """The hook's methods that copy files.

    Each takes the options of `transfer.options.Options`, with those of `model.times.Times` in place of
    `period`. It returns the numbers of copied ``files`` and ``bytes``; ``path``, where they are; the numbers
    of files ``skipped``, ``failed`` and ``deleted``; and the first 100 ``paths``, ``skipped_paths``,
    ``failed_paths`` and ``deleted_paths``, where there are any. A preview also has ``overwritten``.

    A source is a path, a glob, or a list of paths of one store, which are taken literally. Each path of a
    list goes below the destination and keeps its name.

    A file that changes while it is copied is a `SourceChangedError`, and does not appear.
    """

    log: Any

    def upload(self, local_path: Source, remote_path: str, **options: Any) -> dict[str, Any]:
        """Copy a file, a directory with everything below it, or the matches of a glob, into the lake.

        Files appear with their ``permission`` (octal digits) or ``acl`` (the whole list), with an expiry
        where ``expires_in`` gives a span or its seconds, and with what ``keep`` names of a file that they
        replace.

        :raises FileNotFoundError: if there is nothing to upload.
        :raises FileExistsError: if a file exists, and may be neither overwritten nor skipped.
        """
        return self._put(source_end(local_path, local_end), remote_path, options)

    def download(
        self, remote_path: Source, local_path: str | PathLike[str], **options: Any
    ) -> dict[str, Any]:
        """Copy in the other direction, out of the lake."""
        return self._transfer(self._source(remote_path), local_end(fspath(local_path)), options)

    def copy(
        self,
        source_path: Source,
        destination_path: str,
        *,
        destination_conn_id: str | None = None,
        **options: Any,
    ) -> dict[str, Any]:
        """Copy inside an account, or to another one, through this machine: the service has no copy.

        With ``keep``, a name or a list of ``permission`` (access control lists too), ``owner``, ``expiry``
        and ``times``, files and directories get what their sources have, when all are copied; the result
        says how many got each, ``kept`` and ``not_kept``, and names the first ``not_kept_paths``.

        :param destination_conn_id: id of the destination's connection; None for the hook's.
        """
        target = self.with_connection(destination_conn_id)
        return self._transfer(self._source(source_path), lake_end(target, destination_path), options)

    def import_objects(
        self, source_path: Source, remote_path: str, *, source_conn_id: str | None = None, **options: Any
    ) -> dict[str, Any]:
        """Copy from any store that Airflow's `ObjectStoragePath` knows into the lake, as :meth:`upload` does.

        :param source_path: a URL or glob, such as ``s3://bucket/prefix``, or a list of URLs.
        :param source_conn_id: id of that store's connection.
        """
        source = source_end(source_path, lambda url: other_end(url, source_conn_id))
        return self._put(source, remote_path, options)

    def export_objects(
        self,
        remote_path: Source,
        destination_path: str,
        *,
        destination_conn_id: str | None = None,
        **options: Any,
    ) -> dict[str, Any]:
        """Copy in the other direction, out of the lake."""
        return self._transfer(
            self._source(remote_path), other_end(destination_path, destination_conn_id), options
        )

    def sync(
        self,
        source_path: str,
        destination_path: str,
        *,
        source_conn_id: str | None = None,
        destination_conn_id: str | None = None,
        **options: Any,
    ) -> dict[str, Any]:
        """Make a tree like another: copy new and changed files, and delete extraneous ones if asked to.

        A path or an ``adl://`` URL is in a lake, ``file:///data`` on this machine, and any other URL in the
        store that Airflow has for it.

        :param source_conn_id: id of the source's connection; None for the hook's, if it is a lake.
        :param destination_conn_id: id of the destination's connection, in the same way.
        :param options: those of `transfer.sync.SyncOptions`, with `model.times.Times` in place of the period:
            what is not chosen by its time is not copied, and its copy stays as it is. ``include`` may hold
            paths and URLs of the source's lake too, which are taken literally.
        """
        from airflow_provider_adls.transfer.sync import SyncOptions, sync_trees

        source = self._end(source_path, source_conn_id)
        target = self._end(destination_path, destination_conn_id)
        log, copied = self.log.info, _reporter(source, target)
        _log_accounts(source, target)
        options["keep"] = parse_keep(options.get("keep"))
        settings = SyncOptions(**without_times(options), period=period_of(options))
        settings = _with_places(settings, source)
        return run(sync_trees(source, target, settings, log, copied))

    def _end(self, path: str, conn_id: str | None) -> End:
        if is_lake(path):
            return lake_end(self.with_connection(conn_id), path)
        return other_end(path, conn_id)

    def _source(self, source: Source) -> End:
        return source_end(source, lambda path: lake_end(self, path))

    def _put(self, source: End, remote_path: str, options: dict[str, Any]) -> dict[str, Any]:
        given = {name: options.pop(name, None) for name in ("permission", "acl", "expires_in", "keep")}
        fail_unless_kept = options.pop("fail_unless_kept", False)
        written = WrittenAttributes.of(**given)
        summary = self._transfer(source, lake_end(self, remote_path, written), options)
        if options.get("preview"):
            return summary
        return written.conclude(summary, self.log.info, fail_unless_kept=fail_unless_kept)

    def _transfer(self, source: End, target: End, options: dict[str, Any]) -> dict[str, Any]:
        from airflow_provider_adls.transfer.options import Options
        from airflow_provider_adls.transfer.run import transfer

        log, copied = self.log.info, _reporter(source, target)
        _log_accounts(source, target)
        options["keep"] = parse_keep(options.get("keep"))
        settings = Options(**without_times(options), period=period_of(options))
        return run(transfer(source, target, settings, log, copied))


def _log_accounts(source: End, target: End) -> None:
    """Log the two accounts of a transfer between lakes, which paths alone would not show."""
    from airflow_provider_adls.transfer.lake import LakeStore

    one, other = source.store, target.store
    if isinstance(one, LakeStore) and isinstance(other, LakeStore) and one != other:
        logger.info("From account %s to account %s", one.client.lake, other.client.lake)


def _with_places(options: SyncOptions, source: End) -> SyncOptions:
    """Return the options of a sync with the paths of `include` as places below the source.

    :raises PathError: for one that is not below it.
    """
    globs = [one for one in options.include if not is_place(one)]
    places = set()
    root = f"{source.path.rstrip('/')}/"
    for one in options.include:
        if is_place(one):
            path = parse(one).path
            if not (source.store.is_lake and path.startswith(root)):
                raise PathError(f"include has {one}, which is not below {source.shown}, the source")
            places.add(path[len(root) :])
    return replace(options, include=globs, places=places)


def _reporter(source: End, target: End) -> Callable[[str, str], None]:
    """Return a function that reports copied files to lineage; those in lakes report themselves."""

    def report(read: str, written: str) -> None:
        if not source.store.is_lake:
            report_file("read", source.store.shown(read))
        if not target.store.is_lake:
            report_file("written", target.store.shown(written))

    return report
