"""`TreeAttributes`: rights, owners, expiries and times of a tree given to its copy when all is copied.

Both trees are listed side by side, and only what differs costs a request. So a second try sets what a first
one that was killed did not set.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow_provider_adls.lake.blocks import at_once
from airflow_provider_adls.lake.keep import AttributeCopier, KeepRecord, Name
from airflow_provider_adls.lake.streams import work_off
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import PathNotFoundError
from airflow_provider_adls.model.times import ALWAYS, Period
from airflow_provider_adls.transfer.globs import find_entries
from airflow_provider_adls.transfer.lake import LakeStore
from airflow_provider_adls.transfer.options import PARALLEL
from airflow_provider_adls.transfer.ordered import Chosen, Kind, everything, merge

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection, Iterable

    from airflow_provider_adls.client.interface import DataLakeClient
    from airflow_provider_adls.model.status import FileStatus
    from airflow_provider_adls.transfer.stores import End, StoreEntry

#: Items that are handed on at once.
_BATCH = 100
#: Of a directory with fewer paths than these each is looked at; it is listed for more.
_FEW = 3


class _Item(NamedTuple):
    """A path, the one that gets its attributes, and both statuses."""

    source: str
    here: FileStatus
    target: str
    there: FileStatus


class TreeAttributes:
    """Gives the tree at one end what that at the other has.

    :param names: names of the attributes, from `parse_keep`.
    :param of: of the ends that these are below; both count together.
    :raises ValueError: if one of the ends is not in a lake.
    """

    def __init__(
        self, source: End, target: End, names: tuple[Name, ...], of: TreeAttributes | None = None
    ) -> None:
        for end in (source, target):
            if not isinstance(end.store, LakeStore):
                raise ValueError(f"keep: {end.shown} is not in a lake, and has no {names[0]} to keep")  # noqa: TRY004 - a wrong value
        self.record: KeepRecord = of.record if of else KeepRecord()
        self._names = names
        self._source = source
        self._target = target
        self._here: DataLakeClient = source.store.client  # type: ignore[attr-defined] # both are lakes
        self._there: DataLakeClient = target.store.client  # type: ignore[attr-defined] # as above
        self._copier: AttributeCopier = (
            of._copier if of else AttributeCopier(self._here, self._there, names, self.record)  # noqa: SLF001 - of its own class
        )

    def below(self, source: str, target: str) -> TreeAttributes:
        """Return what does the same for a directory of each end, and counts together with this one."""
        ends = self._source._replace(path=source), self._target._replace(path=target)
        return TreeAttributes(*ends, self._names, self)

    async def keep_tree(
        self,
        *,
        root: str = "",
        stops: Collection[str] = (),
        chosen: Chosen = everything,
        directories: bool = True,
        wanted: Callable[[str], bool] = lambda _place: True,
        period: Period = ALWAYS,
    ) -> None:
        """Set what differs below the root, of files first and of directories then, the deepest first.

        :param directories: whether directories, and the root, get theirs too.
        :param wanted: whether a directory, given by its place, gets them.
        :param period: when the files were modified that get theirs; with a bound directories get none.
        """
        waiting: list[_Item] = []
        directories = directories and not period

        async def differing() -> AsyncIterator[list[_Item]]:
            batch: list[_Item] = []
            pairs = merge(
                self._source, self._target, root=root, stops=stops, chosen=chosen, directories=directories
            )
            async with aclosing(pairs):
                async for kind, place, found, there in pairs:
                    if not (kind is Kind.FILE and there) and not (kind is Kind.DIRECTORY and wanted(place)):
                        continue
                    item = await self._item(
                        place, found.status if found else None, there.status if there else None
                    )
                    if item is None or not self._chosen(item, period):
                        continue
                    if not self._copier.differing(item.here, item.there):
                        continue
                    (waiting if kind is Kind.DIRECTORY else batch).append(item)
                    if len(batch) == _BATCH:
                        yield batch
                        batch = []
            yield batch

        await work_off(
            self._keep, differing(), lambda: min(self._here.lanes.number, self._there.lanes.number)
        )
        await self._keep_directories(waiting)

    def _chosen(self, item: _Item, period: Period) -> bool:
        modified = item.here.modification_time / 1000
        return item.here.is_directory or period.chooses(self._source.store.shown(item.source), modified)

    async def _item(self, place: str, here: FileStatus | None, there: FileStatus | None) -> _Item | None:
        source = self._source.store.join(self._source.path, place)
        target = self._target.store.join(self._target.path, place)
        here = here or await _status(self._here, source)
        there = there or await _status(self._there, target)
        return _Item(source, here, target, there) if here and there else None

    async def _keep(self, item: _Item) -> bool:
        return await self._copier.keep(*item, self._target.store.shown(item.target))

    async def _keep_directories(self, items: list[_Item]) -> None:
        # One that is closed to the caller then is closed after all that it holds.
        by_depth: dict[int, list[_Item]] = defaultdict(list)
        for item in items:
            by_depth[item.target.rstrip("/").count("/")].append(item)
        for depth in sorted(by_depth, reverse=True):
            await at_once(self._keep, by_depth[depth], PARALLEL)

    async def keep_paths(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Set what differs between paths, each with the one that gets its attributes.

        Directories get theirs after all files.
        """
        groups: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for source, target in pairs:
            groups[paths.parent(source), paths.parent(target)].append((source, target))
        directories: list[_Item] = []

        async def keep(group: list[tuple[str, str]]) -> None:
            here = await _statuses(self._here, [source for source, _ in group])
            there = await _statuses(self._there, [target for _, target in group])
            items = [
                _Item(source, here[source], target, there[target])
                for source, target in group
                if source in here and target in there
            ]
            directories.extend(item for item in items if item.here.is_directory)
            await at_once(self._keep, [item for item in items if not item.here.is_directory], PARALLEL)

        await at_once(keep, groups.values(), PARALLEL)
        await self._keep_directories(directories)

    async def keep_one(self, source: str, target: str) -> bool:
        """Set what differs between two paths; return whether all is kept that the service can keep."""
        here, there = await _status(self._here, source), await _status(self._there, target)
        return here is None or there is None or await self._keep(_Item(source, here, target, there))


