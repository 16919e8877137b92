"""`Pattern`: a glob of the lake, matched page by page, in no more directories than it can match in.

fsspec's own lists everything that is as deep as the pattern, and compares when it has all of it: in an event
loop that others wait in, a directory of 100,000 files would hold them up for seconds.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from fsspec.utils import glob_translate

from airflow_provider_adls.client.interface import enter_all
from airflow_provider_adls.lake.regex import Regex

if TYPE_CHECKING:
    from airflow_provider_adls.client.interface import Enters
    from airflow_provider_adls.lake.view import View, Visit
    from airflow_provider_adls.model.status import FileStatus

#: Positions in a pattern that a path may have come to.
_States: TypeAlias = frozenset[int]

_MAGIC = re.compile(r"[*?\[]")
_ANY_DEPTH = "**"
#: Directories that are listed at once.
_WIDTH = 16


def is_glob(path: str) -> bool:
    """Return whether a path has wildcards."""
    return bool(_MAGIC.search(path))


def glob_root(path: str) -> str:
    """Return the directory before the first wildcard of a glob, without a slash at its end."""
    return path[: _MAGIC.search(path).start()].rpartition("/")[0]  # type: ignore[union-attr] # is_glob said so


class Steps(Protocol):
    """A pattern that is matched one name of a path at a time: a `Pattern` or a `Regex`.

    The states of a path, which are false where nothing that follows can match, are the pattern's own.
    """

    root: str

    @property
    def start(self) -> Any:
        """The states of a path at the root."""

    def after(self, states: Any, name: str, /) -> Any:
        """Return the states after one more name."""

    def matches(self, states: Any, /, *, directory: bool) -> bool:
        """Return whether a path that ends here matches."""

    def goes_on(self, states: Any, /) -> bool:
        """Return whether what is in a directory that ends here may match."""


class Pattern:
    """A glob, as fsspec reads it, one segment of a path at a time.

    :param root: directory that it begins in.
    :param segments: segments after the first: ``*``, ``?`` and ``[…]`` in any, or ``**`` as a whole.
    :param hides_dots: whether wildcards pass over names that begin with a dot, as in a shell.
    :raises ValueError: for ``**`` within a segment.
    """

    def __init__(self, root: str, segments: list[str], *, hides_dots: bool = False) -> None:
        self.root = root
        self._hides_dots = hides_dots
        self._segments = [
            None if part == _ANY_DEPTH else re.compile(self._shown(part) + glob_translate(part))
            for part in segments
        ]

    def _shown(self, segment: str) -> str:
        return r"(?!\.)" if self._hides_dots and not segment.startswith(".") else ""

    @classmethod
    def of(cls, glob: str, *, hides_dots: bool = False) -> Pattern:
        """Return the pattern of an absolute path with wildcards; its root is what stands before the first."""
        literal, wild = [], glob.split("/")[1:]
        while not is_glob(wild[0]):
            literal.append(wild.pop(0))
        return cls("/" + "/".join(literal), wild, hides_dots=hides_dots)

    @property
    def start(self) -> _States:
        """The states of a path at the root."""
        return self._closed({0})

    def after(self, states: _States, name: str) -> _States:
        """Return the states after one more segment; none if nothing that follows can match."""
        reached: set[int] = set()
        for state in states:
            if state < len(self._segments):
                segment = self._segments[state]
                if segment is None and self._hides_dots and name.startswith("."):
                    continue
                if segment is None:
                    # One more than the last says that `**` has stood for something.
                    reached |= {state, state + 1} if state == self._last else {state}
                elif segment.match(name):
                    reached.add(state + 1)
        return self._closed(reached)

    def matches(self, states: _States, *, directory: bool) -> bool:
        """Return whether a path that ends here matches, as a directory before a last `**` does."""
        return len(self._segments) in states or (
            directory and self._last in states and self._segments[self._last] is None
        )

    def goes_on(self, states: _States) -> bool:
        """Return whether what is in a directory that ends here may match."""
        return any(state < len(self._segments) for state in states)

    @property
    def _last(self) -> int:
        return len(self._segments) - 1

    def _closed(self, states: set[int]) -> _States:
        """Return the states with those that a `**` reaches by matching nothing."""
        for state in range(self._last):
            if state in states and self._segments[state] is None:
                states.add(state + 1)
        return frozenset(states)


async def visit_matches(path: str, view: View, visit: Visit) -> None:
    """Visit what is at a path, or all that a glob matches.

    A path that exists is that file or directory, even if its name looks like a glob.

    :param path: absolute path, or glob.
    """
    status = await view.status(path)
    if status is not None:
        visit(path, status)
    elif is_glob(path):
        await _scan(Pattern.of(path), view, visit)


async def visit_files(path: str, view: View, visit: Visit) -> None:
    """Visit the files among the same, and those in the directories among them, however deep."""
    directories: list[str] = []
    visited: set[str] = set()

    def visit_once(name: str, status: FileStatus) -> None:
        if status.is_directory:
            directories.append(name)
        elif name not in visited:
            visited.add(name)
            visit(name, status)

    await visit_matches(path, view, visit_once)
    for directory in _outermost(directories):
        await visit_below(directory, view, visit_once)


async def visit_pattern(glob: str, view: View, visit: Visit) -> None:
    """Visit all that a glob matches, in no order."""
    await _scan(Pattern.of(glob), view, visit)


async def visit_regex(expression: str, view: View, visit: Visit) -> None:
    """Visit all whose whole path a regular expression matches, in no order.

    :raises PathError: for what is not one.
    """
    await _descend(Regex(expression), view, visit, enter_all)


async def visit_inside(
    directory: str,
    view: View,
    visit: Visit,
    *,
    enters: Enters = enter_all,
) -> None:
    """Visit all files and directories in a directory, however deep, and not the directory itself.

    :param enters: whether a directory in it is listed.
    """
    if view.lists_trees:
        await view.look_through_tree(directory, visit, enters=enters)
    else:
        await _descend(Pattern(directory, [_ANY_DEPTH]), view, visit, enters)


async def visit_below(directory: str, view: View, visit: Visit) -> None:
    """Visit the files in a directory and in those in it, however deep."""

    def visit_file(name: str, status: FileStatus) -> None:
        if not status.is_directory:
            visit(name, status)

    await visit_inside(directory, view, visit_file)


def _outermost(directories: list[str]) -> list[str]:
    """Return those that are in none of the others."""
    kept: list[str] = []
    for directory in sorted(directories, key=lambda path: path.split("/")):
        if not kept or not directory.startswith(f"{kept[-1].rstrip('/')}/"):
            kept.append(directory)
    return kept


async def _scan(pattern: Pattern, view: View, visit: Visit) -> None:
    """Visit every file and directory that matches, in no order.

    What is removed meanwhile may be visited or not. A failure is raised: a part of a tree is not a result.
    """
    if pattern.matches(pattern.start, directory=True):
        root = await view.status(pattern.root)
        if root is not None and root.is_directory:
            visit(pattern.root, root)
    await _descend(pattern, view, visit, enter_all)


async def _descend(
    pattern: Steps,
    view: View,
    visit: Visit,
    enters: Enters,
) -> None:
    waiting = [(pattern.root, pattern.start)]
    while waiting:
        batch = [waiting.pop() for _ in range(min(_WIDTH, len(waiting)))]
        for below in await asyncio.gather(
            *(_directory(pattern, view, path, states, visit, enters) for path, states in batch)
        ):
            waiting += below


async def _directory(
    pattern: Steps,
    view: View,
    directory: str,
    states: Any,
    visit: Visit,
    enters: Enters,
) -> list[tuple[str, Any]]:
    """Visit what matches in one directory.

    :returns: the directories in it that more may match in.
    """
    base = "" if directory == "/" else directory
    below: list[tuple[str, Any]] = []

    def look(page: list[FileStatus]) -> None:
        for status in page:
            # A file is listed as its own only entry, which has no name.
            reached = pattern.after(states, status.name) if status.name else None
            if reached:
                path = f"{base}/{status.name}"
                if pattern.matches(reached, directory=status.is_directory):
                    visit(path, status)
                if status.is_directory and pattern.goes_on(reached) and enters(path, status):
                    below.append((path, reached))

    await view.look_through(directory, look)
    return below
