"""`transfer`: copies or moves what a source stands for to a target."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.client.retry import patient
from airflow_provider_adls.model.errors import SignInError, SourceChangedError
from airflow_provider_adls.transfer.compression import coding_of, transcoded
from airflow_provider_adls.transfer.keep import TreeAttributes, conclude, tree_attributes
from airflow_provider_adls.transfer.origin import find_origin
from airflow_provider_adls.transfer.prepared import PreparedDirectories
from airflow_provider_adls.transfer.report import Report
from airflow_provider_adls.transfer.spool import EmptiedDirectories, Spool
from airflow_provider_adls.transfer.streamed import Stream, needs_all_names

if TYPE_CHECKING:
    from airflow_provider_adls.lake.sources import Source
    from airflow_provider_adls.transfer.options import Copy, Item, Options
    from airflow_provider_adls.transfer.stores import End


#: Takes the paths of each copied file, in the source's store and in the target's.
Copied = Callable[[str, str], object]
#: Is given the report of a transfer that begins, which counts while it goes on.
Begun = Callable[[Report], object]


async def transfer(
    source: End,
    target: End,
    options: Options,
    log: Callable[..., object],
    copied: Copied,
    begun: Begun | None = None,
) -> dict[str, Any]:
    """Copy what is at one end to the other.

    :param log: takes lines on the progress, with %-arguments.
    :param copied: called for each copied file.
    :param begun: is called once with the report, when it is known what is to be copied.
    :returns: a summary: ``files`` and ``bytes`` that were copied, and ``path``, where they are; numbers of
        files ``skipped``, ``failed`` and ``deleted``; the first paths of each kind.
    """
    attributes = tree_attributes(source, target, options.keep)
    # Raises for a wrong one before anything is done.
    _ = options.reliability
    report = Report(target.shown, log, source.shown)
    report.read = 0 if options.compression else None
    try:
        origin = await find_origin(source, target, options)
    except FileNotFoundError:
        if options.ignore_if_missing:
            return report.summary(**({"overwritten": 0, "preview": True} if options.preview else {}))
        raise
    with ExitStack() as stack:
        spool = stack.enter_context(Spool()) if needs_all_names(options) else None
        emptied = stack.enter_context(EmptiedDirectories(source.store)) if options.delete_source else None
        run = Run(source, target, options, report, copied, attributes=attributes, keep_times=False)
        if emptied is not None:
            run.moved = lambda path: emptied.add_below(origin.root_of(_parent(path)), _parent(path))
        stream = Stream(origin, target, options, report, run.do, spool=spool, emptied=emptied)
        await stream.check()
        if options.preview:
            overwritten = await stream.preview()
            return report.summary(overwritten=overwritten, preview=True)
        if begun:
            begun(report)
        async with report.log_progress():
            with patient(lambda line: log("%s", line)):
                await stream.carry_out()
                if attributes:
                    await _keep(attributes, stream, options, spool)
            # No directory is deleted before everything is copied.
            if emptied is not None and not report.failed:
                await emptied.remove()
                if options.delete_directories and origin.is_directory:
                    await source.store.remove_empty(source.path)
    return conclude(attributes, report.summary(), log, fail_unless_kept=options.fail_unless_kept)


async def _keep(attributes: TreeAttributes, stream: Stream, options: Options, spool: Spool | None) -> None:
    """Give the copies what their sources have."""
    origin, target = stream.origin, stream.target
    if spool is not None:
        for rows in spool.batches():
            await attributes.keep_paths([(file[1], path) for path, file in rows if file])
    if not options.keep_directory_structure:
        return
    if origin.glob is not None:
        of_glob = attributes.below(origin.root, target.path)
        await of_glob.keep_tree(chosen=origin.glob, wanted=origin.glob.is_whole, period=options.period)
        return
    join = target.store.join
    for place, path in origin.parts:
        await attributes.below(path, join(target.path, place)).keep_tree(period=options.period)
    files = [(path, join(target.path, name)) for path, name in origin.files]
    if origin.is_file:
        files = [(origin.end.path, stream.path_of_file)]
    await attributes.keep_paths(files)


class Run:
    """Copies files, for a transfer of one task and for a shard of many, and deletes what is moved.

    :param report: counts what is copied, skipped and failed.
    :param copied: is called for each copied file.
    :param keep_times: whether copies show the times of their sources, where the target can have that said.
    :param attributes: keeps the attributes of files that are moved; None for none.
    """

    def __init__(
        self,
        source: End,
        target: End,
        options: Options,
        report: Report,
        copied: Copied,
        *,
        keep_times: bool,
        attributes: TreeAttributes | None = None,
    ) -> None:
        self._copier = attributes
        self._source = source
        self._target = target
        self._options = options
        self.report = report
        self._copied = copied
        self._keep_times = keep_times
        #: Is called with the path of each file that was deleted after its copy was found whole.
        self.moved: Callable[[str], object] = lambda _: None
        self._reliability = options.reliability
        self._prepared = PreparedDirectories(target.store)

    def width(self) -> int:
        """Return how many files are copied at the same time, which changes."""
        return self._options.width(self._source.store, self._target.store)

    async def do(self, item: Item) -> None:
        """Copy a file, or make a directory; raise or record a failure, as the options say."""
        store = self._target.store
        path = item if isinstance(item, str) else item.target
        try:
            store.check(path)
            if isinstance(item, str):
                await store.make_directory(item)
                return
        except SignInError:
            raise
        except (OSError, ValueError) as error:
            if not self._options.ignore_failures:
                raise
            self.report.add_failure(store.shown(path), error)
            return
        if not self.report.is_counted:
            self.report.total_files += 1
            self.report.total_bytes += item.file.size
        await self._prepared.prepare({_parent(path)})
        await self.copy(item)

    async def copy(self, copy: Copy) -> None:
        """Copy a file; raise or record a failure, as the options say."""
        shown = self._target.store.shown(copy.target)
        try:
            await self._copy(copy, shown)
        except SignInError:
            raise
        except FileExistsError:
            # Another writer made it after the check.
            if self._options.overwrite or self._options.if_exists == "fail":
                raise
            self.report.add_skipped(shown)
        except (OSError, ValueError) as error:
            if not self._options.ignore_failures:
                raise
            self.report.add_failure(shown, error)

    async def _copy(self, copy: Copy, shown: str) -> None:
        store = self._target.store
        source = await self._source.store.source(copy.file, kept=not self._options.delete_source)
        name = self._source.store.shown(copy.file.path)
        if coding := coding_of(name, self._options.compression):
            # Progress counts what was read, as the totals do.
            async with transcoded(source, name, coding, self.report.add_bytes) as content:
                size = await self._put(copy, content, moved=lambda _: None)
        else:
            size = await self._put(copy, source, moved=self.report.add_bytes)
        self._copied(copy.file.path, copy.target)
        if self._options.delete_source:
            there = await store.look(copy.target)
            if there is None or there.size != size:
                raise SourceChangedError(shown)
            await source.verify()
            if self._copier and not await self._copier.keep_one(copy.file.path, copy.target):
                # Its attributes are nowhere else.
                self.report.add_copy(shown, size)
                return
            await self._source.store.remove(copy.file.path)
            self.moved(copy.file.path)
            self.report.add_deletion(self._source.store.shown(copy.file.path))
        self.report.add_copy(shown, size, read=source.size)

    async def _put(self, copy: Copy, source: Source, moved: Callable[[int], object]) -> int:
        return await self._target.store.put(
            copy.target,
            source,
            exclusive=not self._options.overwrite,
            modified=copy.file.modified if self._keep_times else None,
            moved=moved,
            reliability=self._reliability,
        )


def _parent(path: str) -> str:
    return path.rpartition("/")[0] or "/"