async def _status(client: DataLakeClient, path: str) -> FileStatus | None:
    try:
        return await client.status(path)
    except PathNotFoundError:
        return None


async def _statuses(client: DataLakeClient, wanted: list[str]) -> dict[str, FileStatus]:
    """Return the statuses of paths in one directory, without those that are missing."""
    found: dict[str, StoreEntry | None] = {paths.name(path): None for path in wanted}
    directory = paths.parent(wanted[0])
    if len(wanted) >= _FEW:
        found = await find_entries(LakeStore(client), directory, [*found])
    statuses = {}
    for name, entry in found.items():
        path = paths.join(directory, name)
        if status := (entry.status if entry else await _status(client, path)):
            statuses[path] = status
    return statuses


def tree_attributes(source: End, target: End, keep: tuple[Name, ...]) -> TreeAttributes | None:
    """Return what keeps the attributes of a tree; None where none is to be kept.

    :raises ValueError: if one of the ends is not in a lake.
    """
    return TreeAttributes(source, target, keep) if keep else None


def conclude(
    attributes: TreeAttributes | None,
    summary: dict[str, Any],
    log: Callable[..., object],
    *,
    fail_unless_kept: bool,
) -> dict[str, Any]:
    """Log what was kept, and return the summary with it.

    :raises OSError: if something could not be kept, and that is a failure.
    """
    if attributes is None:
        return summary
    log("Attributes: %s", attributes.record.line())
    if fail_unless_kept:
        attributes.record.refuse()
    return summary | attributes.record.summary()
