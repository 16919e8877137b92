"""`TransformMixin`: transforms files of a lake by a function or a command that works on local files."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from logging import Logger
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any, Unpack

from airflow_provider_adls.hooks.paths import PlacesMixin
from airflow_provider_adls.hooks.periods import period_of
from airflow_provider_adls.hooks.running import run
from airflow_provider_adls.hooks.subprocess import run_command
from airflow_provider_adls.lake.downloads import download
from airflow_provider_adls.lake.hidden import sweep_folders, unfinished_name
from airflow_provider_adls.lake.hints import with_hints
from airflow_provider_adls.lake.places import NAMED, Place, find_existing
from airflow_provider_adls.lake.records import counted, log_done
from airflow_provider_adls.lake.sources import LocalSource, lake_source
from airflow_provider_adls.lake.trees import File, Scan
from airflow_provider_adls.lake.uploads import upload
from airflow_provider_adls.model.errors import PathExistsError, PathNotFoundError
from airflow_provider_adls.model.paths import join, name
from airflow_provider_adls.transfer.report import INTERVAL

if TYPE_CHECKING:
    from airflow_provider_adls.model.times import Period, Times

#: A function that is called with the local path of a file and that of the file to write; or a command, to
#: which both are appended.
Transform = Callable[[str, str], Any] | Sequence[str]


class TransformMixin(PlacesMixin):
    """The hook's method for transformation."""

    log: Any

    def transform_files(
        self,
        source_path: str,
        destination_path: str,
        transform: Transform,
        *,
        destination_conn_id: str | None = None,
        arguments: Sequence[str] = (),
        env: Mapping[str, str] | None = None,
        overwrite: bool = True,
        ignore_if_missing: bool = False,
        preview: bool = False,
        **times: Unpack[Times],
    ) -> dict[str, Any]:
        """Transform files: download each, run a command or function on it, upload its output.

        One file is on this machine at a time, in a folder that is removed afterwards; that of a killed worker
        is removed by the next transformation. The new file appears whole or not at all.

        :param source_path: a file, a directory with everything below it, or a glob.
        :param destination_path: the new path of a single file, or with a slash at its end the directory for
            it. The files of a directory or a glob keep their relative paths below it.
        :param transform: a function that is called with two local paths, that of the file and that of the
            file to write; or a command, which gets both after its own arguments.
        :param destination_conn_id: id of the destination's connection; None for the hook's.
        :param arguments: arguments of a command after the two paths.
        :param env: variables that a command sees beside `subprocess.PASSED_ON`.
        :param overwrite: whether existing files are replaced; if not, one is an error before the first file
            is transformed.
        :param ignore_if_missing: whether nothing to transform is ignored.
        :param preview: whether nothing is done, and the result says what would be.
        :param times: when the files were modified that are transformed; others are left out.
        :returns: ``files``, ``bytes_read``, ``bytes_written``, and ``path``, their destination; of a preview
            also the number of files that would be ``overwritten``, and the first 100 ``paths``.
        :raises PathNotFoundError: if there is nothing to transform, unless ``ignore_if_missing``.
        :raises PathExistsError: if a file exists and may not be overwritten.
        :raises FileNotFoundError: if the transformation writes no file.
        :raises AirflowException: if the command fails.
        """
        source = self.place(source_path)
        target = self.with_connection(destination_conn_id).place(destination_path)
        files = run(_files(source, period_of(times), ignore_if_missing=ignore_if_missing))
        into = destination_path.endswith("/") or target.path == "/"
        pairs = [
            (file.path, join(target.path, file.place or (name(file.path) if into else ""))) for file in files
        ]
        existing = [*run(find_existing(target._replace(path=path) for _, path in pairs))]
        if existing and not overwrite:
            raise PathExistsError(
                "it exists and may not be overwritten; nothing was transformed",
                path=existing[0].path,
                account=target.account,
            )
        where = pairs[0][1] if len(pairs) == 1 else target.path
        result = {
            "files": len(pairs),
            "bytes_read": sum(file.size for file in files),
            "path": target.named(where),
        }
        if preview:
            paths = [target.named(path) for _, path in pairs[:NAMED]]
            return {"preview": True, **result, "overwritten": len(existing), "paths": paths}
        sweep_folders([Path(gettempdir())])
        work = _function(transform, arguments, env, self.log)
        total = counted(len(pairs), "file")
        self.log.info("Transforming %s to %s", total, target.named(where))
        written, logged = 0, time.monotonic()
        for number, (path, new) in enumerate(pairs):
            if time.monotonic() - logged >= INTERVAL:
                self.log.info("%d of %s, %d bytes written", number, total, written)
                logged = time.monotonic()
            written += _transform(source, path, target, new, work, overwrite=overwrite)
        log_done(f"Transformed {total} to", [target.named(path) for _, path in pairs])
        return {**result, "bytes_written": written}


async def _files(source: Place, period: Period, *, ignore_if_missing: bool) -> list[File]:
    """Return the files that are transformed.

    :raises PathNotFoundError: if there are none, as of a glob without a file of the period; a directory may
        be empty.
    """
    from airflow_provider_adls.transfer.lake import LakeStore
    from airflow_provider_adls.transfer.options import Options
    from airflow_provider_adls.transfer.origin import find_origin
    from airflow_provider_adls.transfer.stores import End

    end = End(LakeStore(source.client, source.prefix), source.path)
    try:
        origin = await find_origin(end, end, Options())
        batches = [batch async for batch in origin.batches(Scan(period=period))]
        files = sorted(file for batch in batches for file in batch.files)
        if not files and period and not origin.is_directory:
            raise PathNotFoundError(  # noqa: TRY301 - missing as the others are
                f"no file that matches was modified {period}", path=source.path, account=source.account
            )
        if origin.glob and not any(map(any, batches)):
            raise await end.store.missing(source.path)
    except PathNotFoundError:
        if ignore_if_missing:
            return []
        raise
    return files


def _function(
    transform: Transform, arguments: Sequence[str], env: Mapping[str, str] | None, log: Logger
) -> Callable[[str, str], Any]:
    if callable(transform):
        return transform
    command = [*transform]
    return lambda old, new: run_command([*command, old, new, *arguments], log, env)


def _transform(
    source: Place,
    path: str,
    target: Place,
    new_path: str,
    work: Callable[[str, str], Any],
    *,
    overwrite: bool,
) -> int:
    """Transform one file.

    :returns: bytes of the new one.
    """
    with _folder() as folder:
        # Both keep their names: many programs recognise a format by the suffix.
        old, new = Path(folder, "source", name(path)), Path(folder, "destination", name(new_path))
        for parent in (old.parent, new.parent):
            parent.mkdir()
        run(with_hints(source.client, _fetch(source._replace(path=path), old)))
        work(str(old), str(new))
        if not new.is_file():
            raise FileNotFoundError(
                f"the transformation of {source.named(path)} wrote no file at the path that it was given"
            )
        size = new.stat().st_size
        run(with_hints(target.client, _store(new, target._replace(path=new_path), exclusive=not overwrite)))
    return size


async def _fetch(source: Place, path: Path) -> None:
    await download(await lake_source(source), path)


async def _store(path: Path, target: Place, *, exclusive: bool) -> None:
    await upload(target.client, target.path, await LocalSource.of(path), exclusive=exclusive)


@contextmanager
def _folder() -> Iterator[Path]:
    """Yield a temporary folder, whose name identifies its process."""
    folder = Path(gettempdir(), unfinished_name())
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
