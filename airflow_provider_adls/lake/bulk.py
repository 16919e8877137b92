"""`change_all`: one change made to many files and directories, and to all that is in them, and counted.

The directories are all listed before anything is changed, and what a directory holds is changed before it:
so that a change which takes one's own rights away comes to its end.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow_provider_adls.lake.blocks import PARALLEL, at_once
from airflow_provider_adls.lake.hints import with_hints
from airflow_provider_adls.lake.places import NAMED, Place, by_account, uppermost
from airflow_provider_adls.lake.records import counted, log_done
from airflow_provider_adls.model.errors import RequestError

if TYPE_CHECKING:
    from airflow_provider_adls.client.interface import AclMode, DataLakeClient
    from airflow_provider_adls.model.acl import AclEntry
    from airflow_provider_adls.model.status import FileStatus


class Entry(NamedTuple):
    """A file or directory that is to be changed.

    :param permission: octal digits.
    """

    path: str
    directory: bool
    permission: str


#: A coroutine function that changes one item of an account.
Change = Callable[["DataLakeClient", Entry], Awaitable[None]]


@dataclass
class Tally:
    """Result of a bulk change: the paths that were changed, and the failures."""

    directories: int = 0
    files: int = 0
    failed: int = 0
    failures: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def count(self, place: Place, item: Entry) -> None:
        """Count an item that was changed."""
        if item.directory:
            self.directories += 1
        else:
            self.files += 1
        if len(self.paths) < NAMED:
            self.paths.append(place.named(item.path))

    def fail(self, path: str, error: RequestError) -> None:
        """Count a path that could not be changed, or listed."""
        self.failed += 1
        if len(self.failures) < NAMED:
            self.failures.append({"path": path, "error": str(error)})

    def numbers(self) -> str:
        """Return the numbers in words."""
        failed = f" ({self.failed} failed)" if self.failed else ""
        return f"{counted(self.directories, 'directory')} and {counted(self.files, 'file')}{failed}"

    def log(self) -> None:
        """Log the numbers, and the first paths that were changed."""
        log_done(f"Changed {self.numbers()}", self.paths, self.directories + self.files)

    def result(self) -> dict[str, Any]:
        """Return the numbers, and the first 100 failures."""
        return {
            "directories": self.directories,
            "files": self.files,
            "failed": self.failed,
            "failures": self.failures,
        }


async def change_all(
    places: list[Place],
    change: Change,
    applies: Callable[[Entry], bool] | None = None,
    *,
    recursive: bool = False,
    continue_on_failure: bool = False,
    preview: bool = False,
) -> dict[str, Any]:
    """Change files and directories.

    :param places: each must exist.
    :param change: changes one item.
    :param applies: whether an item is changed and counted; None for each.
    :param recursive: whether everything below the directories is changed too.
    :param continue_on_failure: whether the others are changed where one cannot be; if not, the first failure
        stops them. Changes that were made stay.
    :param preview: whether nothing is changed.
    :returns: the numbers of changed ``directories`` and ``files`` and of paths that ``failed``, and the first
        100 ``failures``, each with ``path`` and ``error``; of a preview also the first 100 ``paths``.
    :raises RequestError: for a place where nothing exists; and the first failure, unless they are counted.
    """
    tally = Tally()
    for group in by_account(uppermost(places) if recursive else places):
        place = group[0]

        async def change_or_record_failure(item: Entry, place: Place = place) -> None:
            try:
                if not preview:
                    await with_hints(place.client, change(place.client, item))
            except FileNotFoundError:
                # Removed after it was listed.
                return
            except RequestError as error:
                if not continue_on_failure:
                    raise
                tally.fail(place.named(item.path), error)
                return
            tally.count(place, item)

        items = await _items(group, tally, recursive=recursive, continue_on_failure=continue_on_failure)
        # A preview names paths in the order that people read them in.
        items.sort(key=lambda item: item.path.split("/"))
        if not preview:
            items.sort(key=_depth, reverse=True)
        for _, level in groupby(items, key=(lambda _: 0) if preview else _depth):
            wanted = [item for item in level if applies is None or applies(item)]
            await at_once(change_or_record_failure, wanted, PARALLEL)
    if preview:
        return {"preview": True, **tally.result(), "paths": tally.paths}
    tally.log()
    return tally.result()


async def change_acl_trees(
    places: list[Place], entries: Sequence[AclEntry], mode: AclMode, *, continue_on_failure: bool
) -> dict[str, Any]:
    """Change the access control lists of files and directories, and of all that is in them.

    :param entries: those of `DataLakeClient.change_acl_tree`.
    :param continue_on_failure: that of :func:`change_all`, which documents the result and the errors too.
    """
    tally = Tally()

    async def change(place: Place) -> None:
        def fail(path: str, error: RequestError) -> None:
            tally.fail(place.named(path), error)

        changing = place.client.change_acl_tree(
            place.path, entries, mode, fail=fail if continue_on_failure else None
        )
        counted = await with_hints(place.client, changing)
        tally.directories += counted.directories
        tally.files += counted.files

    changed = uppermost(places)
    await at_once(change, changed, PARALLEL)
    log_done(f"Changed {tally.numbers()} in", [place.name for place in changed])
    return tally.result()


async def _items(
    group: list[Place], tally: Tally, *, recursive: bool, continue_on_failure: bool
) -> list[Entry]:
    """Return the items of one account."""
    place = group[0]
    client = place.client
    found: list[Entry] = []

    async def look(path: str) -> None:
        status = await with_hints(client, client.status(path))
        found.append(_item(path, status))
        if recursive and status.is_directory:
            await _list(path)

    async def _list(path: str) -> None:
        async with aclosing(client.tree_pages(path, fail=fail)) as pages:
            async for page in pages:
                found.extend(_item(name, status) for name, status in page)

    def count_failure(path: str, error: RequestError) -> None:
        tally.fail(place.named(path), error)

    fail = count_failure if continue_on_failure else None
    await at_once(look, [one.path for one in group], PARALLEL)
    return found


def _item(path: str, status: FileStatus) -> Entry:
    return Entry(path, status.is_directory, status.permission)


def _depth(item: Entry) -> int:
    return 0 if item.path == "/" else item.path.count("/")
