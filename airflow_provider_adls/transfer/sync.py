"""`sync_trees`: a tree made like another; new and changed files are copied, extraneous ones may go."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from airflow_provider_adls.client.retry import patient
from airflow_provider_adls.lake.blocks import blocks, slot
from airflow_provider_adls.model.times import ALWAYS, Period
from airflow_provider_adls.transfer.keep import TreeAttributes, conclude, tree_attributes
from airflow_provider_adls.transfer.local import LocalStore
from airflow_provider_adls.transfer.options import Options, paths_above
from airflow_provider_adls.transfer.ordered import Chosen, everything
from airflow_provider_adls.transfer.origin import Origin, find_origin, refuse_itself
from airflow_provider_adls.transfer.report import Report
from airflow_provider_adls.transfer.run import Begun, Copied, Run
from airflow_provider_adls.transfer.spool import Spool
from airflow_provider_adls.transfer.streamed_sync import SyncStream

if TYPE_CHECKING:
    from airflow_provider_adls.lake.keep import Name
    from airflow_provider_adls.lake.reliability import Verify
    from airflow_provider_adls.lake.trees import File
    from airflow_provider_adls.transfer.stores import End, Store


#: Seconds that the clocks of two machines may differ by.
CLOCK_DIFFERENCE = 60.0


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
    :param ignore_failures: that of a transfer.
    :param preview: whether nothing is done, and the summary says what would be.
    :param period: when the files of the source were modified that are copied; the copies of others stay as
        they are. With a bound no empty directory is made.
    :param keep: that of a transfer; files that are alike get them too.
    :param fail_unless_kept: that of a transfer.
    :param verify: that of a transfer; ``resume`` too.
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
    report = Report(target.shown, log, source.shown)
    origin = await _find_origin(source, target, options)
    if origin is None:
        return report.summary(**({"overwritten": 0, "preview": True} if options.preview else {}))
    if options.delete and isinstance(target.store, LocalStore):
        # Nothing behind a link is deleted, so that nothing there is looked at either.
        target = target._replace(store=LocalStore(follows_links=False))
    run = Run(source, target, options.of_copies, report, copied, keep_times=True)

    async def same_content(file: File, copy: File) -> bool:
        return await checksum(source.store, file) == await checksum(target.store, copy)

    chosen = PatternFilter(options)
    with Spool() as extra:
        sync = SyncStream(
            origin,
            target,
            report,
            extra=extra if options.delete else None,
            is_part=options.is_part,
            ignore_failures=options.ignore_failures,
            period=options.period,
            chosen=chosen,
            alike=partial(_alike, options),
            same_content=same_content,
            do=run.do,
        )
        await sync.check()
        if options.preview:
            return report.summary(overwritten=await sync.preview(), preview=True)
        if begun:
            begun(report)
        async with report.log_progress():
            with patient(lambda line: log("%s", line)):
                await sync.carry_out()
                if attributes:
                    await _keep(attributes.below(origin.root, target.path), origin, chosen, options)
    return conclude(attributes, report.summary(), log, fail_unless_kept=options.fail_unless_kept)


async def _keep(attributes: TreeAttributes, origin: Origin, chosen: Chosen, options: SyncOptions) -> None:
    glob = origin.glob or everything
    # Of directories whose files were chosen by name, nothing is changed.
    await attributes.keep_tree(
        chosen=lambda place, kind: chosen(place, kind) and glob(place, kind),
        directories=not (options.is_part or origin.glob),
        period=options.period,
    )


async def _find_origin(source: End, target: End, options: SyncOptions) -> Origin | None:
    """Return what the source stands for; None if that is missing, and is ignored.

    :raises FileNotFoundError: if it is missing.
    :raises NotADirectoryError: if one of the ends is a file.
    :raises ValueError: if the source is to be copied into itself, or would be deleted.
    """
    try:
        origin = await find_origin(source, target, options.of_copies)
    except FileNotFoundError:
        if options.ignore_if_missing:
            return None
        raise
    if origin.is_file:
        raise NotADirectoryError(f"{source.shown} is a file: a tree is made like a tree")
    refuse_itself(origin, target)
    inside = f"{origin.root.rstrip('/')}/".startswith(f"{target.path.rstrip('/')}/")
    if options.delete and source.store == target.store and inside:
        raise ValueError(
            f"{source.shown} is in {target.shown}, and would be deleted, since the source does not have it"
        )
    try:
        there = await target.store.look(target.path)
    except IsADirectoryError:
        return origin
    if there is not None:
        raise NotADirectoryError(f"{target.shown} is a file: a tree is made like a tree")
    return origin


def _alike(options: SyncOptions, file: File, copy: File, now: float) -> bool | None:
    """Return whether a file and its copy are alike; None where their content has to say it."""
    if file.size != copy.size:
        return False
    # A time to come does not say which file is newer: their content does.
    to_come = options.compare == "size_and_time" and (file.modified or 0) > now + CLOCK_DIFFERENCE
    if not to_come and differs(file, copy, options):
        return False
    return None if options.compare == "checksum" or to_come else True


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
