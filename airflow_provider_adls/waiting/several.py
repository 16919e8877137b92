"""`SeveralCondition`: several paths of one account, each of which has to fulfil a condition."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from airflow_provider_adls.lake.blocks import PARALLEL, at_once
from airflow_provider_adls.model.errors import PathError
from airflow_provider_adls.model.paths import Location, parse
from airflow_provider_adls.waiting.conditions import Condition, Look

if TYPE_CHECKING:
    from airflow_provider_adls.lake.view import View

#: The subject of a sensor or trigger: a path, or a list of paths.
Paths: TypeAlias = "str | Sequence[str]"


def location_of(path: Paths) -> Location:
    """Return the location of a path; of a list that of its first path, for they share an account."""
    return parse(path if isinstance(path, str) else path[0])


def shown(path: Paths) -> str:
    """Return a path, or the number of paths of a list, for a log."""
    return path if isinstance(path, str) else f"{len(path)} listed paths (first {path[0]})"


def url_of(path: Paths) -> Any:
    """Return the URL of a path, or those of a list: the same for each way to write them."""
    return parse(path).url() if isinstance(path, str) else [parse(one).url() for one in path]


def condition_for(path: Paths, new: Callable[[], Condition]) -> Condition:
    """Return the condition of a path or list.

    :param new: returns the condition of one path.
    """
    return new() if isinstance(path, str) else SeveralCondition(path, new)


def check_paths(path: Paths, new: Callable[[], Condition]) -> None:
    """Check the paths of a sensor or trigger.

    :param new: returns the condition of one path.
    :raises ValueError: for what a lake cannot hold, for two of different accounts, and for an empty list.
    """
    listed = [path] if isinstance(path, str) else path
    if not listed:
        raise ValueError("the list is empty: name at least one path to wait for")
    condition = new()
    for one in listed:
        condition.check_path(one)
        if parse(one).account != parse(listed[0]).account:
            raise PathError(f"{listed[0]} and {one} are not in one account: make a sensor for each")


class SeveralCondition(Condition):
    """Several paths, each of which fulfils a condition of its own.

    :param paths: paths or globs of one account.
    :param new: returns the condition of one path.
    """

    def __init__(self, paths: Sequence[str], new: Callable[[], Condition]) -> None:
        self._conditions = {path: new() for path in dict.fromkeys(paths)}

    async def look(self, view: View, path: str, now: float) -> Look:  # noqa: ARG002 - it has paths of its own
        """Look once at each path."""
        looks: dict[str, Look] = {}

        async def look(one: str) -> None:
            looks[one] = await self._conditions[one].look(view, parse(one).path, now)

        await at_once(look, self._conditions, PARALLEL)
        unmet = [one for one in self._conditions if not looks[one].matches]
        summary = f"{len(looks) - len(unmet)} of {len(looks)} paths"
        if unmet:
            first = looks[unmet[0]]
            return Look(
                [], [], f"{summary}, first missing {unmet[0]} ({first.summary})", f"{summary}, {unmet[0]}"
            )
        matches = {match.path: match for one in looks.values() for match in one.matches}
        most = max(self._most_paths(), default=None)
        paths = sorted({path for one in looks.values() for path in one.paths})[:most]
        return Look([*matches.values()], paths, summary)

    def _most_paths(self) -> list[int]:
        return [one.max_paths for one in self._conditions.values() if hasattr(one, "max_paths")]
