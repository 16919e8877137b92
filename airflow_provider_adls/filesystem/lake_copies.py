"""`LakeCopies`: files and trees copied from lake to lake, as fsspec's `cp` does, by the transfers' engine."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from fsspec.utils import stringify_path

from airflow_provider_adls.client.retry import patient
from airflow_provider_adls.filesystem.base import Base, explained
from airflow_provider_adls.filesystem.pairs import Paths, copy_root, pair_paths
from airflow_provider_adls.lake.keep import parse_keep
from airflow_provider_adls.model.paths import parse_possible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from airflow_provider_adls.lake.places import Place
    from airflow_provider_adls.transfer.options import Item, Options
    from airflow_provider_adls.transfer.run import Run
    from airflow_provider_adls.transfer.stores import End

logger = logging.getLogger(__name__)


class LakeCopies(Base):
    """Copies between lakes, and inside one, by way of this machine, for the service has no copy.

    Each takes ``verify`` and ``resume``, as uploads do, and ``keep``: a name or a list of ``permission``
    (access control lists too), ``owner``, ``expiry`` and ``times`` that copies get from their sources. What
    could not be kept is logged, or with ``fail_unless_kept`` an `OSError` when everything is copied.
    """

    @explained
    async def _cp_file(self, path1: str, path2: str, **options: Any) -> None:
        """Copy a file to just this path; a directory is made, empty.

        :raises SourceChangedError: if the file becomes another meanwhile.
        """
        await self._copy_pairs(
            [(path1, path2)], {}, ignores=False, options=_options(self.batch_size, options)
        )

    @explained
    async def _copy(
        self,
        path1: Paths,
        path2: Paths,
        recursive: bool = False,  # noqa: FBT001, FBT002 - fsspec's
        on_error: str | None = None,
        maxdepth: int | None = None,
        batch_size: int | None = None,
        **kwargs: Any,
    ) -> None:
        """Copy files, and with ``recursive`` directories; a path that exists is not a glob.

        :param on_error: ``raise``, or ``ignore`` for files that are missing; None for ``ignore`` where it is
            recursive.
        :param batch_size: how many files at the same time; None for what the file system was made with.
        :raises ValueError: for a directory into itself.
        """
        options = _options(batch_size or self.batch_size, kwargs)
        ignores = (on_error or ("ignore" if recursive else "raise")) == "ignore"
        if recursive and maxdepth is None and not isinstance(path1, list) and not isinstance(path2, list):
            name = stringify_path(path1)
            if not await self._is_pattern(name) and await self._isdir(name):
                root = await copy_root(name, path2, self)
                await self._copy_tree(self._place(name), self._place(root), ignores=ignores, options=options)
                return
        pairs, found = await pair_paths(path1, path2, self, self, recursive=recursive, maxdepth=maxdepth)
        for _, destination in pairs:
            # Nothing is copied where a name is one that no lake can hold.
            parse_possible((place := self._place(destination)).path, lake=place.account)
        await self._copy_pairs(pairs, found, ignores=ignores, options=options)

    async def _copy_tree(self, source: Place, target: Place, *, ignores: bool, options: Options) -> None:
        from airflow_provider_adls.transfer.origin import Origin
        from airflow_provider_adls.transfer.streamed import Stream

        run, ends = _run(source, target, options)

        async def do(item: Item) -> None:
            await _do(run, item, ignores=ignores)

        stream = Stream(Origin(ends[0], {source.path: None}), ends[1], options, run.report, do)
        await stream.check()
        with patient(logger.warning):
            await stream.carry_out()
            await _keep(ends, options, None)

    async def _copy_pairs(
        self,
        pairs: Iterable[tuple[str, str]],
        found: dict[str, Any],
        *,
        ignores: bool,
        options: Options,
    ) -> None:
        """Copy each source to its destination.

        :param found: entries of the sources in listings.
        :param ignores: whether missing files are passed over.
        """
        from airflow_provider_adls.lake.streams import work_off
        from airflow_provider_adls.lake.trees import File
        from airflow_provider_adls.transfer.options import Copy

        # Different paths may be in different accounts.
        groups: dict[tuple[Any, Any], list[tuple[str, Place, Place]]] = defaultdict(list)
        for path1, path2 in pairs:
            source, target = self._place(path1), self._place(path2)
            groups[source.client, target.client].append((path1, source, target))
        for group in groups.values():
            run, ends = _run(group[0][1], group[0][2], options)

            async def do(item: tuple[str, Place, Place], run: Run = run) -> None:
                path, source, target = item
                try:
                    entry = found.get(path) or await self._info(path)
                except FileNotFoundError:
                    if ignores:
                        return
                    raise
                if entry["type"] == "directory":
                    await run.do(target.path)
                    return
                file = File("-", source.path, entry["size"], entry["mtime"])
                await _do(run, Copy(file, target.path), ignores=ignores)

            with patient(logger.warning):
                await work_off(do, _all(group), run.width)
                await _keep(ends, options, [(source.path, target.path) for _, source, target in group])


async def _all(group: list[Any]) -> AsyncIterator[list[Any]]:
    yield group


def _options(parallel: int, given: dict[str, Any]) -> Options:
    from airflow_provider_adls.transfer.options import Options

    return Options(
        parallel=parallel,
        keep=parse_keep(given.get("keep")),
        fail_unless_kept=given.get("fail_unless_kept", False),
        verify=given.get("verify", "length"),
        resume=given.get("resume", False),
    )


def _run(source: Place, target: Place, options: Options) -> tuple[Run, tuple[End, End]]:
    from airflow_provider_adls.transfer.lake import LakeStore
    from airflow_provider_adls.transfer.report import Report
    from airflow_provider_adls.transfer.run import Run
    from airflow_provider_adls.transfer.stores import End

    ends = (
        End(LakeStore(source.client, source.prefix), source.path),
        End(LakeStore(target.client, target.prefix), target.path),
    )
    report = Report(target.name, logger.debug)
    return Run(*ends, options, report, _report_nothing, keep_times=False), ends


def _report_nothing(_read: str, _written: str) -> None:
    """Do nothing: the floor below reports to lineage itself."""


async def _do(run: Run, item: Item, *, ignores: bool) -> None:
    try:
        await run.do(item)
    except FileNotFoundError:
        if not ignores:
            raise


async def _keep(ends: tuple[End, End], options: Options, pairs: list[tuple[str, str]] | None) -> None:
    """Give copies what their sources have.

    :param pairs: of paths; None for the whole trees.
    """
    from airflow_provider_adls.transfer.keep import conclude, tree_attributes

    if attributes := tree_attributes(*ends, options.keep):
        await (attributes.keep_tree() if pairs is None else attributes.keep_paths(pairs))
        conclude(attributes, {}, logger.info, fail_unless_kept=options.fail_unless_kept)
