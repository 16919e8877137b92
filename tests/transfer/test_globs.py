"""Which places belong to a glob, and which of some paths exist."""

from __future__ import annotations

import pytest

from airflow_provider_adls.transfer import globs
from airflow_provider_adls.transfer.globs import GlobMatcher, find_existing
from tests.transfer.trees import ListedTree


@pytest.mark.parametrize(
    ("glob", "place", "belongs", "outermost"),
    [
        ("/in/*", "a", True, "a"),
        ("/in/*", "a/b/c", True, "a"),
        ("/in/*/x", "a", True, None),
        ("/in/*/x", "a/y", False, None),
        ("/in/*/x", "a/x/b", True, "a/x"),
        ("/in/**", "a/b", True, ""),
        ("/in/**/x*", "a/b/x1/c", True, "a/b/x1"),
        ("/in/**/x*", "a/b", True, None),
        ("in/[ab]/?", "b/1", True, "b/1"),
        ("in/[ab]/?", "c/1", False, None),
    ],
)
def test_directories(glob, place, belongs, outermost, mocker):
    """A directory belongs if it matches, is in one that does, or may hold what does."""
    for remembered in (4096, 0):
        mocker.patch.object(globs, "_REMEMBERED", remembered)
        matcher = GlobMatcher(glob)
        for _ in range(2):
            assert matcher(place, True) is belongs
            assert matcher.outermost(place) == outermost
            assert matcher.is_whole(place) is (outermost is not None)


@pytest.mark.parametrize(
    ("glob", "hides", "belongs"),
    [("/in/*", True, False), ("/in/*", False, True), ("/in/.*", True, True), ("/in/**", True, True)],
)
def test_names_with_a_dot(glob, hides, belongs):
    """On this machine a wildcard passes over a name with a dot, but not over what is in a match."""
    assert GlobMatcher(glob, hides_dots=hides)(".hidden", False) is belongs


class Store(ListedTree):
    """The same, which is looked at path by path too."""

    looked = 0

    async def pages(self, path, after=""):
        async for page in super().pages(path.strip("/"), after):
            self.pages_read += 1
            yield page

    async def look(self, path):
        self.looked += 1
        directory, _, name = path.strip("/").rpartition("/")
        entry = self.directories.get(directory, {}).get(name)
        if entry and entry.is_directory:
            raise IsADirectoryError(path)
        return entry


@pytest.mark.parametrize(("names", "pages", "looked"), [(9, 3, 0), (2, 1, 0), (1, 0, 1)])
async def test_what_exists(names, pages, looked):
    """Names of one directory are found by pages of a listing, and a single one by looking at it."""
    store = Store({f"d/{number}": 1 for number in range(9)} | {"d/sub/x": 1})
    store.pages_read = 0
    wanted = [f"/d/{number}" for number in range(names)] + ["/none/1", "/none/2"]
    assert await find_existing(store, wanted) == {f"/d/{number}" for number in range(names)}
    assert (store.pages_read, store.looked) == (pages, looked)
    assert await find_existing(store, ["/d/sub"]) == {"/d/sub"}


async def test_names_far_from_each_other():
    """No more pages are read than there are names; what is behind them is looked at."""
    store = Store({f"d/{number:03}": 1 for number in range(300)})
    store.pages_read = 0
    assert await find_existing(store, ["/d/000", "/d/299", "/d/x"]) == {"/d/000", "/d/299"}
    assert (store.pages_read, store.looked) == (3, 2)
