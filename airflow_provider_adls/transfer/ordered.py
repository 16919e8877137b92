"""`merge`: two trees read page by page, in one order, and brought together entry by entry.

A store lists a directory in the order of names. So two of them are compared with two pages in memory, however
many files they hold. A directory is entered where its name stands: the order is that of the places' segments.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import aclosing, suppress
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from airflow_provider_adls.transfer.stores import End, Store, StoreEntry

#: Directories of one page whose first pages are requested before their turn.
AHEAD = 8
#: Whether a place is part of the trees; takes the place, and whether it is a directory.
Chosen = Callable[[str, bool], bool]
#: Takes a store, a path in it, and the reason why that cannot be read or copied.
Fail = Callable[["Store", str, Exception], object]


def everything(_place: str, _directory: bool) -> bool:  # noqa: FBT001 - as of a scan
    """Return that a place is part of the trees."""
    return True


class Kind(Enum):
    """Kind of a pair."""

    FILE = "a file of the source, and that of the target where it has one"
    EXTRA_FILE = "a file that only the target has"
    EXTRA_DIRECTORY = "a directory that only the target has; it is not entered"
    EMPTY = "an empty directory of the source that the target does not have"
    DIRECTORY = "a directory that both have, after all that it holds"
    WHOLE = "a directory of the source that is not entered, since all that it holds belongs to the trees"


class Pair(NamedTuple):
    """An entry of the source, of the target, or of both.

    :param place: below the roots.
    """

    kind: Kind
    place: str
    source: StoreEntry | None
    target: StoreEntry | None


class _Listing:
    """The entries of one directory on one side, the current one first.

    :param end: of the directory; None where the side has none.
    :param after: only entries whose names come after it.
    :param fail: takes the failure of a listing; None raises it.
    """

    def __init__(self, end: End | None, after: str, fail: Fail | None) -> None:
        self._end = end
        self._pages = end.store.pages(end.path, after) if end else None
        self._fail = fail
        self._entries: deque[StoreEntry] = deque()
        self._first: asyncio.Task[list[StoreEntry] | None] | None = None
        self._last = ""
        self.exists = end is not None

    def begin(self) -> None:
        """Request the first page before its turn."""
        if self._pages is not None:
            self._first = asyncio.create_task(self._next())

    async def _next(self) -> list[StoreEntry] | None:
        if self._pages is None:
            return None
        try:
            return await anext(self._pages, None)
        except (FileNotFoundError, NotADirectoryError):
            # Removed after its parent was listed; or the other side alone has such a directory.
            self.exists = False
            return None
        except (OSError, ValueError) as error:
            if self._fail is None or self._end is None:
                raise
            self._fail(self._end.store, self._end.path, error)
            return None

    def is_prefix(self) -> bool:
        """Return whether the current entry is an object whose name the directory after it has too."""
        entries = self._entries
        return len(entries) > 1 and not entries[0].is_directory and entries[1].name == entries[0].name

    async def current(
        self, needed: Callable[[list[StoreEntry]], object] = lambda _: None
    ) -> StoreEntry | None:
        """Return the current entry; None at the end.

        :param needed: is called with each new page.
        """
        while not self._entries and self._pages is not None:
            page = await (self._first or self._next())
            self._first = None
            if page is None:
                await self.close()
                break
            for entry in page:
                if entry.name < self._last:
                    assert self._end is not None
                    raise ValueError(
                        f"{self._end.shown} is not listed in the order of names ({entry.name!r} after"
                        f" {self._last!r}): it cannot be compared page by page"
                    )
                self._last = entry.name
            self._entries.extend(page)
            needed(page)
        return self._entries[0] if self._entries else None

    def advance(self) -> None:
        """Go on to the next entry."""
        self._entries.popleft()

    async def close(self) -> None:
        """Drop the pages that are still to come."""
        if self._first is not None:
            self._first.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await self._first
        if self._pages is not None:
            await self._pages.aclose()
            self._pages = None


class _Directory:
    """A directory on both sides, and its subdirectories that were begun before their turn."""

    def __init__(self, place: str, source: _Listing, target: _Listing, *, may_be_empty: bool) -> None:
        self.place = place
        self.source = source
        self.target = target
        #: Whether nothing of the source was seen in it.
        self.is_empty = may_be_empty
        #: Its entries in the listings of both sides, where it was entered from the directory above.
        self.entries: tuple[StoreEntry | None, StoreEntry | None] = (None, None)
        self.expected: deque[str] = deque()
        self.begun: dict[str, _Directory] = {}

    async def close(self) -> None:
        """Close both sides, and what was begun."""
        for one in [*self.begun.values()]:
            await one.close()
        await self.source.close()
        await self.target.close()


class _Merge:
    def __init__(
        self,
        source: End,
        target: End | None,
        stops: Collection[str],
        chosen: Chosen,
        *,
        directories: bool,
        matches: Chosen,
        whole: Callable[[str], bool],
        fail: Fail | None,
    ) -> None:
        self._directories = directories
        self._matches = matches
        self._whole = whole
        self._fail = fail
        self._source = source
        self._target = target
        self._stops = stops
        self._chosen = chosen
        self._stack: list[_Directory] = []

    def _open(
        self, place: str, after: str = "", *, target: bool = True, may_be_empty: bool = True
    ) -> _Directory:
        return _Directory(
            place,
            self._listing(self._source, place, after),
            self._listing(self._target if target else None, place, after),
            may_be_empty=may_be_empty,
        )

    def _listing(self, end: End | None, place: str, after: str) -> _Listing:
        below = end and end._replace(path=end.store.join(end.path, place))
        return _Listing(below, after, self._fail)

    def start(self, root: str, after: str) -> None:
        """Open the root, and the directories down to the place that the merge goes on after."""
        segments = after[len(root) :].strip("/").split("/") if after else [""]
        place = root
        for segment in segments[:-1]:
            self._stack.append(self._open(place, segment, may_be_empty=False))
            place = _below(place, segment)
        self._stack.append(self._open(place, segments[-1], may_be_empty=not after))

    async def pairs(self) -> AsyncGenerator[Pair, None]:
        """Yield the pairs."""
        try:
            while self._stack:
                here = self._stack[-1]
                source = await here.source.current(lambda page, here=here: self._expect(here, page))  # type: ignore[misc] # mypy does not infer the bound argument
                target = await here.target.current()
                if source is None and target is None:
                    self._stack.pop()
                    await here.close()
                    if here.is_empty and here.source.exists and not here.target.exists:
                        yield Pair(Kind.EMPTY, here.place, None, None)
                    if self._directories and here.source.exists and here.target.exists:
                        yield Pair(Kind.DIRECTORY, here.place, *here.entries)
                    continue
                pair = self._step(here, source, target)
                if pair is not None:
                    yield pair
        finally:
            for one in self._stack:
                await one.close()

    def _step(self, here: _Directory, source: StoreEntry | None, target: StoreEntry | None) -> Pair | None:
        """Take the next entry of one side or of both; return what it is, unless it is entered or left out."""
        if target is not None and here.target.is_prefix():
            # Paired with the object, the directory would be one that only the target has, and be deleted.
            self._refuse_prefix(self._target, _below(here.place, target.name), "target")
            here.target.advance()
            here.target.advance()
            return None
        if source is not None and (target is None or source.name <= target.name):
            # An object may have the name of a prefix.
            is_prefix = here.source.is_prefix()
            here.source.advance()
            same = target is not None and target.name == source.name and not is_prefix
            if same:
                here.target.advance()
            place = _below(here.place, source.name)
            if not self._chosen(place, source.is_directory):
                return None
            if is_prefix:
                self._refuse_prefix(self._source, place, "source")
                return None
            if not self._matches(place, source.is_directory):
                return self._extra(place, target) if same and target is not None else None
            here.is_empty = False
            if same and target is not None and target.is_link:
                assert self._target is not None
                path = self._target.store.shown(self._target.store.join(self._target.path, place))
                raise ValueError(
                    f"{path} is a link to a directory or to nothing, and the source has something else there:"
                    " remove it, or sync without delete; nothing was copied"
                )
            return self._take(here, place, source, target if same else None)
        assert target is not None
        here.target.advance()
        return self._extra(_below(here.place, target.name), target)

    def _take(
        self, here: _Directory, place: str, source: StoreEntry, target: StoreEntry | None
    ) -> Pair | None:
        """Return the pair of an entry of the source, or enter it.

        :param target: of the same name.
        """
        if not source.is_directory:
            return Pair(Kind.FILE, place, source, target if target and not target.is_directory else None)
        if place in self._stops:
            return None
        if self._whole(place):
            return Pair(Kind.WHOLE, place, source, target)
        below = here.begun.pop(source.name, None) or self._open(place, target=target is not None)
        below.entries = source, target
        self._stack.append(below)
        self._begin(here)
        return None

    def _extra(self, place: str, target: StoreEntry) -> Pair | None:
        if place in self._stops or not self._chosen(place, target.is_directory):
            return None
        kind = Kind.EXTRA_DIRECTORY if target.is_directory else Kind.EXTRA_FILE
        return Pair(kind, place, None, target)

    def _refuse_prefix(self, end: End | None, place: str, side: str) -> None:
        assert end is not None
        store, path = end.store, end.store.join(end.path, place)
        error = ValueError(
            f"{store.shown(path)} would be a file, and a directory with files too: the {side} has an object"
            " whose name is a prefix of others"
        )
        if self._fail is None:
            raise error
        self._fail(store, path, error)

    def _expect(self, here: _Directory, page: list[StoreEntry]) -> None:
        here.expected.extend(entry.name for entry in page if entry.is_directory)
        self._begin(here)

    def _begin(self, here: _Directory) -> None:
        """Request the first pages of subdirectories whose turn comes soon."""
        while here.expected and len(here.begun) < AHEAD:
            name = here.expected.popleft()
            place = _below(here.place, name)
            if place in self._stops or self._whole(place):
                continue
            if not (self._chosen(place, True) and self._matches(place, True)):  # noqa: FBT003 - whether it is a directory
                continue
            here.begun[name] = below = self._open(place, target=self._target is not None)
            below.source.begin()
            below.target.begin()


def _below(place: str, name: str) -> str:
    return f"{place}/{name}" if place else name


async def merge(
    source: End,
    target: End | None,
    *,
    root: str = "",
    after: str = "",
    stops: Collection[str] = (),
    chosen: Chosen = everything,
    directories: bool = False,
    matches: Chosen = everything,
    whole: Callable[[str], bool] = lambda _place: False,
    fail: Fail | None = None,
) -> AsyncGenerator[Pair, None]:
    """Yield what two trees hold, in the order of the places' segments; memory does not grow with the trees.

    :param target: None for an empty tree.
    :param root: place of the directory to begin at; a missing one is empty.
    :param after: place, below the root, of the last pair of an earlier merge that this one goes on after.
    :param stops: places of directories that are left out on both sides.
    :param chosen: whether a place is part of the trees.
    :param directories: whether directories that both trees have are yielded too; that at the root has no
        entries.
    :param matches: whether a place of the source is part of its tree; of a directory whether what is in it
        may be. The target may have others, which are extra then.
    :param whole: whether a directory of the source, given by its place, is yielded in place of its content.
    :param fail: takes what cannot be listed, or be a file, and why; None raises that.
    :raises ValueError: if a store lists in another order than that of names.
    """
    merging = _Merge(
        source, target, stops, chosen, directories=directories, matches=matches, whole=whole, fail=fail
    )
    merging.start(root, after)
    async with aclosing(merging.pairs()) as pairs:
        async for pair in pairs:
            yield pair
