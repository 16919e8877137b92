"""`differences`: what a transfer is to copy, make and delete, entry by entry."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Collection
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.lake.trees import File
from airflow_provider_adls.transfer.ordered import Chosen, Kind, merge
from airflow_provider_adls.transfer.sync import CLOCK_DIFFERENCE, PatternFilter, differs

if TYPE_CHECKING:
    from airflow_provider_adls.transfer.ordered import Pair
    from airflow_provider_adls.transfer.specification import Specification
    from airflow_provider_adls.transfer.stores import End

#: A file to be copied: ``["copy", place, bytes, time]``; a directory to be made: ``["make", place]``.
Line = list[Any]


@dataclass
class Difference:
    """The work that one place needs.

    :param place: it, or the last one of several.
    :param work: lines of what is to be copied or made.
    :param deletions: lines of what is to be deleted: ``["file", place]``, and ``["tree", place, files]`` for
        a directory with all that it holds.
    :param bytes: of the files to be copied.
    :param alike: whether the target has the file already.
    :param extra: files to be deleted.
    :param target: files that the target has there.
    """

    place: str
    work: list[Line] = field(default_factory=list)
    deletions: list[Line] = field(default_factory=list)
    bytes: int = 0
    alike: bool = False
    extra: int = 0
    target: int = 0


async def differences(
    source: End,
    target: End,
    specification: Specification,
    *,
    root: str = "",
    after: str = "",
    stops: Collection[str] = (),
) -> AsyncGenerator[Difference, None]:
    """Yield what each place needs, in their order; the parameters are those of `merge`."""
    chosen = PatternFilter(specification.sync_options)
    period = specification.period
    is_sync = specification.mode == "sync"
    async with aclosing(
        merge(source, target if is_sync else None, root=root, after=after, stops=stops, chosen=chosen)
    ) as pairs:
        async for pair in pairs:
            if pair.kind is Kind.FILE:
                if period.chooses(source.store.shown(pair.place), _modified(pair)):
                    yield _of_file(pair, specification)
                else:
                    yield Difference(pair.place, target=pair.target is not None)
            elif pair.kind is Kind.EMPTY:
                # With a time only files count.
                if not specification.include and not period:
                    yield Difference(pair.place, [["make", pair.place]])
            elif pair.kind is Kind.EXTRA_FILE:
                deletions: list[Line] = [["file", pair.place]] if specification.delete else []
                yield Difference(pair.place, deletions=deletions, extra=len(deletions), target=1)
            else:
                async with aclosing(_of_extra_directory(target, pair, specification, chosen)) as found:
                    async for one in found:
                        yield one


def _modified(pair: Pair) -> float | None:
    return pair.source.modified if pair.source else None


def _of_file(pair: Pair, specification: Specification) -> Difference:
    entry, copy = pair.source, pair.target
    assert entry is not None
    if copy is not None and _is_alike(pair, specification):
        return Difference(pair.place, alike=True, target=1)
    line = ["copy", pair.place, entry.size, entry.modified]
    return Difference(pair.place, [line], bytes=entry.size, target=copy is not None)


def _is_alike(pair: Pair, specification: Specification) -> bool:
    entry, copy = pair.source, pair.target
    assert entry is not None
    assert copy is not None
    if specification.compare == "size_and_time" and (entry.modified or 0) > time.time() + CLOCK_DIFFERENCE:
        # A time to come does not say which file is newer.
        return False
    here = File(pair.place, pair.place, entry.size, entry.modified)
    there = File(pair.place, pair.place, copy.size, copy.modified)
    return not differs(here, there, specification.sync_options)


async def _of_extra_directory(
    target: End, pair: Pair, specification: Specification, chosen: Chosen
) -> AsyncGenerator[Difference, None]:
    """Yield what a directory needs that only the target has.

    It is deleted as a whole, by one request; only its files are, where a part of the trees is left out.
    """
    files = 0
    async with aclosing(merge(target, None, root=pair.place, chosen=chosen)) as inside:
        async for one in inside:
            if one.kind is not Kind.FILE:
                continue
            if specification.filters and specification.delete:
                yield Difference(one.place, deletions=[["file", one.place]], extra=1, target=1)
            else:
                files += 1
    if specification.delete and not specification.filters:
        yield Difference(pair.place, deletions=[["tree", pair.place, files]], extra=files, target=files)
    else:
        yield Difference(pair.place, target=files)
