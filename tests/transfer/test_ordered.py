"""Two trees merged page by page."""

from __future__ import annotations

import random
import tracemalloc

import pytest

from airflow_provider_adls.transfer.ordered import Kind, merge
from airflow_provider_adls.transfer.stores import StoreEntry
from tests.transfer.trees import ListedTree, SyntheticTree, end

SOURCE = {
    "a": 1,
    "b/1": 1,
    "b/2": 1,
    "b.txt": 1,
    "c/d/e/1": 1,
    "both/1": 1,
    "empty/": 0,
    "z [1] %#é🦆": 1,
}
TARGET = {"b/1": 1, "b/x": 1, "both/": 0, "only/1": 1, "only/2/3": 1, "zz": 1}


async def found(source, target, **where):
    return [
        (pair.kind, pair.place)
        async for pair in merge(
            end(ListedTree(source)), None if target is None else end(ListedTree(target)), **where
        )
    ]


async def test_each_entry_comes_once_in_order():
    """A merge names files of the source, what only the target has, and empty directories, in one order."""
    assert await found(SOURCE, TARGET) == [
        (Kind.FILE, "a"),
        (Kind.FILE, "b/1"),
        (Kind.FILE, "b/2"),
        (Kind.EXTRA_FILE, "b/x"),
        (Kind.FILE, "b.txt"),
        (Kind.FILE, "both/1"),
        (Kind.FILE, "c/d/e/1"),
        (Kind.EMPTY, "empty"),
        (Kind.EXTRA_DIRECTORY, "only"),
        (Kind.FILE, "z [1] %#é🦆"),
        (Kind.EXTRA_FILE, "zz"),
    ]


async def test_an_empty_source_is_an_empty_directory():
    """A tree without anything gives its root, unless the target has it."""
    assert await found({}, None) == [(Kind.EMPTY, "")]
    assert await found({}, {}) == []


@pytest.mark.parametrize("seed", range(5))
async def test_a_merge_goes_on_after_any_place(seed):
    """After each place of a merge, a new one gives just the rest, with random trees and pages of 3."""
    choose = random.Random(seed)
    names = ["a", "a.b", "a b", "b", "ü", "c"]

    def tree():
        places = {"/".join(choose.choices(names, k=choose.randint(1, 4))) for _ in range(60)}
        # A place that is a file is not a directory too.
        return {one: 1 for one in places if not any(other.startswith(f"{one}/") for other in places)}

    source, target = tree(), tree()
    whole = await found(source, target)
    for number, (_, place) in enumerate(whole):
        assert await found(source, target, after=place) == whole[number + 1 :]


async def test_parts_make_the_whole():
    """A part of the tree, and the tree without it, together have what the whole has."""
    part = await found(SOURCE, TARGET, root="b")
    rest = await found(SOURCE, TARGET, stops={"b", "only"})
    missing = {place for _, place in await found(SOURCE, TARGET)} - {place for _, place in part + rest}
    assert [place for _, place in part] == ["b/1", "b/2", "b/x"]
    assert missing == {"only"}


async def test_what_is_left_out_is_not_listed():
    """A directory that is not chosen is neither listed nor named, on both sides."""
    source = ListedTree(SOURCE)
    del source.directories["c/d"]
    pairs = merge(end(source), end(ListedTree(TARGET)), chosen=lambda place, _: place not in {"c", "only"})
    places = [pair.place async for pair in pairs]
    assert "only" not in places
    assert not [place for place in places if place.startswith("c")]


async def test_another_order_is_refused():
    """A store that lists in another order than that of names is an error, which names both names."""
    tree = ListedTree({"a": 1, "b": 1})
    tree.directories[""] = {"a": StoreEntry("b", False), "b": StoreEntry("a", False)}
    with pytest.raises(ValueError, match="'a' after 'b'"):
        [pair async for pair in merge(end(tree), None)]


async def test_memory_does_not_grow_with_the_trees():
    """A merge of 10 times as many files takes as much memory at its peak, within a tenth."""
    peaks = {}
    for files in (3_000, 30_000):
        tracemalloc.start()
        number = 0
        async for _ in merge(end(SyntheticTree(files, page=300)), end(SyntheticTree(files, 11, page=300))):
            number += 1
        assert number == files
        peaks[files] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peaks[30_000] < 1.1 * peaks[3_000]
