"""The conditions of sensors and triggers: `PathCondition`, `UnchangedCondition`, `DirectorySizeCondition`.

A condition consists of plain values, from which a trigger can be made again, and looks through a `View`. A
`Look` holds paths of the account.
"""

from __future__ import annotations

import heapq
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from airflow_provider_adls.lake.glob import visit_below, visit_files, visit_matches, visit_regex
from airflow_provider_adls.lake.regex import Regex
from airflow_provider_adls.model import checks, paths
from airflow_provider_adls.model.errors import PathNotFoundError

if TYPE_CHECKING:
    from airflow_provider_adls.lake.view import View
    from airflow_provider_adls.model.status import FileStatus

#: Default for the most paths that a task returns: Airflow keeps them in its database, and maps over 1,024 at
#: most by default.
MOST_PATHS = 1000
_FLAGS = {"true": True, "false": False}
#: The service's unit of time is the millisecond.
_MS = 1000


class Match(NamedTuple):
    """A file or directory that fulfils a condition.

    :param path: absolute path in the account.
    :param length: bytes.
    :param modified: milliseconds since 1970, UTC; 0 where the path alone counts.
    :param files: number of files, where it stands for all files of a directory.
    """

    path: str
    length: int
    modified: int
    files: int | None = None

    @property
    def version_key(self) -> tuple[object, ...]:
        """Key that identifies this version of the file."""
        return self if self.modified else (self.path,)


class Look(NamedTuple):
    """The result of one look.

    :param matches: files that fulfil the condition; empty while it does not hold.
    :param paths: the first paths by name, as many as are asked for.
    :param summary: one line for a log.
    :param change_key: key that differs when a log needs a new line; by default the summary.
    """

    matches: list[Match]
    paths: list[str]
    summary: str
    change_key: str | None = None

    def files(self, named: Callable[[str], str]) -> list[dict[str, Any]]:
        """Return its paths as JSON, as `describe` does."""
        listed = set(self.paths)
        return [describe(match, named) for match in sorted(self.matches) if match.path in listed]


class Condition(ABC):
    """A condition that a sensor or trigger waits for."""

    @abstractmethod
    async def look(self, view: View, path: str, now: float) -> Look:
        """Look once.

        :param path: absolute path in the account, or a glob.
        :param now: seconds since 1970, UTC.
        """
        ...

    def check_path(self, path: str) -> None:
        """Check a path that the condition looks at: by default a path or a glob.

        :raises PathError: for what no lake can hold.
        """
        paths.parse_possible(path, glob=True)

    def value(self, look: Look, named: list[str]) -> Any:  # noqa: ARG002 - other conditions need it
        """Return the result of a task that waited for it: by default the paths.

        :param named: the paths of the look in the form of the sensor's or trigger's own path.
        """
        return named


