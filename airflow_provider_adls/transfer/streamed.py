"""`stream`: the files of a directory copied while it is read; memory does not grow with their number.

What needs to know all files before the first is copied goes by a plan (`transfer.plan`): globs, files that
all go into one directory, moves, compressed copies, and previews.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Protocol

from airflow_provider_adls.lake.glob import is_glob
from airflow_provider_adls.lake.trees import File, Scan, Tree
from airflow_provider_adls.transfer.local import LocalStore
from airflow_provider_adls.transfer.ordered import Kind, merge
from airflow_provider_adls.transfer.plan import Copy, Options, Plan, refuse_itself

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, AsyncIterator, Callable, Sequence

    from airflow_provider_adls.transfer.ordered import Pair
    from airflow_provider_adls.transfer.report import Report
    from airflow_provider_adls.transfer.stores import Batch, End

#: Pairs of a comparison that are handed on at once.
_BATCH = 100


def can_stream(source: End, options: Options) -> bool:
    """Return whether a transfer needs no plan, if its source is a directory."""
    return (
        source.store.streams
        and source.paths is None
        and not is_glob(source.path)
        and options.keep_directory_structure
        and not options.delete_source
        and not options.compression
        and not options.preview
    )


async def look_at_source(source: End) -> tuple[bool, Tree | None]:
    """Return whether a source is a directory, and the tree of one that is a file."""
    try:
        file = await source.store.look(source.path)
    except IsADirectoryError:
        return True, None
    if file is None:
        return False, None
    tree = Tree.of(source.path, is_glob=False)
    tree.files.append(file)
    return False, tree


class Worker(Protocol):
    """Copies files and makes directories: `transfer.run.Run`."""

    async def work_off(self, batches: AsyncIterable[Sequence[Copy | str]]) -> None:
        """Do all items of a stream while it is read."""
        ...


class Stream:
    """A transfer of a directory.

    :param run: copies the files.
    """

    def __init__(
        self,
        source: End,
        target: End,
        options: Options,
        report: Report,
        run: Worker,
    ) -> None:
        self._source = source
        self._target = target
        self._options = options
        self._report = report
        self._run = run

    async def check(self) -> None:
        """Find what keeps the transfer from beginning.

        :raises ValueError: for a directory into itself, and for a name that the target cannot hold.
        :raises FileExistsError: if a file exists, and may neither be replaced nor skipped.
        """
        refuse_itself(self._source, self._target, Plan(tree=Tree.of(self._source.path, is_glob=False)))
        if isinstance(self._source.store, LocalStore):
            # Reading the names of a folder twice is quick, and shows what is to be done.
            fail = _ignore if self._options.ignore_failures else None
            scan = Scan(fail=fail, period=self._options.period)
            counts = await self._source.store.count(self._source.path, self._check_name, scan)
            self._report.total_files, self._report.total_bytes = counts
            self._report.is_counted = True
        if not self._options.overwrite and self._options.if_exists == "fail":
            await self._refuse_existing()

    def _path(self, place: str) -> str:
        return self._target.store.join(self._target.path, place)

    def _check_name(self, place: str) -> None:
        if not self._options.ignore_failures:
            self._target.store.check(self._path(place))

    async def _refuse_existing(self) -> None:
        first, more = "", -1
        async with aclosing(merge(self._source, self._target)) as pairs:
            async for pair in pairs:
                if pair.kind is Kind.FILE and pair.target is not None and self._chooses(pair):
                    first, more = first or pair.place, more + 1
        if first:
            others = f" (and {more} more)" if more else ""
            raise self._target.store.taken(
                self._path(first), f"it{others} exists and may not be overwritten; nothing was copied"
            )

    async def carry_out(self) -> None:
        """Copy all files, and make the empty directories."""
        skips = not self._options.overwrite and self._options.if_exists == "skip"
        batches = self._new() if skips else self._all()
        await self._run.work_off(batches)
        if self._report.files == 1 and not self._report.skipped + self._report.failed:
            self._report.path = self._report.paths["paths"][0]

    async def _all(self) -> AsyncIterator[list[Copy | str]]:
        """Yield all files, and the paths of directories to be made."""
        fail = self._failed if self._options.ignore_failures else None
        scan = Scan(fail=fail, period=self._options.period)
        batch: Batch
        async with aclosing(self._source.store.batches(self._source.path, scan)) as batches:  # type: ignore[type-var]
            async for batch in batches:
                # With a time only files count.
                empty = [] if self._options.period else batch.empty
                yield [
                    *(Copy(file, self._path(file.place)) for file in batch.files),
                    *(self._path(place) for place in empty),
                ]

    async def _new(self) -> AsyncIterator[list[Copy | str]]:
        """Yield the same of what the target does not have, by listing both sides."""
        batch: list[Copy | str] = []
        async with aclosing(merge(self._source, self._target)) as pairs:
            async for pair in pairs:
                kind, place, found, there = pair
                if kind is Kind.EMPTY:
                    batch += [] if self._options.period else [self._path(place)]
                elif not self._chooses(pair):
                    continue
                elif kind is Kind.FILE and there is not None:
                    self._report.add_skipped(self._target.store.shown(self._path(place)))
                elif kind is Kind.FILE and found is not None:
                    path = self._source.store.join(self._source.path, place)
                    batch.append(Copy(File(place, path, found.size, found.modified), self._path(place)))
                if len(batch) == _BATCH:
                    yield batch
                    batch = []
        yield batch

    def _chooses(self, pair: Pair) -> bool:
        """Return whether the time of a file of the source chooses it."""
        modified = pair.source.modified if pair.source else None
        return pair.kind is not Kind.FILE or self._options.period.chooses(pair.place, modified)

    def _failed(self, path: str, error: Exception) -> None:
        self._report.add_failure(self._source.store.shown(path), error)


def _ignore(_path: str, _error: Exception) -> None:
    """Do nothing: the failure is recorded when the file's turn comes."""


async def stream(stream: Stream, report: Report, begun: Callable[[Report], object] | None) -> dict[str, Any]:
    """Carry out a transfer, and return its summary."""
    await stream.check()
    if begun:
        begun(report)
    async with report.log_progress():
        await stream.carry_out()
    return report.summary()
