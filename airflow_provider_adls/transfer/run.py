"""`transfer`: plans a transfer, and carries it out."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from airflow_provider_adls.client.retry import patient
from airflow_provider_adls.lake.blocks import at_once
from airflow_provider_adls.lake.streams import work_off
from airflow_provider_adls.model.errors import SignInError, SourceChangedError
from airflow_provider_adls.transfer.compression import coding_of, transcoded
from airflow_provider_adls.transfer.keep import TreeAttributes, conclude, tree_attributes
from airflow_provider_adls.transfer.plan import PARALLEL, Copy, Options, Plan, paths_above, plan_transfer
from airflow_provider_adls.transfer.prepared import PreparedDirectories
from airflow_provider_adls.transfer.report import Report
from airflow_provider_adls.transfer.streamed import Stream, can_stream, look_at_source, stream

if TYPE_CHECKING:
    from airflow_provider_adls.lake.sources import Source
    from airflow_provider_adls.lake.trees import Tree
    from airflow_provider_adls.transfer.stores import End


#: A file to be copied, or the path of a directory to be made.
Item: TypeAlias = "Copy | str"
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
    tree = None
    attributes = tree_attributes(source, target, options.keep)
    # Raises for a wrong one before anything is done.
    _ = options.reliability
    if can_stream(source, options):
        is_directory, tree = await look_at_source(source)
        if is_directory:
            report = Report(target.shown, log, source.shown)
            run = Run(source, target, options, report, copied, keep_times=False)
            with patient(_reporter(log)):
                summary = await stream(Stream(source, target, options, report, run), report, begun)
                if attributes:
                    await attributes.keep_tree(period=options.period)
            return conclude(attributes, summary, log, fail_unless_kept=options.fail_unless_kept)
    plan = await plan_transfer(source, target, options, tree)
    summary = await carry_out(plan, source, target, options, log, copied, begun, attributes=attributes)
    if options.preview:
        return summary
    return conclude(attributes, summary, log, fail_unless_kept=options.fail_unless_kept)


async def carry_out(
    plan: Plan,
    source: End,
    target: End,
    options: Options,
    log: Callable[..., object],
    copied: Copied,
    begun: Begun | None = None,
    *,
    keep_times: bool = False,
    attributes: TreeAttributes | None = None,
) -> dict[str, Any]:
    """Carry out a plan, or summarise it for a preview.

    :param keep_times: whether copies are to show their sources' times, where the target can have that said.
    :param attributes: gives copies the attributes of their sources; None for none.
    """
    only = plan.copies[0].target if len(plan.copies) == 1 and not plan.skipped else target.path
    report = Report(target.store.shown(only), log, source.shown)
    report.total_files = len(plan.copies)
    report.total_bytes = sum(copy.file.size for copy in plan.copies)
    report.is_counted = True
    for path in plan.skipped:
        report.add_skipped(target.store.shown(path))
    for path, error in plan.failures:
        report.add_failure(path, error)
    if options.compression:
        report.read = 0
    if options.preview:
        return _preview(plan, source, target, options, report)
    run = Run(source, target, options, report, copied, keep_times=keep_times, attributes=attributes)
    if begun:
        begun(report)
    async with report.log_progress():
        with patient(_reporter(log)):
            await run.work_off(_batches([*plan.directories, *plan.copies]))
            if attributes:
                await attributes.keep_paths(plan.pairs)
        # Nothing is deleted before everything is copied.
        if report.failed == 0:
            await run.delete(plan)
    return report.summary()


async def _batches(items: list[Item]) -> AsyncIterator[list[Item]]:
    yield items


def _reporter(log: Callable[..., object]) -> Callable[[str], object]:
    return lambda line: log("%s", line)


def _preview(plan: Plan, source: End, target: End, options: Options, report: Report) -> dict[str, Any]:
    overwritten = 0
    for copy in plan.copies:
        report.add_copy(target.store.shown(copy.target), copy.file.size, read=copy.file.size)
        overwritten += bool(copy.replaces)
        if copy.replaces:
            report.name("overwritten_paths", target.store.shown(copy.target))
        if options.delete_source:
            report.add_deletion(source.store.shown(copy.file.path))
    for path in plan.deletions:
        report.add_deletion(target.store.shown(path))
    return report.summary(overwritten=overwritten, preview=True)


class Run:
    """Copies files, for a transfer of one task and for a shard of one of many, and deletes what is to go.

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
        self._report = report
        self._copied = copied
        self._keep_times = keep_times
        self._moved: list[str] = []
        self._reliability = options.reliability
        self._prepared = PreparedDirectories(target.store)

    async def work_off(self, batches: AsyncIterable[Sequence[Item]]) -> None:
        """Do all items of a stream while it is read, as many at the same time as both ends take."""
        await work_off(self.do, batches, self.width)

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
            self._report.add_failure(store.shown(path), error)
            return
        if not self._report.is_counted:
            self._report.total_files += 1
            self._report.total_bytes += item.file.size
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
            self._report.add_skipped(shown)
        except (OSError, ValueError) as error:
            if not self._options.ignore_failures:
                raise
            self._report.add_failure(shown, error)

    async def _copy(self, copy: Copy, shown: str) -> None:
        store = self._target.store
        source = await self._source.store.source(copy.file)
        name = self._source.store.shown(copy.file.path)
        if coding := coding_of(name, self._options.compression):
            # Progress counts what was read, as the totals do.
            async with transcoded(source, name, coding, self._report.add_bytes) as content:
                size = await self._put(copy, content, moved=lambda _: None)
        else:
            size = await self._put(copy, source, moved=self._report.add_bytes)
        self._copied(copy.file.path, copy.target)
        if self._options.delete_source:
            there = await store.look(copy.target)
            if there is None or there.size != size:
                raise SourceChangedError(shown)
            await source.verify()
            if self._copier and not await self._copier.keep_one(copy.file.path, copy.target):
                # Its attributes are nowhere else.
                self._report.add_copy(shown, size)
                return
            await self._source.store.remove(copy.file.path)
            self._moved.append(copy.file.place)
            self._report.add_deletion(self._source.store.shown(copy.file.path))
        self._report.add_copy(shown, size, read=source.size)

    async def _put(self, copy: Copy, source: Source, moved: Callable[[int], object]) -> int:
        return await self._target.store.put(
            copy.target,
            source,
            exclusive=not self._options.overwrite,
            modified=copy.file.modified if self._keep_times else None,
            moved=moved,
            reliability=self._reliability,
        )

    async def delete(self, plan: Plan) -> None:
        """Delete what was planned, and what directories are empty by that."""

        async def remove(path: str) -> None:
            await self._target.store.remove(path)
            self._report.add_deletion(self._target.store.shown(path))

        await at_once(remove, plan.deletions, PARALLEL)
        for path in plan.emptied:
            await self._target.store.remove_empty(path)
        if self._options.delete_source:
            store, tree = self._source.store, plan.tree
            for at, part in tree.parts.items() or [("", tree)]:
                for place in self._emptied(part, at):
                    await store.remove_empty(store.join(part.root, place))
            # A root that is a file has gone, and what came to its place since is another.
            if self._options.delete_directories and all(file.place for file in tree.files) and tree.root:
                await store.remove_empty(tree.root)

    def _emptied(self, tree: Tree, at: str) -> list[str]:
        """Return the places of directories below the source that this run may have emptied, deepest first.

        What a glob matched, or a list has, is a source itself, as a root is, and stays.

        :param at: place of the tree in that of a list.
        """
        known = set(tree.directories)
        if not self._options.delete_directories:
            above = f"{at}/" if at else ""
            moved = [place[len(above) :] for place in self._moved if place.startswith(above)]
            held = {above for place in moved for above in paths_above(place)}
            known = {
                place
                for place in known & held
                if not tree.is_glob or place.rpartition("/")[0] in tree.directories
            }
        return sorted(known, reverse=True)


def _parent(path: str) -> str:
    return path.rpartition("/")[0] or "/"
