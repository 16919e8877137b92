"""What is waited for: one language for sensors, which look by themselves, and triggers, which look for them.

A condition is made of plain values, so that a trigger can be made again from them, and is looked at through
a `View`. What a look finds is told in paths of the account.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from airflow_provider_adls.lake.glob import visit_below, visit_files, visit_matches
from airflow_provider_adls.model import paths
from airflow_provider_adls.model.errors import PathNotFoundError

if TYPE_CHECKING:
    from airflow_provider_adls.lake.view import View
    from airflow_provider_adls.model.status import FileStatus

#: Paths that a task returns, and an event of a watched directory names, if nothing else is said. Airflow maps
#: over 1,024 at most by default, and keeps them in its database.
MOST_PATHS = 1000
#: The service's unit of time is the millisecond.
_MS = 1000


class Item(NamedTuple):
    """Something that was found.

    :param path: absolute path in the account.
    :param length: bytes.
    :param modified: milliseconds since 1970, UTC; 0 for what is known by its path alone.
    :param files: number of files, where it stands for more than itself.
    """

    path: str
    length: int
    modified: int
    files: int | None = None

    @property
    def identity(self) -> tuple[object, ...]:
        """What it is known by: another one is something else."""
        return self if self.modified else (self.path,)


class Found(NamedTuple):
    """What a look found.

    :param items: what fulfils the condition; none while it does not hold.
    :param paths: the first of its paths by name, as many as may be told.
    :param says: the same in words, for a log.
    :param news: what has changed when it is worth a line of a log again; the words, if nothing else is given.
    """

    items: list[Item]
    paths: list[str]
    says: str
    news: str | None = None


class Condition(Protocol):
    """What is waited for."""

    async def look(self, view: View, path: str, now: float) -> Found:
        """Look once.

        :param path: absolute path in the account, or a glob.
        :param now: seconds since 1970, UTC.
        """
        ...

    def value(self, found: Found, named: list[str]) -> Any:
        """What a task returns that waited for it.

        :param named: the found paths as the task's user writes them.
        """
        ...


@dataclass
class PathCondition:
    """Something is at a path, or a glob matches.

    With a limit on size or age only files count; without one, directories do too.

    :param min_size: bytes that a file has at least.
    :param max_size: bytes that it has at most.
    :param min_age: seconds for which it was not modified.
    :param max_age: seconds within which it was modified.
    :param since: ISO 8601, time at or after which it was modified; UTC if it names no zone.
    :param min_matches: how many must be there.
    :param max_paths: how many are named.
    """

    min_size: int | None = None
    max_size: int | None = None
    min_age: float | None = None
    max_age: float | None = None
    since: str | None = None
    min_matches: int = 1
    max_paths: int = MOST_PATHS

    def __post_init__(self) -> None:
        _whole(self, "min_size", "max_size", "min_matches", "max_paths")
        _seconds_of(self, "min_age", "max_age")
        self.since = moment("since", self.since)
        for least, most in (("min_size", "max_size"), ("min_age", "max_age")):
            if _of(self, least) > _of(self, most, float("inf")):
                raise ValueError(f"'{least}': must not be greater than {most}")
        if self.min_matches < 1 or self.max_paths < 1:
            raise ValueError("'min_matches': it and max_paths must be at least 1")

    async def look(self, view: View, path: str, now: float) -> Found:
        """Look once."""
        earliest, latest = self._modified(now)
        least, most = _of(self, "min_size"), _of(self, "max_size", float("inf"))
        any_file = (self.min_size, self.max_size, earliest, latest) == (None, None, None, None)
        items = []
        # Who asks for hidden names by their dot means them.
        hidden = paths.name(path).startswith(".")

        def visit(name: str, status: FileStatus) -> None:
            when = status.modification_time
            if not hidden and paths.is_unfinished(name):
                return
            if any_file or (
                not status.is_directory
                and least <= status.length <= most
                and (earliest is None or when >= earliest)
                and (latest is None or when <= latest)
            ):
                items.append(Item(name, status.length, when))

        await visit_matches(path, view, visit)
        says = f"{len(items)} matches"
        if len(items) < self.min_matches:
            return Found([], [], says)
        return Found(items, _first(self.max_paths, items), says)

    def value(self, found: Found, named: list[str]) -> list[str]:  # noqa: ARG002 - as in other conditions
        """The paths."""
        return named

    def _modified(self, now: float) -> tuple[float | None, float | None]:
        """Earliest and latest time of modification, in milliseconds."""
        bounds = []
        if self.since is not None:
            bounds.append(datetime.fromisoformat(self.since).timestamp() * _MS)
        if self.max_age is not None:
            bounds.append((now - self.max_age) * _MS)
        latest = None if self.min_age is None else (now - self.min_age) * _MS
        return max(bounds, default=None), latest


@dataclass
class UnchangedCondition:
    """Files have been as they are for a while: an upload has ended.

    A file's own time of modification counts, so that who looks for the first time, or again after a
    restart, need not wait the whole period. What a time does not show, a file that was removed or moved in,
    counts from the look that saw it. An upload that is under way counts as change too.

    :param inactivity_period: seconds for which nothing may have changed.
    :param min_objects: files that must be there.
    :param allow_delete: whether files may vanish meanwhile.
    :param max_paths: how many are named.
    """

    inactivity_period: float = 3600.0
    min_objects: int = 1
    allow_delete: bool = True
    max_paths: int = MOST_PATHS

    def __post_init__(self) -> None:
        _seconds_of(self, "inactivity_period")
        _whole(self, "min_objects", "max_paths")
        if self.max_paths < 1:
            raise ValueError("'max_paths': must be at least 1")
        if not isinstance(self.allow_delete, bool):
            raise ValueError(f"'allow_delete': must be True or False, not {self.allow_delete!r}")  # noqa: TRY004 - a wrong value, as any
        self._known: dict[str, Item] | None = None
        self._changed = 0.0

    async def look(self, view: View, path: str, now: float) -> Found:
        """Look once.

        :raises PathNotFoundError: if a file vanished that may not.
        """
        seen: dict[str, Item] = {}

        def visit(name: str, status: FileStatus) -> None:
            seen[name] = Item(name, status.length, status.modification_time)

        await visit_files(path, view, visit)
        if self._known is None:
            self._changed = max((item.modified / _MS for item in seen.values()), default=now)
        elif self._known != seen:
            gone = self._known.keys() - seen.keys()
            if gone and not self.allow_delete:
                more = f" (and {len(gone) - 1} more)" if len(gone) > 1 else ""
                raise PathNotFoundError(
                    f"it{more} was there and is no more: nothing may be deleted while an upload is waited for"
                    " (allow_delete=False)",
                    path=min(gone),
                    account=view.client.account,
                )
            self._changed = now
        self._known = seen
        whole = [item for item in seen.values() if not paths.is_unfinished(item.path)]
        quiet = now - self._changed
        says = f"{len(whole)} files, unchanged for {max(quiet, 0):.0f} s"
        settled = len(whole) >= self.min_objects and quiet >= self.inactivity_period
        news = f"{len(whole)} files, changed at {self._changed}, {settled=}"
        if not settled:
            return Found([], [], says, news)
        newest = max((item.modified for item in whole), default=0)
        together = Item(path, sum(item.length for item in whole), newest, len(whole))
        return Found([together], _first(self.max_paths, whole), says, news)

    def value(self, found: Found, named: list[str]) -> list[str]:  # noqa: ARG002 - as in other conditions
        """The paths."""
        return named


@dataclass
class DirectorySizeCondition:
    """A directory holds enough files, or bytes; what is in the directories in it counts.

    :param min_files: files that it holds at least.
    :param min_bytes: bytes that these have together at least.
    """

    min_files: int | None = None
    min_bytes: int | None = None

    def __post_init__(self) -> None:
        _whole(self, "min_files", "min_bytes")
        if self.min_files is None and self.min_bytes is None:
            raise ValueError("'min_files': it or min_bytes must have a value")

    async def look(self, view: View, path: str, now: float) -> Found:  # noqa: ARG002 - as in other conditions
        """Look once: the service counts, and what is not whole yet is left out if it counts enough."""
        summary = await view.summary(path)
        if summary is None:
            return Found([], [], "nothing")
        files, length = summary.files, summary.length
        if self._enough(files, length):
            files = length = 0

            def visit(name: str, status: FileStatus) -> None:
                nonlocal files, length
                if not paths.is_unfinished(name):
                    files, length = files + 1, length + status.length

            await visit_below(path, view, visit)
        says = f"{files} files of {length} bytes"
        enough = self._enough(files, length)
        return Found([Item(path, length, 0, files)] if enough else [], [path] if enough else [], says)

    def value(self, found: Found, named: list[str]) -> dict[str, Any]:
        """Path, number of files and bytes."""
        (item,) = found.items
        return {"path": named[0], "files": item.files, "bytes": item.length}

    def _enough(self, files: int, length: int) -> bool:
        return files >= (self.min_files or 0) and length >= (self.min_bytes or 0)


def names(condition: type) -> list[str]:
    """Names of the values that a condition is made of."""
    return [field.name for field in fields(condition)]


def _first(most: int, items: list[Item]) -> list[str]:
    return heapq.nsmallest(most, (item.path for item in items))


def _of(condition: object, name: str, default: float = 0.0) -> float:
    value = getattr(condition, name)
    return default if value is None else value


def _whole(condition: object, *names: str) -> None:
    for name in names:
        value = getattr(condition, name)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
            raise ValueError(f"{name!r}: must be a whole number, 0 or more, not {value!r}")


def _seconds_of(condition: object, *names: str) -> None:
    for name in names:
        setattr(condition, name, seconds(name, getattr(condition, name)))


def seconds(name: str, value: Any) -> float | None:
    """A span as a number of seconds.

    :raises ValueError: naming what is none.
    """
    if isinstance(value, timedelta):
        value = value.total_seconds()
    if value is not None and (
        not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value < float("inf")
    ):
        raise ValueError(f"{name!r}: must be seconds or a timedelta, 0 or more, not {value!r}")
    return value


def moment(name: str, value: Any) -> str | None:
    """A time as ISO 8601 with its zone, UTC where it names none.

    :raises ValueError: naming what is none.
    """
    if value is None:
        return None
    try:
        when = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name!r}: must be a time, like 2026-01-31T06:00:00+00:00, not {value!r}") from None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).isoformat()


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values that Airflow stores as they are: spans as seconds and times as text; what is neither stays."""
    return {
        name: value.total_seconds()
        if isinstance(value, timedelta)
        else value.isoformat()
        if isinstance(value, datetime)
        else value
        for name, value in values.items()
    }
