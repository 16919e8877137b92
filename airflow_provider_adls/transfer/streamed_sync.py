"""`SyncStream`: a tree made like another while both are read, page by page and side by side.

Deletions wait until everything is copied; what is to be deleted is all that is kept of the trees.
"""

from __future__ import annotations

import time
from contextlib import aclosing
from typing import TYPE_CHECKING, TypeAlias

from airflow_provider_adls.lake.streams import work_off
from airflow_provider_adls.lake.trees import File, Scan
from airflow_provider_adls.transfer.local import LocalStore
from airflow_provider_adls.transfer.ordered import Kind, merge
from airflow_provider_adls.transfer.plan import Copy, paths_above

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from airflow_provider_adls.model.times import Period
    from airflow_provider_adls.transfer.ordered import Pair
    from airflow_provider_adls.transfer.report import Report
    from airflow_provider_adls.transfer.stores import End

#: Copies that are handed on at once.
_BATCH = 100
#: Compares a file and its copy: True where they are alike, False where not, None where their content decides.
Alike: TypeAlias = "Callable[[File, File, float], bool | None]"


class SyncStream:
    """A sync of two directories.

    :param delete: whether what only the target has is deleted.
    :param is_part: whether files were chosen by name, so that directories without one stay as they are.
    :param period: when the files of the source were modified that are copied.
    :param chosen: whether a place is part of the trees.
    :param alike: compares a file and its copy by what listings say, at a time.
    :param same_content: compares their content.
    :param do: copies a file, or makes a directory.
    """

    def __init__(
        self,
        source: End,
        target: End,
        report: Report,
        *,
        delete: bool,
        is_part: bool,
        period: Period,
        chosen: Callable[[str, bool], bool],
        alike: Alike,
        same_content: Callable[[File, File], Awaitable[bool]],
        do: Callable[[Copy | str], Awaitable[object]],
    ) -> None:
        self._source = source
        self._target = target
        self._deletes = delete
        self._is_part = is_part
        self._period = period
        self._report = report
        self._chosen = chosen
        self._alike = alike
        self._same_content = same_content
        self._do = do
        self._now = time.time()
        #: Files and directories that only the target has, in the order of their places.
        self._extra: list[tuple[str, bool]] = []

    async def check(self) -> None:
        """Read the names of a folder, before anything is copied.

        :raises ValueError: for a name that the target cannot hold.
        """
        if isinstance(self._source.store, LocalStore):
            store = self._target.store

            def check(place: str) -> None:
                store.check(self._path(place))

            scan = Scan(wanted=self._chosen)
            await self._source.store.count(self._source.path, check, scan)

    def _path(self, place: str) -> str:
        return self._target.store.join(self._target.path, place)

    async def carry_out(self) -> None:
        """Copy what is new or changed, and delete what is extraneous when that is done."""
        stores = (self._source.store, self._target.store)
        await work_off(self._work, self._batches(), lambda: min(store.width for store in stores))
        if self._deletes and not self._report.failed:
            await self._delete()

    async def _batches(self) -> AsyncIterator[list[tuple[Copy, File | None] | str]]:
        batch: list[tuple[Copy, File | None] | str] = []
        async with aclosing(merge(self._source, self._target, chosen=self._chosen)) as pairs:
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
            return None if self._is_part or self._period else path
        if kind is not Kind.FILE or found is None:
            if self._deletes:
                self._extra.append((place, kind is Kind.EXTRA_DIRECTORY))
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

    async def _delete(self) -> None:
        store = self._target.store
        emptied: list[str] = []

        async def remove(path: str) -> None:
            await store.remove(path)
            self._report.add_deletion(store.shown(path))

        await work_off(remove, self._doomed(emptied), lambda: store.width)
        for path in reversed(emptied):
            await store.remove_empty(path)

    async def _doomed(self, emptied: list[str]) -> AsyncIterator[list[str]]:
        """Yield the paths of files to be deleted.

        :param emptied: gets the paths of directories that may go after them, those below others later.
        """
        for place, is_directory in self._extra:
            path = self._path(place)
            if not is_directory:
                yield [path]
                continue
            try:
                scan = Scan(wanted=lambda below, kind, place=place: self._chosen(f"{place}/{below}", kind))  # type: ignore[misc]
                tree = await self._target.store.tree(path, scan)
            except FileNotFoundError:
                continue
            held = {above for file in tree.files for above in paths_above(file.place)}
            if tree.files or not self._is_part:
                emptied.append(path)
            # Of the others it is not known what they are for.
            emptied += [
                self._path(f"{place}/{below}")
                for below in sorted(tree.directories)
                if below in held or not self._is_part
            ]
            yield [file.path for file in tree.files]
