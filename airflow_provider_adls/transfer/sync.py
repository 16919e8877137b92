"""`sync_trees`: a tree made like another; new and changed files are copied, extraneous ones may go."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from airflow_provider_adls.client.retry import patient
from airflow_provider_adls.lake.blocks import at_once, blocks, slot
from airflow_provider_adls.lake.glob import is_glob
from airflow_provider_adls.lake.trees import DeadLinkError, File, Scan, Tree
from airflow_provider_adls.model.times import ALWAYS, Period
from airflow_provider_adls.transfer.keep import TreeAttributes, conclude, tree_attributes
from airflow_provider_adls.transfer.plan import (
    PARALLEL,
    Copy,
    Options,
    Plan,
    check_names,
    paths_above,
    refuse_itself,
)
from airflow_provider_adls.transfer.report import Report
from airflow_provider_adls.transfer.run import Begun, Copied, Run, carry_out
from airflow_provider_adls.transfer.streamed import look_at_source
from airflow_provider_adls.transfer.streamed_sync import SyncStream

if TYPE_CHECKING:
    from airflow_provider_adls.lake.keep import Name
    from airflow_provider_adls.lake.reliability import Verify
    from airflow_provider_adls.transfer.stores import End, Store


#: Seconds that the clocks of two machines may differ by.
CLOCK_DIFFERENCE = 60.0
#: Takes a path that cannot be read, and why.
Fail = Callable[[str, Exception], object]


@dataclass(frozen=True)
class SyncOptions:
    """Options of a sync.

    :param compare: how a changed file is recognised: ``size_and_time`` takes one that has another size or was
        written after its copy, ``size`` one that has another size, ``checksum`` reads both sides of those of
        one size. ``exact_time`` takes one that has another size or time, for a target on this machine that
        only syncs write to: each copy shows the time of its source.
    :param delete: whether files that the source does not have are deleted from the target.
    :param include: globs, relative to the root: only files that match one of them are looked at, on both
        sides. A pattern without a slash is matched with the file's name alone.
    :param places: files and directories, relative to the root and taken literally, that are looked at too, as
        what `include` matches.
    :param exclude: globs of files and directories that are not read, on both sides.
    :param ignore_if_missing: whether a missing source is ignored; nothing is done then.
    :param ignore_failures: as of a transfer.
    :param preview: whether nothing is done, and the summary says what would be.
    :param period: when the files of the source were modified that are copied; the copies of others stay as
        they are. With a bound no empty directory is made.
    :param keep: as of a transfer; files that are alike get them too.
    :param fail_unless_kept: as of a transfer.
    :param verify: as of a transfer; ``resume`` too.
    """

    compare: Literal["size_and_time", "size", "checksum", "exact_time"] = "size_and_time"
    delete: bool = False
    include: Sequence[str] = ()
    places: Collection[str] = frozenset()
    exclude: Sequence[str] = ()
    ignore_if_missing: bool = False
    ignore_failures: bool = False
    preview: bool = False
    period: Period = ALWAYS
    keep: tuple[Name, ...] = ()
    fail_unless_kept: bool = False
    verify: Verify = "length"
    resume: bool = False

    @property
    def of_copies(self) -> Options:
        """The options of the copies that a sync makes."""
        return Options(
            ignore_failures=self.ignore_failures,
            preview=self.preview,
            verify=self.verify,
            resume=self.resume,
        )

    @property
    def is_part(self) -> bool:
        """Whether files are chosen by their places."""
        return bool(self.include or self.places)


async def sync_trees(
    source: End,
    target: End,
    options: SyncOptions,
    log: Callable[..., object],
    copied: Copied,
    begun: Begun | None = None,
) -> dict[str, Any]:
    """Make the tree at one end like that at the other.

    :returns: the summary of a transfer; ``skipped`` counts the files that are alike, and names none of them.
    """
    attributes = tree_attributes(source, target, options.keep)
    # Raises for a wrong one before anything is done.
    _ = options.of_copies.reliability
    if await _can_stream(source, target, options):
        summary = await _stream(source, target, options, log, copied, begun, attributes)
        return conclude(attributes, summary, log, fail_unless_kept=options.fail_unless_kept)
    plan = await plan_sync(source, target, options)
    alike, plan.skipped = len(plan.skipped), []
    summary = await carry_out(plan, source, target, options.of_copies, log, copied, begun, keep_times=True)
    summary |= {"skipped": alike, "path": target.shown}
    if attributes is None or options.preview:
        return summary
    if is_glob(source.path) and plan.tree.is_glob:
        store = target.store
        await attributes.keep_paths(
            (file.path, store.join(target.path, file.place)) for file in plan.tree.files
        )
    elif plan.tree.root:
        await _keep(attributes, options)
    return conclude(attributes, summary, log, fail_unless_kept=options.fail_unless_kept)


async def _keep(attributes: TreeAttributes, options: SyncOptions) -> None:
    # Of directories whose files were chosen by name, nothing is changed.
    await attributes.keep_tree(
        chosen=PatternFilter(options), directories=not options.is_part, period=options.period
    )


async def _can_stream(source: End, target: End, options: SyncOptions) -> bool:
    """Return whether both trees are directories that can be read side by side."""
    if (
        options.preview
        or options.ignore_failures
        or is_glob(source.path)
        or not (source.store.streams and target.store.streams)
        # Nothing behind a link is deleted.
        or (options.delete and not target.store.is_shared)
    ):
        return False
    if not (await look_at_source(source))[0]:
        return False
    try:
        return await target.store.look(target.path) is None
    except IsADirectoryError:
        return True


async def _stream(
    source: End,
    target: End,
    options: SyncOptions,
    log: Callable[..., object],
    copied: Copied,
    begun: Begun | None,
    attributes: TreeAttributes | None,
) -> dict[str, Any]:
    tree = Tree.of(source.path, is_glob=False)
    refuse_itself(source, target, Plan(tree=tree))
    if options.delete:
        _refuse_deleting_itself(source, target, tree)
    report = Report(target.shown, log, source.shown)
    run = Run(source, target, options.of_copies, report, copied, keep_times=True)

    async def same_content(file: File, copy: File) -> bool:
        return await checksum(source.store, file) == await checksum(target.store, copy)

    chosen = PatternFilter(options)
    sync = SyncStream(
        source,
        target,
        report,
        delete=options.delete,
        is_part=options.is_part,
        period=options.period,
        chosen=chosen,
        alike=partial(_alike, options),
        same_content=same_content,
        do=run.do,
    )
    await sync.check()
    if begun:
        begun(report)
    async with report.log_progress():
        with patient(lambda line: log("%s", line)):
            await sync.carry_out()
            if attributes:
                await _keep(attributes, options)
    return report.summary()


def _alike(options: SyncOptions, file: File, copy: File, now: float) -> bool | None:
    """Return whether a file and its copy are alike; None where their content has to say it."""
    if file.size != copy.size:
        return False
    # A time to come does not say which file is newer: their content does.
    to_come = options.compare == "size_and_time" and (file.modified or 0) > now + CLOCK_DIFFERENCE
    if not to_come and differs(file, copy, options):
        return False
    return None if options.compare == "checksum" or to_come else True


async def plan_sync(source: End, target: End, options: SyncOptions) -> Plan:
    """Compare the trees.

    :raises FileNotFoundError: if the source is missing, and that is not ignored.
    :raises NotADirectoryError: if one of the ends is a file.
    :raises ValueError: if the source is in the target, and what is extraneous there would be deleted.
    """
    plan = Plan()
    chosen = PatternFilter(options)
    fail = plan.fail(source.store, options.ignore_failures)
    try:
        tree = plan.tree = _directory(source, await source.store.tree(source.path, Scan(chosen, fail)))
    except DeadLinkError:
        raise
    except FileNotFoundError:
        if options.ignore_if_missing:
            return Plan()
        raise
    try:
        # Nothing behind a link is deleted, so that nothing there is looked at either.
        scan = Scan(chosen, _of_target(plan.fail(target.store, options.ignore_failures)), not options.delete)
        there = _directory(target, await target.store.tree(target.path, scan))
    except FileNotFoundError:
        there = Tree()
    known = {file.place: file for file in there.files}
    equal: list[tuple[File, File]] = []
    now = time.time()
    times = Scan(fail=fail, period=options.period)
    shown = source.store.shown
    for file in [one for one in tree.files if times.chooses(shown(one.path), one.modified)]:
        path = target.store.join(target.path, file.place)
        copy = known.get(file.place)
        alike = copy is not None and _alike(options, file, copy, now)
        if copy is not None and alike is None:
            equal.append((file, copy))
        elif alike:
            plan.skipped.append(path)
        else:
            plan.copies.append(Copy(file, path, copy is not None))
    refuse_itself(source, target, plan)
    if options.delete:
        _refuse_deleting_itself(source, target, tree)
    await _compare_content(source.store, target.store, equal, plan)
    wanted = {*tree.directories, *there.directories}
    if not (options.is_part or options.period):
        places = [place for place in tree.empty_directories if place not in there.directories]
        plan.directories = [target.store.join(target.path, place) for place in places]
    check_names(target.store, plan, options.ignore_failures)
    if options.delete:
        here = {file.place for file in tree.files}
        _refuse_links(target, there, here | set(tree.directories))
        gone = [file.place for file in there.files if file.place not in here] + there.links
        plan.deletions = [target.store.join(target.path, place) for place in gone]
        extraneous = wanted - set(tree.directories)
        if options.is_part:
            # Of the others it is not known what they are for.
            extraneous &= {above for place in gone for above in paths_above(place)}
        plan.emptied = [target.store.join(target.path, place) for place in sorted(extraneous, reverse=True)]
    return plan


def _of_target(fail: Fail | None) -> Fail:
    """Return what takes the failures of a target's tree, where a link that leads nowhere is none."""

    def failed(path: str, error: Exception) -> None:
        if isinstance(error, DeadLinkError):
            return
        if fail is None:
            raise error
        fail(path, error)

    return failed


