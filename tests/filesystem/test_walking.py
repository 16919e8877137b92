"""Trees, walked as fsspec does."""

from __future__ import annotations

import pytest

from tests.services import GEN2

TREE = {"/t/a/1": b"1", "/t/a/b [x]/2": b"2", "/t/c/3": b"3", "/t/4": b"4"}
DOWN = [
    ("/t", ["a", "c"], ["4"]),
    ("/t/a", ["b [x]"], ["1"]),
    ("/t/a/b [x]", [], ["2"]),
    ("/t/c", ["empty"], ["3"]),
    ("/t/c/empty", [], []),
]


@pytest.fixture
def tree(fs):
    """A file system with a tree."""
    fs.pipe(TREE)
    fs.makedirs("/t/c/empty")
    return fs


def in_order(levels):
    return [(path, sorted(directories), sorted(files)) for path, directories, files in levels]


def test_walk(tree, account):
    """Each directory comes with what is in it, from above or from below, in the form that was asked."""
    assert in_order(tree.walk("/t")) == DOWN
    assert sorted(in_order(tree.walk("/t", topdown=False))) == sorted(DOWN)
    paths = [path for path, _, _ in tree.walk("/t", topdown=False)]
    assert paths[-1] == "/t"
    assert paths.index("/t/a/b [x]") < paths.index("/t/a")
    assert [path for path, _, _ in tree.walk(f"{account}/t")] == [f"{account}{path}" for path, _, _ in DOWN]
    assert [path for path, _, _ in tree.walk("/")] == ["/", *(path for path, _, _ in DOWN)]
    assert in_order(tree.walk("/t", maxdepth=1)) == DOWN[:1]


def test_walk_with_details(tree):
    """Directories and files are those of `info`."""
    for path, directories, files in tree.walk("/t", detail=True):
        for name, entry in {**directories, **files}.items():
            assert entry == tree.info(f"{path}/{name}")


def test_what_is_taken_out_is_not_entered(tree):
    """A directory whose name is taken out of the list is left out, as with `os.walk`."""
    seen = []
    for path, directories, _ in tree.walk("/t"):
        seen.append(path)
        if "a" in directories:
            directories.remove("a")
    assert seen == ["/t", "/t/c", "/t/c/empty"]


def test_walk_of_a_file_or_of_nothing(tree):
    """A missing directory gives nothing, or an error; a file is its own only entry."""
    assert list(tree.walk("/missing")) == []
    with pytest.raises(FileNotFoundError):
        list(tree.walk("/missing", on_error="raise"))
    assert list(tree.walk("/t/4")) == [("/t/4", [], [""])]
    assert list(tree.walk("/t/c/empty")) == [("/t/c/empty", [], [])]


async def test_walk_in_a_loop(afs):
    """The same, on an event loop."""
    await afs._pipe(TREE)
    assert [path async for path, _, _ in afs._walk("/t")] == ["/t", "/t/a", "/t/a/b [x]", "/t/c"]


def test_one_listing(tree, asked, service):
    """Gen2 lists the tree at once, Gen1 each of its directories."""
    before = asked().count("LISTSTATUS")
    list(tree.walk("/t"))
    assert asked().count("LISTSTATUS") - before == (1 if service == GEN2 else len(DOWN))
