"""A tree made like another, one way: what is new or changed is copied, what is extraneous may go."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from airflow_provider_adls.lake.blocks import at_once, blocks, slot
from airflow_provider_adls.lake.trees import File, Tree
from airflow_provider_adls.transfer.plan import (
    PARALLEL,
    Copy,
    Options,
    Plan,
    refuse_itself,
)
from airflow_provider_adls.transfer.run import Copied, carry_out

if TYPE_CHECKING:
    from airflow_provider_adls.transfer.stores import End, Store


@dataclass(frozen=True)
class SyncOptions:
    """How a tree is made like another.

    :param compare: what tells a changed file: ``size_and_time`` takes one that has another size or was
        written after its copy, ``size`` one that has another size, ``checksum`` reads both sides of those of
        one size.
    :param delete: whether files that the source does not have are deleted from the target.
    :param include: globs, relative to the root: only files that match one of them are looked at, on both
        sides. A pattern without a slash is matched with the file's name alone.
    :param exclude: globs of files that are not looked at.
    :param ignore_if_missing: whether it is right if there is no source; nothing is done then.
    :param ignore_failures: as of a transfer.
    :param preview: whether nothing is done, and the summary says what would be.
    """

    compare: Literal["size_and_time", "size", "checksum"] = "size_and_time"
    delete: bool = False
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    ignore_if_missing: bool = False
    ignore_failures: bool = False
    preview: bool = False


async def sync_trees(
    source: End, target: End, options: SyncOptions, log: Callable[..., object], copied: Copied
) -> dict[str, Any]:
    """Make the tree at one end like that at the other.

    :returns: the summary of a transfer; ``skipped`` counts the files that are alike, and names none of them.
    """
    plan = await plan_sync(source, target, options)
    transfer = Options(ignore_failures=options.ignore_failures, preview=options.preview)
    alike, plan.skipped = len(plan.skipped), []
    summary = await carry_out(plan, source, target, transfer, log, copied, keep_times=True)
    return summary | {"skipped": alike, "path": target.shown}


async def plan_sync(source: End, target: End, options: SyncOptions) -> Plan:
    """Compare the trees.

    :raises FileNotFoundError: if there is no source, and that is not right.
    :raises NotADirectoryError: if one of the ends is a file.
    :raises ValueError: if the source is in the target, and what is extraneous there would be deleted.
    """
    chosen = _Filter(options)
    try:
        tree = await _directory(source)
    except FileNotFoundError:
        if options.ignore_if_missing:
            return Plan()
        raise
    try:
        there = await _directory(target)
    except FileNotFoundError:
        there = Tree()
    known = {file.place: file for file in there.files}
    plan = Plan(tree=tree)
    equal: list[tuple[File, File]] = []
    for file in filter(chosen, tree.files):
        path = target.store.join(target.path, file.place)
        copy = known.get(file.place)
        if copy is None or _differs(file, copy, options):
            plan.copies.append(Copy(file, path, copy is not None))
        elif options.compare == "checksum":
            equal.append((file, copy))
        else:
            plan.skipped.append(path)
    refuse_itself(source, target, plan)
    if options.delete:
        _refuse_deleting_itself(source, target, tree)
    await _compare_content(source.store, target.store, equal, plan)
    wanted = {*tree.directories, *there.directories}
    if not options.include:
        places = [place for place in tree.empty_directories if place not in there.directories]
        plan.directories = [target.store.join(target.path, place) for place in places]
    if options.delete:
        here = {file.place for file in tree.files}
        plan.deletions = [file.path for file in filter(chosen, there.files) if file.place not in here]
        extraneous = sorted(wanted - set(tree.directories), reverse=True)
        plan.emptied = [target.store.join(target.path, place) for place in extraneous]
    return plan


def _refuse_deleting_itself(source: End, target: End, tree: Tree) -> None:
    if source.store == target.store and f"{tree.root.rstrip('/')}/".startswith(f"{target.path.rstrip('/')}/"):
        raise ValueError(
            f"{source.shown} is in {target.shown}, and would be deleted as what the source does not have"
        )


async def _directory(end: End) -> Tree:
    tree = await end.store.tree(end.path)
    if any(not file.place for file in tree.files):
        raise NotADirectoryError(f"{end.shown} is a file: a tree is made like a tree")
    return tree


def _differs(file: File, copy: File, options: SyncOptions) -> bool:
    if file.size != copy.size:
        return True
    if options.compare != "size_and_time" or file.modified is None or copy.modified is None:
        return False
    if not copy.modified % 1:
        # There are stores that keep whole seconds.
        return int(file.modified) > copy.modified
    return round(file.modified * 1000) > round(copy.modified * 1000)


async def _compare_content(source: Store, target: Store, pairs: list[tuple[File, File]], plan: Plan) -> None:
    async def compare(pair: tuple[File, File]) -> None:
        file, copy = pair
        if await _checksum(source, file) == await _checksum(target, copy):
            plan.skipped.append(copy.path)
        else:
            plan.copies.append(Copy(file, copy.path, replaces=True))

    await at_once(compare, pairs, PARALLEL)


async def _checksum(store: Store, file: File) -> bytes:
    content = await store.source(file)
    digest = hashlib.blake2b()
    for offset, length in blocks(0, content.size):
        async with slot(length):
            for piece in await content.read(offset, length):
                digest.update(piece)
    await content.verify()
    return digest.digest()


class _Filter:
    """Which files are looked at."""

    def __init__(self, options: SyncOptions) -> None:
        self._include = [_pattern(glob) for glob in options.include]
        self._exclude = [_pattern(glob) for glob in options.exclude]

    def __call__(self, file: File) -> bool:
        def matches(patterns: list[re.Pattern[str]]) -> bool:
            return any(pattern.fullmatch(file.place) for pattern in patterns)

        return (not self._include or matches(self._include)) and not matches(self._exclude)


def _pattern(glob: str) -> re.Pattern[str]:
    from fsspec.utils import glob_translate

    return re.compile(glob_translate(glob if "/" in glob else f"**/{glob}"))
