"""`GlobMatcher`: the places that belong to a glob; `read_tree`: what a store lists of them."""

from __future__ import annotations

from collections import defaultdict
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.lake.blocks import PARALLEL, at_once
from airflow_provider_adls.lake.glob import Pattern, glob_root
from airflow_provider_adls.lake.trees import File
from airflow_provider_adls.transfer.ordered import Kind, merge
from airflow_provider_adls.transfer.stores import Batch, End

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    from airflow_provider_adls.lake.trees import Scan
    from airflow_provider_adls.transfer.ordered import Fail
    from airflow_provider_adls.transfer.stores import Store, StoreEntry

#: Directories whose states are remembered.
_REMEMBERED = 4096
#: Files of a batch.
_BATCH = 500


class GlobMatcher:
    """A glob, matched place by place. A directory that it matches belongs to it with all that it holds.

    :param glob: with a slash at its end it matches directories alone.
    :param hides_dots: whether wildcards pass over names that begin with a dot, as on this machine.
    :raises ValueError: for ``..`` after a wildcard.
    """

    def __init__(self, glob: str, *, hides_dots: bool = False) -> None:
        names = [name for name in glob.split("/") if name]
        if ".." in names[len([name for name in glob_root(glob).split("/") if name]) :]:
            raise ValueError(f"{glob} has .. after a wildcard: write it without")
        self._pattern = Pattern.of("/" + "/".join(names), hides_dots=hides_dots)
        self._takes_files = not glob.endswith("/")
        #: Of directories, the states of the pattern and the uppermost directory that the glob matches.
        self._known: dict[str, tuple[Any, str | None]] = {}

    def _of(self, directory: str) -> tuple[Any, str | None]:
        known = self._known.get(directory)
        if known is None:
            states, outermost = self._pattern.start, None
            if directory:
                above, _, name = directory.rpartition("/")
                states, outermost = self._of(above)
                states = self._pattern.after(states, name)
            if outermost is None and states and self._pattern.matches(states, directory=True):
                outermost = directory
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            known = self._known[directory] = states, outermost
        return known

    def outermost(self, directory: str) -> str | None:
        """Return the uppermost of a directory and those above it that the glob matches."""
        return self._of(directory)[1]

    def is_whole(self, directory: str) -> bool:
        """Return whether the glob matches a directory, or one above it."""
        return self._of(directory)[1] is not None

    def __call__(self, place: str, directory: bool) -> bool:  # noqa: FBT001 - as of a scan
        """Return whether a file belongs to the glob, or a directory that may hold such."""
        above, _, name = place.rpartition("/")
        states, outermost = self._of(above)
        if outermost is not None:
            return True
        states = self._pattern.after(states, name)
        if not directory:
            return self._takes_files and self._pattern.matches(states, directory=False)
        return self._pattern.matches(states, directory=True) or self._pattern.goes_on(states)


async def read_tree(
    store: Store, root: str, scan: Scan, matcher: GlobMatcher | None = None
) -> AsyncGenerator[Batch, None]:
    """Yield what a directory holds, or what of it a glob stands for, in the order of names, by listings.

    :param root: the directory, or that before the glob's first wildcard.
    """
    files: list[File] = []
    empty: list[str] = []
    failed = scan.fail
    fail: Fail | None = failed and (lambda _, path, error: failed(path, error))
    if matcher is None:
        pairs = merge(End(store, root), None, chosen=scan.wanted, fail=fail)
    else:
        if matcher.is_whole(""):
            async with aclosing(store.batches(root, scan)) as batches:
                async for batch in batches:
                    yield batch
            return
        pairs = merge(
            End(store, root),
            None,
            chosen=scan.wanted,
            matches=matcher,
            whole=matcher.is_whole,
            fail=fail,
        )
    async with aclosing(pairs):
        async for kind, place, found, _ in pairs:
            path = store.join(root, place)
            if kind is Kind.WHOLE:
                async with aclosing(store.batches(path, scan.below(place))) as batches:
                    async for batch in batches:
                        yield batch.below(place)
            elif kind is Kind.FILE and found is not None:
                if scan.chooses(store.shown(path), found.modified):
                    files.append(File(place, path, found.size, found.modified))
            elif kind is Kind.EMPTY and matcher is None:
                empty.append(place)
            if len(files) + len(empty) >= _BATCH:
                yield Batch(files, empty)
                files, empty = [], []
    yield Batch(files, empty)


async def find_entries(store: Store, directory: str, names: list[str]) -> dict[str, StoreEntry | None]:
    """Return entries of one directory, by their names; those that are missing are left out.

    :returns: None for a name that more pages would have to be read for than there are names.
    """
    wanted, names = set(names), sorted(names)
    found: dict[str, StoreEntry | None] = {}
    left = len(names)
    try:
        # A page begins after a name: the first one's beginning is one that comes before it.
        async with aclosing(store.pages(directory, names[0][:-1])) as pages:
            async for page in pages:
                found.update((entry.name, entry) for entry in page if entry.name in wanted)
                left -= 1
                if page and page[-1].name >= names[-1]:
                    break
                if page and not left:
                    found.update((name, None) for name in names if name > page[-1].name)
                    break
    except (FileNotFoundError, NotADirectoryError):
        pass
    return found


async def find_existing(store: Store, paths: Iterable[str]) -> set[str]:
    """Return those of the paths at which something exists; names of one directory are listed together."""
    by_directory: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        directory, _, name = path.rpartition("/")
        by_directory[directory or "/"].append(name)
    existing: set[str] = set()

    async def look(item: tuple[str, list[str]]) -> None:
        directory, names = item
        found: dict[str, StoreEntry | None] = {names[0]: None}
        if len(names) > 1:
            found = await find_entries(store, directory, names)
        for name, entry in found.items():
            path = f"{directory.rstrip('/')}/{name}"
            if entry is not None or await _is_there(store, path):
                existing.add(path)

    await at_once(look, by_directory.items(), PARALLEL)
    return existing


async def _is_there(store: Store, path: str) -> bool:
    try:
        return await store.look(path) is not None
    except IsADirectoryError:
        return True