def _refuse_links(target: End, there: Tree, places: set[str]) -> None:
    """Raise if a link of the target stands where the source has something."""
    for place in there.links:
        if place in places:
            path = target.store.shown(target.store.join(target.path, place))
            raise ValueError(
                f"{path} is a link to a directory or to nothing, and the source has something else there:"
                " remove it, or sync without delete; nothing was copied"
            )


def _refuse_deleting_itself(source: End, target: End, tree: Tree) -> None:
    if source.store == target.store and f"{tree.root.rstrip('/')}/".startswith(f"{target.path.rstrip('/')}/"):
        raise ValueError(
            f"{source.shown} is in {target.shown}, and would be deleted, since the source does not have it"
        )


def _directory(end: End, tree: Tree) -> Tree:
    if any(not file.place for file in tree.files):
        raise NotADirectoryError(f"{end.shown} is a file: a tree is made like a tree")
    return tree


def differs(file: File, copy: File, options: SyncOptions) -> bool:
    """Return whether a file is to be copied again, by its size and, where that is asked for, its time."""
    if file.size != copy.size:
        return True
    by_time = options.compare in ("size_and_time", "exact_time")
    if not by_time or file.modified is None or copy.modified is None:
        return False
    if options.compare == "exact_time":
        return round(file.modified * 1000) != round(copy.modified * 1000)
    if not copy.modified % 1:
        # There are stores that keep whole seconds.
        return int(file.modified) > copy.modified
    return round(file.modified * 1000) > round(copy.modified * 1000)


