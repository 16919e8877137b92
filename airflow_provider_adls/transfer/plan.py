"""`Plan`: all that a transfer is going to do, known before anything is done."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Literal

from airflow_provider_adls.lake.blocks import at_once
from airflow_provider_adls.lake.reliability import Reliability
from airflow_provider_adls.lake.trees import DeadLinkError, File, Scan, Tree
from airflow_provider_adls.model.times import ALWAYS, Period
from airflow_provider_adls.transfer.compression import coded_name
from airflow_provider_adls.transfer.lists import read_list

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_adls.lake.keep import Name
    from airflow_provider_adls.lake.reliability import Verify
    from airflow_provider_adls.transfer.compression import Coding
    from airflow_provider_adls.transfer.stores import End, Store

#: Files that are looked at, or are under way, at once.
PARALLEL = 16


@dataclass(frozen=True)
class Options:
    """Options of a transfer.

    :param overwrite: whether existing files are replaced.
    :param if_exists: what is done with those that are not: ``fail`` before anything is copied, or ``skip``
        them.
    :param keep_directory_structure: whether a tree keeps its shape; if not, all files go into one directory.
    :param ignore_if_missing: whether a missing source is ignored.
    :param delete_source: whether a file is deleted when its copy exists and has its size; then directories
        below the source that are empty by that go too.
    :param delete_directories: whether, with that, the source itself and its empty directories go.
    :param ignore_failures: whether files that cannot be read or copied are named in the summary, and the
        others are copied; if not, the first failure ends the transfer.
    :param preview: whether nothing is done, and the summary says what would be.
    :param compression: ``gzip`` or ``zstd`` compresses files on the way, ``decompress`` decompresses those
        that end in ``.gz`` or ``.zst``.
    :param parallel: most files that are copied at once; None for as many as both stores take.
    :param period: when the files that are copied were modified; with a bound no empty directory is made.
    :param keep: attributes that copies get from their sources, as `parse_keep` returns them.
    :param fail_unless_kept: whether it is an error, at the end, if one could not be kept.
    :param verify: ``length`` compares the lengths of a file and its copy; ``content`` reads the copy back
        before it gets its name, and compares it with what was sent.
    :param resume: whether a big file goes on where a killed try of the same copy ended.
    """

    overwrite: bool = True
    if_exists: Literal["fail", "skip"] = "fail"
    keep_directory_structure: bool = True
    ignore_if_missing: bool = False
    delete_source: bool = False
    delete_directories: bool = False
    ignore_failures: bool = False
    preview: bool = False
    period: Period = ALWAYS
    compression: Coding | None = None
    parallel: int | None = None
    keep: tuple[Name, ...] = ()
    fail_unless_kept: bool = False

    def width(self, source: Store, target: Store) -> int:
        """Return how many files are copied at once."""
        return min(source.width, target.width, self.parallel or source.width)

    verify: Verify = "length"
    resume: bool = False

    @property
    def reliability(self) -> Reliability:
        """Reliability of each copy.

        :raises ValueError: for another way to verify.
        """
        return Reliability.of(self.verify, self.resume)


@dataclass(frozen=True)
class Copy:
    """A file to be copied.

    :param target: path of the copy.
    :param replaces: whether a file exists there; None if that was not checked.
    """

    file: File
    target: str
    replaces: bool | None = None


@dataclass
class Plan:
    """Work of a transfer.

    :param copies: files to be copied.
    :param skipped: paths of existing copies, which stay as they are.
    :param directories: paths of empty directories that are to be made.
    :param deletions: paths of files in the target that are to be deleted.
    :param emptied: paths of directories in the target that may go, if nothing is in them then; deepest first.
    :param failures: paths that cannot be copied, and why.
    :param tree: what is copied.
    :param pairs: paths of files and directories, each with that of its copy, skipped ones too.
    """

    copies: list[Copy] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    directories: list[str] = field(default_factory=list)
    deletions: list[str] = field(default_factory=list)
    emptied: list[str] = field(default_factory=list)
    failures: list[tuple[str, Exception]] = field(default_factory=list)
    tree: Tree = field(default_factory=Tree)
    pairs: list[tuple[str, str]] = field(default_factory=list)

    def fail(self, store: Store, ignore_failures: bool) -> Callable[[str, Exception], object] | None:  # noqa: FBT001 - as of the options
        """Return what records a failure; None if the first one ends the transfer.

        :param store: of the paths that it is called with.
        """
        if not ignore_failures:
            return None
        return lambda path, error: self.failures.append((store.shown(path), error))


async def plan_transfer(source: End, target: End, options: Options, tree: Tree | None = None) -> Plan:
    """Compare both ends, and return what is to be done.

    :param tree: what the source stands for, where that is known.

    :raises FileNotFoundError: if the source is missing, and that is not ignored.
    :raises FileExistsError: if a file exists, and may neither be replaced nor skipped.
    :raises ValueError: if two files would become one, or a tree would go into itself.
    """
    plan = Plan()
    scan = Scan(fail=plan.fail(source.store, options.ignore_failures), period=options.period)
    try:
        tree = plan.tree = await _read(source, target, options, scan, tree)
        await _refuse_nothing(source, plan, options.period)
    except DeadLinkError:
        raise
    except FileNotFoundError:
        if options.ignore_if_missing:
            return Plan()
        raise
    if options.delete_source:
        for part in tree.parts.values() if source.paths is not None else [tree]:
            source.store.refuse_linked(part)
    flat = not options.keep_directory_structure
    for file in tree.files:
        alone = not file.place
        place = os.path.basename(file.path) if alone or flat else file.place  # noqa: PTH119 - not only local
        place = coded_name(place, options.compression)
        plan.copies.append(
            Copy(file, target.path if alone and not target.into else target.store.join(target.path, place))
        )
    _refuse_collisions(plan.copies)
    refuse_itself(source, target, plan)
    if not flat and not options.period:
        plan.directories = [target.store.join(target.path, place) for place in tree.empty_directories]
    check_names(target.store, plan, options.ignore_failures)
    if options.keep:
        plan.pairs = _pairs(source, target, plan, flat=flat or bool(options.period))
    if not options.overwrite or options.preview or _is_one(plan, target):
        plan.copies = await _looked_at(target, plan.copies)
    if not options.overwrite:
        there = [copy.target for copy in plan.copies if copy.replaces]
        if there and options.if_exists == "fail":
            more = f" (and {len(there) - 1} more)" if len(there) > 1 else ""
            raise target.store.taken(
                there[0], f"it{more} exists and may not be overwritten; nothing was copied"
            )
        plan.skipped = there
        plan.copies = [copy for copy in plan.copies if not copy.replaces]
    return plan


async def _read(source: End, target: End, options: Options, scan: Scan, known: Tree | None) -> Tree:
    """Return what a source stands for.

    :param known: the same, where it was read before and without the scan.
    """
    if source.paths is not None:
        return await read_list(
            source,
            target,
            scan,
            keeps_shape=options.keep_directory_structure,
            ignore_if_missing=options.ignore_if_missing,
            moved_name=partial(coded_name, compression=options.compression)
            if options.delete_source
            else None,
        )
    if known is None:
        return await source.store.tree(source.path, scan)
    known.files = [file for file in known.files if scan.chooses(file.path, file.modified)]
    return known


async def _refuse_nothing(source: End, plan: Plan, period: Period) -> None:
    """Raise if a period chooses none of the files of a glob, or not the one file: a directory may be empty.

    :raises FileNotFoundError: if so.
    """
    if not period or plan.tree.files or plan.failures:
        return
    if not plan.tree.is_glob:
        try:
            await source.store.look(source.path)
        except IsADirectoryError:
            return
    raise FileNotFoundError(f"nothing at {source.shown} was modified {period}")


def _pairs(source: End, target: End, plan: Plan, *, flat: bool) -> list[tuple[str, str]]:
    """Return paths, each with that of its copy."""
    pairs = [(copy.file.path, copy.target) for copy in plan.copies]
    # A list has a tree for each of its directories.
    trees = {} if flat else plan.tree.parts or {"": plan.tree}
    here, there = source.store.join, target.store.join
    for at, tree in trees.items():
        places = list(tree.directories)
        if not tree.is_glob and all(file.place for file in tree.files):
            places.append("")
        pairs += [(here(tree.root or "/", place), there(there(target.path, at), place)) for place in places]
    return pairs


def check_names(store: Store, plan: Plan, ignore_failures: bool) -> None:  # noqa: FBT001 - as of the options
    """Raise for a copy that the target's store cannot hold, or count it as failed.

    :raises ValueError: naming its path, before anything is copied.
    """
    targets = {copy.target for copy in plan.copies}
    holders = {above for target in targets for above in paths_above(target)} & targets
    fail = plan.fail(store, ignore_failures)
    for path in [*(copy.target for copy in plan.copies), *plan.directories]:
        try:
            store.check(path)
            if path in holders:
                _refuse_holding(store, path, targets)
        except ValueError as error:
            if fail is None:
                raise
            fail(path, error)
            plan.copies = [copy for copy in plan.copies if copy.target != path]
            plan.directories = [directory for directory in plan.directories if directory != path]


def _refuse_holding(store: Store, path: str, targets: set[str]) -> None:
    below = min(target for target in targets if target.startswith(f"{path}/"))
    raise ValueError(
        f"{store.shown(path)} would be a file, and {store.shown(below)} in it: the source has an object whose"
        " name is a prefix of others"
    )


def paths_above(path: str) -> list[str]:
    """Return the paths that a path is below."""
    parts = path.split("/")
    return ["/".join(parts[:length]) for length in range(1, len(parts))]


def _is_one(plan: Plan, target: End) -> bool:
    """Return whether a copy is to become the target itself, where a directory may exist."""
    return any(copy.target == target.path for copy in plan.copies)


async def _looked_at(target: End, copies: list[Copy]) -> list[Copy]:
    """Return the copies, and whether each replaces a file."""
    there: dict[str, bool] = {}

    async def look(copy: Copy) -> None:
        there[copy.target] = await target.store.look(copy.target) is not None

    await at_once(look, copies, PARALLEL)
    return [Copy(copy.file, copy.target, there[copy.target]) for copy in copies]


def _refuse_collisions(copies: list[Copy]) -> None:
    seen: dict[str, str] = {}
    for copy in copies:
        other = seen.setdefault(copy.target, copy.file.path)
        if other != copy.file.path:
            raise ValueError(f"{other} and {copy.file.path} would both become {copy.target}")


def refuse_itself(source: End, target: End, plan: Plan) -> None:
    """Refuse to copy a file onto itself, and a tree into itself, which would grow with each try.

    :raises ValueError: if so.
    """
    if source.store != target.store:
        return
    if any(copy.file.path == copy.target for copy in plan.copies):
        raise ValueError(f"{source.shown} is to be copied onto itself")
    for tree in plan.tree.parts.values() or [plan.tree]:
        root = tree.root.rstrip("/")
        is_directory = not tree.is_glob and all(file.place for file in tree.files)
        if is_directory and (target.path == root or target.path.startswith(f"{root}/")):
            shown = source.store.shown(root) if plan.tree.parts else source.shown
            raise ValueError(f"{shown} is to be copied into itself, to {target.shown}")
