"""Files chosen by their time of modification, and their deletion: a directory is never chosen by its time."""

from __future__ import annotations

from contextlib import aclosing, suppress
from typing import TYPE_CHECKING

from airflow_provider_adls.lake.blocks import PARALLEL, at_once
from airflow_provider_adls.lake.deletion import remove
from airflow_provider_adls.lake.hints import with_hints
from airflow_provider_adls.lake.matches import find_matches
from airflow_provider_adls.lake.places import NAMED, find_existing
from airflow_provider_adls.lake.streams import work_off
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import PathError, PathNotFoundError, ServiceError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from airflow_provider_adls.lake.places import Place
    from airflow_provider_adls.model.status import FileStatus
    from airflow_provider_adls.model.times import Period


def is_in_period(status: FileStatus, period: Period) -> bool:
    """Return whether a file was modified in a period; a directory never is."""
    return not status.is_directory and status.modification_time / 1000 in period


async def choose_files(places: list[Place], period: Period) -> list[Place]:
    """Return those of the places that are files of a period, and those at which nothing exists.

    :raises PathError: for a directory.
    """
    found = await find_existing(places)
    refuse_directories(found, "write a glob")
    return [place for place in places if place not in found or is_in_period(found[place], period)]


def refuse_directories(found: dict[Place, FileStatus], instead: str) -> None:
    """Raise for a directory that is named where files are chosen by their time.

    :param instead: advice.
    :raises PathError: if there is one.
    """
    for place, status in found.items():
        if status.is_directory:
            raise PathError(
                f"{place.name} is a directory, and only files are chosen by their time: {instead}, such as"
                f" {place.child('*')}"
            )


async def find_chosen(glob: Place, period: Period, *, directories: bool = False) -> dict[Place, FileStatus]:
    """Return the files of a period that a glob matches.

    :param directories: whether directories that it matches are returned too.
    """

    def wanted(_path: str, status: FileStatus) -> bool:
        return directories if status.is_directory else is_in_period(status, period)

    found = await find_matches(glob.view, glob.path, wanted=wanted)
    return {glob._replace(path=path): status for path, status in found.items()}


class PeriodDeletion:
    """Deletion of the files of a period, and then of the directories that it empties.

    A directory goes only if this deletion took something out of it and nothing is left, not even a younger
    directory: the service itself refuses to delete one that is not empty.

    :param kept: directories that stay, although they may be empty then.
    :param preview: whether nothing is deleted, and the numbers say what would be.
    """

    def __init__(self, period: Period, kept: Iterable[Place], *, preview: bool) -> None:
        self._period = period
        self._kept = {(place.account, place.path) for place in kept}
        self._preview = preview
        self.deleted = 0
        #: The first paths that were deleted.
        self.paths: list[str] = []

    async def delete(self, places: dict[Place, FileStatus]) -> None:
        """Delete those of the places that are files of the period, and such files below the directories."""
        files = [place for place, status in places.items() if is_in_period(status, self._period)]
        await at_once(self._remove, files, PARALLEL)
        directories = [place for place, status in places.items() if status.is_directory]
        await at_once(self._delete_below, directories, PARALLEL)

    async def _delete_below(self, root: Place) -> None:
        # The entries left in each directory; how many of them went is counted below.
        left: dict[str, int] = {root.path: 0}
        gone: dict[str, int] = {}

        async def files() -> AsyncIterator[list[Place]]:
            client = root.client
            async with aclosing(client.tree_pages(root.path, limit=client.limits.page)) as pages:
                while (page := await with_hints(client, anext(pages, None))) is not None:
                    chosen = []
                    for path, status in page:
                        above = paths.parent(path)
                        if is_in_period(status, self._period) and not paths.is_unfinished(path):
                            chosen.append(root._replace(path=path))
                            gone[above] = gone.get(above, 0) + 1
                        else:
                            left[above] = left.get(above, 0) + 1
                    yield chosen

        with suppress(PathNotFoundError):
            await work_off(self._remove, files(), lambda: root.client.lanes.number)
        for path in sorted(_emptied(root.path, left, gone), key=lambda path: -path.count("/")):
            place = root._replace(path=path)
            if (place.account, path) not in self._kept:
                await self._remove_if_empty(place)

    async def _remove_if_empty(self, place: Place) -> None:
        try:
            await self._remove(place)
        except ServiceError as error:
            # Another writer has put something into the directory. Other failures have classes of their own.
            if type(error) is not ServiceError:
                raise

    async def _remove(self, place: Place) -> None:
        if not self._preview:
            try:
                await with_hints(place.client, remove(place.client, place.path, recursive=False))
            except PathNotFoundError:
                return
        self.deleted += 1
        if len(self.paths) < NAMED:
            self.paths.append(place.name)


def _emptied(root: str, left: dict[str, int], gone: dict[str, int]) -> list[str]:
    """Return the directories from which everything goes, with those below them."""
    emptied: list[str] = []
    waiting = [path for path in gone if not left.get(path)]
    while waiting:
        path = waiting.pop()
        emptied.append(path)
        above = paths.parent(path)
        if path != root and above in left:
            left[above] -= 1
            if not left[above]:
                waiting.append(above)
    return emptied