@dataclass
class PathCondition(Condition):
    """A path exists, or a glob matches.

    With a limit on size or age only files count; without one, directories do too.

    :param min_size: least bytes of a file.
    :param max_size: most bytes of a file.
    :param min_age: seconds since it was last modified, at least.
    :param max_age: seconds since it was last modified, at most.
    :param since: time since which it was modified, ISO 8601; UTC if it has no zone.
    :param min_matches: least number of matches.
    :param max_paths: most paths of a look.
    :param use_regex: whether the path is a regular expression that whole paths have to match.
    """

    min_size: int | None = None
    max_size: int | None = None
    min_age: float | None = None
    max_age: float | None = None
    since: str | None = None
    min_matches: int = 1
    max_paths: int = MOST_PATHS
    use_regex: bool = False

    def __post_init__(self) -> None:
        _flags(self, "use_regex")
        _whole(self, "min_size", "max_size", "min_matches", "max_paths")
        _seconds_of(self, "min_age", "max_age")
        self.since = moment("since", self.since)
        for least, most in (("min_size", "max_size"), ("min_age", "max_age")):
            if _of(self, least) > _of(self, most, float("inf")):
                raise ValueError(f"'{least}': must not be greater than {most}")
        if self.min_matches < 1 or self.max_paths < 1:
            raise ValueError("'min_matches': min_matches and max_paths must be at least 1")

    def check_path(self, path: str) -> None:
        """Check a path, a glob or a regular expression.

        :raises PathError: for what is none of them.
        """
        if self.use_regex:
            Regex(paths.parse(path).path)
        else:
            super().check_path(path)

    async def look(self, view: View, path: str, now: float) -> Look:
        """Look once."""
        earliest, latest = self._modified(now)
        least, most = _of(self, "min_size"), _of(self, "max_size", float("inf"))
        any_file = (self.min_size, self.max_size, earliest, latest) == (None, None, None, None)
        matches: list[Match] = []
        # A path that names the dot asks for hidden files.
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
                matches.append(Match(name, status.length, when))

        await (visit_regex if self.use_regex else visit_matches)(path, view, visit)
        summary = f"{len(matches)} of {self.min_matches} matches"
        if len(matches) < self.min_matches:
            return Look([], [], summary)
        return Look(matches, _first(self.max_paths, matches), summary)

    def _modified(self, now: float) -> tuple[float | None, float | None]:
        """Return the earliest and latest time of modification, in milliseconds."""
        bounds = []
        if self.since is not None:
            bounds.append(datetime.fromisoformat(self.since).timestamp() * _MS)
        if self.max_age is not None:
            bounds.append((now - self.max_age) * _MS)
        latest = None if self.min_age is None else (now - self.min_age) * _MS
        return max(bounds, default=None), latest