async def _compare_content(source: Store, target: Store, pairs: list[tuple[File, File]], plan: Plan) -> None:
    async def compare(pair: tuple[File, File]) -> None:
        file, copy = pair
        if await checksum(source, file) == await checksum(target, copy):
            plan.skipped.append(copy.path)
        else:
            plan.copies.append(Copy(file, copy.path, replaces=True))

    await at_once(compare, pairs, PARALLEL)


async def checksum(store: Store, file: File) -> bytes:
    """Return the checksum of a file's content, read block by block.

    :raises SourceChangedError: if the file becomes another meanwhile.
    """
    content = await store.source(file)
    digest = hashlib.blake2b()
    for offset, length in blocks(0, content.size):
        async with slot(length):
            for piece in await content.read(offset, length):
                digest.update(piece)
    await content.verify()
    return digest.digest()


class PatternFilter:
    """Chooses what is part of a tree, on both sides.

    A directory that is excluded is so with all it holds; every other one is looked through for files.
    """

    def __init__(self, options: SyncOptions) -> None:
        self._include = [_pattern(glob) for glob in options.include]
        self._places = frozenset(options.places)
        self._exclude = [_pattern(glob) for glob in options.exclude]

    def __call__(self, place: str, directory: bool) -> bool:  # noqa: FBT001 - as of a scan
        """Return whether a file or directory is part of the tree."""

        def matches(patterns: list[re.Pattern[str]], *forms: str) -> bool:
            return any(pattern.fullmatch(form) for pattern in patterns for form in forms)

        # ``x/**`` matches all that is in x, so that x need not be looked through.
        holders = [form for above in paths_above(place) for form in (above, f"{above}/")]
        forms = [place, f"{place}/"] if directory and place else [place]
        if matches(self._exclude, *holders, *forms):
            return False
        if directory or not (self._include or self._places):
            return True
        return matches(self._include, place) or not self._places.isdisjoint([place, *paths_above(place)])


def _pattern(glob: str) -> re.Pattern[str]:
    from fsspec.utils import glob_translate

    return re.compile(glob_translate(glob if "/" in glob else f"**/{glob}"))
