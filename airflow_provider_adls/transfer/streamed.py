"""`Stream`: the files of a source copied while it is read; memory does not grow with their number.

Two files could get one name where all go into one directory, or are compressed. Then all names are written to
a temporary database first (`Spool`), and are copied from it.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from airflow_provider_adls.lake.streams import work_off
from airflow_provider_adls.lake.trees import DeadLinkError, File, Scan
from airflow_provider_adls.transfer.compression import coded_name
from airflow_provider_adls.transfer.local import LocalStore
from airflow_provider_adls.transfer.options import Copy, Item, Options
from airflow_provider_adls.transfer.origin import refuse_itself

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from airflow_provider_adls.transfer.origin import Origin
    from airflow_provider_adls.transfer.report import Report
    from airflow_provider_adls.transfer.spool import EmptiedDirectories, Spool
    from airflow_provider_adls.transfer.stores import Batch, End


def needs_all_names(options: Options) -> bool:
    """Return whether two files of a source could get one name."""
    return not options.keep_directory_structure or bool(options.compression)


class Stream:
    """A transfer.

    :param do: coroutine function that copies a file, or makes a directory.
    :param spool: for the names of all copies, where they must be known before the first is made.
    :param emptied: gets the directories of the source that a move may leave empty.
    """

    def __init__(
        self,
        origin: Origin,
        target: End,
        options: Options,
        report: Report,
        do: Callable[[Item], Awaitable[object]],
        *,
        spool: Spool | None = None,
        emptied: EmptiedDirectories | None = None,
    ) -> None:
        self.origin = origin
        self._source = origin.end
        self.target = target
        self._options = options
        self._report = report
        self._do = do
        self._spool = spool
        self._emptied = emptied
        self._unlinked = ""

    async def check(self) -> None:
        """Find what keeps the transfer from beginning.

        Reading the names of a folder of this machine twice is quick, and shows what is to be done.

        :raises FileNotFoundError: if nothing is to be copied, unless that is ignored.
        :raises ValueError: for a directory into itself, for two files that would become one, and for a name
            that the target cannot hold.
        :raises FileExistsError: if a file exists, and may neither be replaced nor skipped.
        """
        refuse_itself(self.origin, self.target)
        refuses = not self._options.overwrite and self._options.if_exists == "fail"
        is_local = isinstance(self._source.store, LocalStore)
        if not (refuses or is_local or self._spool is not None or self.origin.is_known):
            return
        first, more = "", -1
        async for items in self._read(records=self._spool is not None):
            for item in items:
                self._check(item)
            copies = [item for item in items if isinstance(item, Copy)]
            self._report.total_files += len(copies)
            self._report.total_bytes += sum(copy.file.size for copy in copies)
            if refuses:
                there = await self.target.store.existing([copy.target for copy in copies])
                first, more = first or min(there, default=""), more + len(there)
        self._report.is_counted = True
        if self.origin.is_file:
            # A directory is not replaced by a file; the error says how to put the file into it.
            await self.target.store.look(self.path_of_file)
        if first:
            others = f" (and {more} more)" if more else ""
            raise self.target.store.taken(
                first, f"it{others} exists and may not be overwritten; nothing was copied"
            )

    def _path(self, place: str) -> str:
        return self.target.store.join(self.target.path, place)

    @property
    def path_of_file(self) -> str:
        """Path of the copy of a source that is one file."""
        name = self._source.path.rpartition("/")[2]
        name = coded_name(name, self._options.compression)
        return self._path(name) if self.target.into else self.target.path

    def _target_of(self, file: File) -> str:
        if not file.place:
            return self.path_of_file
        place = file.place if self._options.keep_directory_structure else file.path.rpartition("/")[2]
        return self._path(coded_name(place, self._options.compression))

    def _check(self, item: Item) -> None:
        """Check an item of a first reading, and keep it where all names must be known."""
        target = item if isinstance(item, str) else item.target
        if not self._options.ignore_failures:
            self.target.store.check(target)
        if isinstance(item, Copy) and self._options.delete_source:
            self._refuse_linked(item.file.path.rpartition("/")[0])
        if self._spool is None:
            return
        file = None if isinstance(item, str) else (*item.file,)
        if not self._spool.add(target, file) and file is not None:
            other = self._spool.value(target)
            raise ValueError(f"{other[1] if other else target} and {file[1]} would both become {target}")

    def _refuse_linked(self, directory: str) -> None:
        if directory == self._unlinked:
            return
        root = self.origin.root_of(directory) if self.origin.is_list else self._root
        if directory.startswith(root.rstrip("/")):
            self._source.store.refuse_linked(root, directory)
        self._unlinked = directory

    async def carry_out(self) -> None:
        """Copy all files, and make the empty directories."""
        stores = (self._source.store, self.target.store)
        await work_off(self._do, self._items(), lambda: self._options.width(*stores))
        self._name_only()

    def _name_only(self) -> None:
        """Name the one copy in place of the target, where there is one."""
        if self._report.files == 1 and not self._report.skipped + self._report.failed:
            self._report.path = self._report.paths["paths"][0]

    async def preview(self) -> int:
        """Count what would be done; return how many files would be replaced."""
        overwritten = 0
        shown = self.target.store.shown
        async for items in self._items():
            copies = [item for item in items if isinstance(item, Copy) and self._is_possible(item.target)]
            there = await self.target.store.existing([copy.target for copy in copies])
            for copy in copies:
                self._report.add_copy(shown(copy.target), copy.file.size, read=copy.file.size)
                if copy.target in there:
                    overwritten += 1
                    self._report.name("overwritten_paths", shown(copy.target))
                if self._options.delete_source:
                    self._report.add_deletion(self._source.store.shown(copy.file.path))
        self._name_only()
        return overwritten

    async def _items(self) -> AsyncGenerator[list[Item], None]:
        """Yield what is to be done, without what exists and is skipped."""
        skips = not self._options.overwrite and self._options.if_exists == "skip"
        async with aclosing(self._read_again() if self._spool else self._read()) as found:
            async for items in found:
                if not skips:
                    yield items
                    continue
                paths = [item.target for item in items if isinstance(item, Copy)]
                there = await self.target.store.existing(paths)
                for path in there:
                    self._report.add_skipped(self.target.store.shown(path))
                yield [item for item in items if isinstance(item, str) or item.target not in there]

    async def _read_again(self) -> AsyncGenerator[list[Item], None]:
        assert self._spool is not None
        for rows in self._spool.batches():
            yield [Copy(File(*file), target) if file else target for target, file in rows]

    async def _read(self, *, records: bool = True) -> AsyncGenerator[list[Item], None]:
        """Yield all files, and the paths of directories to be made.

        :param records: whether failures are recorded, as they are once.
        """
        options, period = self._options, self._options.period
        fail = (self._failed if records else _ignore) if options.ignore_failures else None
        is_empty = True
        try:
            found = self.origin.batches(Scan(fail=fail, period=period), self.target)
            async with aclosing(found) as batches:
                async for batch in batches:
                    is_empty = is_empty and not (batch.files or (batch.empty and not period))
                    yield self._items_of(batch)
            if is_empty and not self._report.failed and not self._may_be_empty():
                raise await self._nothing()
        except DeadLinkError:
            raise
        except FileNotFoundError:
            if not (is_empty and options.ignore_if_missing):
                raise

    def _may_be_empty(self) -> bool:
        return self.origin.is_directory or not (self.origin.glob or self._options.period)

    async def _nothing(self) -> FileNotFoundError:
        """Return the error for a source that stands for nothing."""
        if self._options.period:
            return FileNotFoundError(f"nothing at {self._source.shown} was modified {self._options.period}")
        return await self._source.store.missing(self._source.path)

    def _items_of(self, batch: Batch) -> list[Item]:
        items: list[Item] = []
        same = self._source.store == self.target.store
        for file in batch.files:
            copy = Copy(file, self._target_of(file))
            if same and file.path == copy.target:
                raise ValueError(f"{self._source.shown} is to be copied onto itself")
            items.append(copy)
        if self._options.delete_directories and self._emptied is not None:
            for place in batch.empty:
                self._emptied.add_below(self._root, self._source.store.join(self._root, place))
        # With a time only files count.
        if self._options.keep_directory_structure and not self._options.period:
            items += [self._path(place) for place in batch.empty]
        return items

    @property
    def _root(self) -> str:
        return self.origin.root

    def _failed(self, path: str, error: Exception) -> None:
        self._report.add_failure(self._source.store.shown(path), error)

    def _is_possible(self, path: str) -> bool:
        try:
            self.target.store.check(path)
        except ValueError as error:
            if not self._options.ignore_failures:
                raise
            self._report.add_failure(self.target.store.shown(path), error)
            return False
        return True


def _ignore(_path: str, _error: Exception) -> None:
    """Do nothing: the failure is recorded when the file's turn comes."""