@dataclass
class UnchangedCondition(Condition):
    """Files have not changed for a while: an upload has ended.

    A file's time of modification counts, so that the first look, or the first after a restart, need not wait
    the whole period. A change without one, a file that was removed or moved in, counts from the look that
    found it. An upload that is under way counts as a change too.

    :param inactivity_period: seconds without a change.
    :param min_objects: least number of files.
    :param allow_delete: whether files may disappear meanwhile.
    :param max_paths: most paths of a look.
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
        _flags(self, "allow_delete")
        self._known: dict[str, Match] | None = None
        self._changed = 0.0

    async def look(self, view: View, path: str, now: float) -> Look:
        """Look once.

        :raises PathNotFoundError: if a file disappeared that may not.
        """
        seen: dict[str, Match] = {}

        def visit(name: str, status: FileStatus) -> None:
            seen[name] = Match(name, status.length, status.modification_time)

        await visit_files(path, view, visit)
        if self._known is None:
            self._changed = max((item.modified / _MS for item in seen.values()), default=now)
        elif self._known != seen:
            gone = self._known.keys() - seen.keys()
            if gone and not self.allow_delete:
                files = "1 file" if len(gone) == 1 else f"{len(gone)} files"
                raise PathNotFoundError(
                    f"{files} disappeared, first {min(gone)}: no file may be deleted during the wait"
                    " (allow_delete=False)",
                    path=path,
                    account=view.client.account,
                )
            self._changed = now
        self._known = seen
        whole = [item for item in seen.values() if not paths.is_unfinished(item.path)]
        quiet = now - self._changed
        summary = (
            f"{len(whole)} of {self.min_objects} files, unchanged for {max(quiet, 0):.0f}"
            f" of {self.inactivity_period:g} s"
        )
        settled = len(whole) >= self.min_objects and quiet >= self.inactivity_period
        change_key = f"{len(whole)} files, changed at {self._changed}, {settled=}"
        if not settled:
            return Look([], [], summary, change_key)
        newest = max((item.modified for item in whole), default=0)
        together = Match(path, sum(item.length for item in whole), newest, len(whole))
        return Look([together], _first(self.max_paths, whole), summary, change_key)


@dataclass
class DirectorySizeCondition(Condition):
    """A directory holds enough files or bytes, those of its subdirectories included.

    :param min_files: least number of files.
    :param min_bytes: least number of bytes of all of them.
    """

    min_files: int | None = None
    min_bytes: int | None = None

    def __post_init__(self) -> None:
        _whole(self, "min_files", "min_bytes")
        if self.min_files is None and self.min_bytes is None:
            raise ValueError("'min_files': set min_files or min_bytes")

    async def look(self, view: View, path: str, now: float) -> Look:  # noqa: ARG002 - as in other conditions
        """Look once: the service counts, and if it counts enough, unfinished uploads are subtracted."""
        counts = await view.summary(path)
        if counts is None:
            return Look([], [], "no such directory")
        files, length = counts.files, counts.length
        if self._enough(files, length):
            files = length = 0

            def visit(name: str, status: FileStatus) -> None:
                nonlocal files, length
                if not paths.is_unfinished(name):
                    files, length = files + 1, length + status.length

            await visit_below(path, view, visit)
        summary = f"{files} files of {length} bytes"
        enough = self._enough(files, length)
        return Look([Match(path, length, 0, files)] if enough else [], [path] if enough else [], summary)

    def value(self, look: Look, named: list[str]) -> dict[str, Any]:
        """Return path, number of files and bytes."""
        (match,) = look.matches
        return {"path": named[0], "files": match.files, "bytes": match.length}

    def _enough(self, files: int, length: int) -> bool:
        return files >= (self.min_files or 0) and length >= (self.min_bytes or 0)


def describe(match: Match, named: Callable[[str], str]) -> dict[str, Any]:
    """Return a match as JSON: ``path``, ``length`` in bytes, ``modified`` in ISO 8601 and maybe ``files``.

    :param named: returns a path of the account in the form of the sensor's or trigger's own path.
    """
    description: dict[str, Any] = {"path": named(match.path), "length": match.length}
    if match.modified:
        modified = datetime.fromtimestamp(match.modified / _MS, UTC)
        description["modified"] = modified.isoformat(timespec="milliseconds")
    if match.files is not None:
        description["files"] = match.files
    return description


def names(condition: type) -> list[str]:
    """Return the names of the values of a condition."""
    return [field.name for field in fields(condition)]


def _first(most: int, matches: list[Match]) -> list[str]:
    return heapq.nsmallest(most, (match.path for match in matches))


def _of(condition: object, name: str, default: float = 0.0) -> float:
    value = getattr(condition, name)
    return default if value is None else value


def _whole(condition: Any, *names: str) -> None:
    for name in names:
        value = _read(condition, name, int)
        if value is not None:
            checks.named(name, checks.whole_number, value)


def _flags(condition: Any, *names: str) -> None:
    for name in names:
        checks.named(name, checks.flag, _read(condition, name, lambda text: _FLAGS[text.lower()]))


def _seconds_of(condition: Any, *names: str) -> None:
    for name in names:
        setattr(condition, name, seconds(name, _read(condition, name, float)))


def _read(condition: Any, name: str, read: Callable[[str], Any]) -> Any:
    """Return a value of a condition, which is set to what a template's text says.

    A trigger that a task starts in gets the text as it was rendered. Text that says nothing stays as it is,
    and is refused.
    """
    value = getattr(condition, name)
    if isinstance(value, str):
        text = value.strip()
        with suppress(KeyError, ValueError):
            value = getattr(type(condition), name) if text == "None" else read(text)
            setattr(condition, name, value)
    return value


def seconds(name: str, value: Any) -> float | None:
    """Return a span as a number of seconds.

    :raises ValueError: naming the value that is not a span.
    """
    if isinstance(value, timedelta):
        value = value.total_seconds()
    return None if value is None else checks.named(name, checks.seconds, value, zero=True)


def moment(name: str, value: Any) -> str | None:
    """Return a time in ISO 8601 with its zone, UTC where it has none.

    :raises ValueError: naming the value that is not a time.
    """
    if value is None:
        return None
    try:
        when = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(
            f"{name!r}: must be a time such as 2026-01-31T06:00:00+00:00, not {value!r}"
        ) from None
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).isoformat()


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values in a form that Airflow stores: spans as seconds, times as text, others unchanged."""
    return {
        name: value.total_seconds()
        if isinstance(value, timedelta)
        else value.isoformat()
        if isinstance(value, datetime)
        else value
        for name, value in values.items()
    }
