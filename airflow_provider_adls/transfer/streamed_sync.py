"""`SyncStream`: a tree made like another while both are read, page by page and side by side.

Deletions wait until everything is copied; what is to be deleted is kept in a temporary database until then.
"""

from __future__ import annotations

import time
from contextlib import aclosing
from typing import TYPE_CHECKING, TypeAlias

from airflow_provider_adls.lake.streams import work_off
from airflow_provider_adls.lake.trees import File, Scan
from airflow_provider_adls.transfer.local import LocalStore
from airflow_provider_adls.transfer.options import Copy, Item
from airflow_provider_adls.transfer.ordered import Kind, everything, merge
from airflow_provider_adls.transfer.spool import EmptiedDirectories, Spool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from airflow_provider_adls.model.times import Period
    from airflow_provider_adls.transfer.ordered import Chosen, Pair
    from airflow_provider_adls.transfer.origin import Origin
    from airflow_provider_adls.transfer.report import Report
    from airflow_provider_adls.transfer.stores import End, Store

#: Copies that are handed on at once.
_BATCH = 100
#: Compares a file and its copy: True where they are alike, False where not, None where their content decides.
Alike: TypeAlias = "Callable[[File, File, float], bool | None]"


class SyncStream:
    """A sync of two directories, or of what a glob stands for and a directory.

    :param extra: for what only the target has, and is to be deleted; None to delete nothing.
    :param is_part: whether files were chosen by name, so that directories without one stay as they are.
    :param ignore_failures: whether what cannot be read or copied is recorded, and nothing is deleted then.
    :param period: when the files of the source were modified that are copied.
    :param chosen: whether a place is part of the trees.
    :param alike: compares a file and its copy by what listings say, at a time.
    :param same_content: compares their content.
    :param do: copies a file, or makes a directory.
    """

    def __init__(
        self,
        origin: Origin,
        target: End,
        report: Report,
        *,
        extra: Spool | None,
        is_part: bool,
        ignore_failures: bool,
        period: Period,
        chosen: Chosen,
        alike: Alike,
        same_content: Callable[[File, File], Awaitable[bool]],
        do: Callable[[Item], Awaitable[object]],
    ) -> None:
        self._origin = origin
        self._source = origin.end._replace(path=origin.root)
        self._target = target
        self._extra = extra
        self._is_part = is_part
        self._fail = self._failed if ignore_failures else None
        self._period = period
        self._report = report
        self._chosen = chosen
        self._alike = alike
        self._same_content = same_content
        self._do = do
        self._now = time.time()
        #: Paths of this machine that a first reading failed at.
        self._unreadable: set[str] = set()

    def _failed(self, store: Store, path: str, error: Exception) -> None:
        if path not in self._unreadable:
            self._report.add_failure(store.shown(path), error)

    def _failed_first(self, path: str, error: Exception) -> None:
        self._report.add_failure(path, error)
        self._unreadable.add(path)

    async def check(self) -> None:
        """Read the names of folders of this machine, before anything is copied.

        :raises ValueError: for a name that the target cannot hold, and for a link of the target in the way.
        """
        if isinstance(self._source.store, LocalStore):
            # A second reading passes over links that lead nowhere.
            scan = Scan(self._chosen, self._fail and self._failed_first, period=self._period)
            async with aclosing(self._origin.batches(scan, self._target)) as batches:
                async for batch in batches:
                    for place in [*(file.place for file in batch.files), *batch.empty]:
                        if self._fail is None:
                            self._target.store.check(self._path(place))
        store = self._target.store
        if self._extra is None or not isinstance(store, LocalStore):
            return
        if await store.has_links(self._target.path):
            async with aclosing(merge(self._source, self._target, chosen=self._chosen)) as pairs:
                async for _ in pairs:
                    # Raises for a link in the way.
                    pass

    def _path(self, place: str) -> str:
        return self._target.store.join(self._target.path, place)

    async def carry_out(self) -> None:
        """Copy what is new or changed, and delete what is extraneous when that is done."""
        stores = (self._source.store, self._target.store)
        await work_off(self._work, self._batches(), lambda: min(store.width for store in stores))
        if self._extra is not None and not self._report.failed:
            await self._delete(self._extra)

    async def preview(self) -> int:
        """Count what would be done; return how many files would be replaced."""
        overwritten = 0
        async for batch in self._batches():
            for item in batch:
                if isinstance(item, str) or not self._is_possible(item[0].target):
                    continue
                copy, there = item
                if there is not None and await self._same_content(copy.file, there):
                    self._report.skipped += 1
                    continue
                shown = self._target.store.shown(copy.target)
                self._report.add_copy(shown, copy.file.size, read=copy.file.size)
                if copy.replaces:
                    overwritten += 1
                    self._report.name("overwritten_paths", shown)
        if self._extra is not None and not self._report.failed:
            with EmptiedDirectories(self._target.store) as emptied:
                async for paths in self._doomed(self._extra, emptied):
                    for path in paths:
                        self._report.add_deletion(self._target.store.shown(path))
        return overwritten

    async def _batches(self) -> AsyncIterator[list[tuple[Copy, File | None] | str]]:
        batch: list[tuple[Copy, File | None] | str] = []
        pairs = merge(
            self._source,
            self._target,
            chosen=self._chosen,
            matches=self._origin.glob or everything,
            fail=self._fail,
        )
        async with aclosing(pairs):
            async for pair in pairs:
                if (item := self._item(pair)) is not None:
                    batch.append(item)
                if len(batch) == _BATCH:
                    yield batch
                    batch = []
        yield batch

    def _item(self, pair: Pair) -> tuple[Copy, File | None] | str | None:
        """Return what is to be done for a pair: a copy, with the file to compare it with, or a directory."""
        kind, place, found, there = pair
        path = self._path(place)
        if kind is Kind.EMPTY:
            glob = self._origin.glob
            is_made = not (self._is_part or self._period) and (glob is None or glob.is_whole(place))
            return path if is_made else None
        if kind is not Kind.FILE or found is None:
            if self._extra is not None:
                self._extra.add(place, kind is Kind.EXTRA_DIRECTORY)
            return None
        store = self._source.store
        if not self._period.chooses(store.shown(store.join(self._source.path, place)), found.modified):
            return None
        file = File(place, store.join(self._source.path, place), found.size, found.modified)
        if there is None:
            return Copy(file, path, replaces=False), None
        copy = File(place, path, there.size, there.modified)
        alike = self._alike(file, copy, self._now)
        if alike:
            self._report.skipped += 1
            return None
        return Copy(file, path, replaces=True), copy if alike is None else None

    async def _work(self, item: tuple[Copy, File | None] | str) -> None:
        if isinstance(item, str):
            await self._do(item)
            return
        copy, there = item
        if there is not None and await self._same_content(copy.file, there):
            self._report.skipped += 1
            return
        await self._do(copy)

    def _is_possible(self, path: str) -> bool:
        try:
            self._target.store.check(path)
        except ValueError as error:
            if self._fail is None:
                raise
            self._fail(self._target.store, path, error)
            return False
        return True

    async def _delete(self, extra: Spool) -> None:
        store = self._target.store

        async def remove(path: str) -> None:
            await store.remove(path)
            self._report.add_deletion(store.shown(path))

        with EmptiedDirectories(store) as emptied:
            await work_off(remove, self._doomed(extra, emptied), lambda: store.width)
            await emptied.remove()

    async def _doomed(self, extra: Spool, emptied: EmptiedDirectories) -> AsyncIterator[list[str]]:
        """Yield the paths of files to be deleted.

        :param emptied: gets the directories that may go after them.
        """
        for rows in extra.batches():
            yield [self._path(place) for place, is_directory in rows if not is_directory]
            for place in [place for place, is_directory in rows if is_directory]:
                root = self._path(place).rpartition("/")[0]
                chosen = Scan(self._chosen, follow_links=False).below(place)
                try:
                    async with aclosing(self._target.store.batches(self._path(place), chosen)) as batches:
                        async for batch in batches:
                            for below in {file.path.rpartition("/")[0] for file in batch.files}:
                                emptied.add_below(root, below)
                            # Of the others it is not known what they are for.
                            for below in [] if self._is_part else batch.below(place).empty:
                                emptied.add_below(root, self._path(below))
                            yield [file.path for file in batch.files]
                except FileNotFoundError:
                    continue
