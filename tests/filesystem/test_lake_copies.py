"""Files and trees that `cp` and `mv` copy from lake to lake."""

from __future__ import annotations

from collections import Counter

import pytest

FILES = {f"/in/d [{number % 3}]/{number}": b"x" * number for number in range(30)}


@pytest.fixture
def tree(fs):
    """Thirty files in three directories, and an empty one."""
    fs.pipe(FILES)
    fs.makedirs("/in/empty")
    return fs


def test_a_tree(tree, other_account, asked):
    """A tree is copied with two requests a file: reading and writing it; also to another account."""
    tree.exists("/")
    before = Counter(asked())
    tree.copy("/in", "/out", recursive=True)
    sent = Counter(asked()) - before
    assert (sent["OPEN"], sent["CREATE"]) == (29 + 1, 30)
    assert sent["GETFILESTATUS"] < 5
    assert sent.total() < 60 + 15
    tree.cp("/in", f"{other_account}/out", recursive=True)
    for root in ("/out", f"{other_account}/out"):
        found = {name.removeprefix(root): len(tree.cat_file(name)) for name in tree.find(root)}
        assert found == {name.removeprefix("/in"): len(content) for name, content in FILES.items()}
        assert tree.isdir(f"{root}/empty")
    # What exists is copied into, and a slash at the end takes what is in a directory.
    tree.copy("/in", "/out", recursive=True)
    assert tree.exists("/out/in/d [0]/0")


def test_globs_lists_and_depth(tree):
    """Globs keep the shape below the destination, lists have one for each, and `maxdepth` ends a tree."""
    tree.copy("/in/d*/1?", "/glob/")
    assert len(tree.find("/glob")) == 10
    tree.copy(["/in/d [0]/0", "/in/d [1]/1"], ["/list/a", "/list/b"])
    assert tree.cat_file("/list/b") == b"x"
    tree.pipe({"/in/top": b"top", "/in/more": b"more"})
    tree.copy("/in", "/depth", recursive=True, maxdepth=1)
    assert tree.find("/depth") == ["/depth/more", "/depth/top"]
    tree.copy("/in/*", "/flat/")
    assert tree.find("/flat") == ["/flat/more", "/flat/top"]


def test_what_is_missing(tree, fault):
    """A missing file is an error, or is passed over where that is asked for, at any moment."""
    with pytest.raises(FileNotFoundError):
        tree.copy(["/in/none", "/in/d [0]/0"], ["/out/none", "/out/0"])
    tree.copy(["/in/none", "/in/d [0]/0"], ["/out/none", "/out/0"], on_error="ignore")
    assert tree.find("/out") == ["/out/0"]
    with fault(operation="OPEN", nth=3, status=404):
        tree.copy("/in", "/most", recursive=True)
    assert len(tree.find("/most")) == 29
    with fault(operation="OPEN", nth=3, status=404), pytest.raises(FileNotFoundError):
        tree.copy("/in", "/all", recursive=True, on_error="raise")


def test_into_itself(tree):
    """A tree is not copied into itself, which would grow with each try."""
    with pytest.raises(ValueError, match="/in is to be copied into itself, to /in/below"):
        tree.copy("/in", "/in/below", recursive=True)


@pytest.mark.parametrize("move", [False, True])
def test_attributes_are_kept(tree, other_account, move):
    """With `keep`, copies have the permissions of their sources, in a tree, by a glob and of one file."""
    name, one = "d [1]/1", "d [2]/2"
    tree.set_permission(f"/in/{name}", "640")
    tree.set_permission(f"/in/{one}", "604")
    root = f"{other_account}/in"
    if move:
        tree.mv("/in", root, keep="permission")
        assert not tree.exists("/in")
    else:
        tree.copy("/in", root, recursive=True, keep=["permission"])
        tree.cp_file(f"/in/{one}", "/one", keep="permission")
        tree.copy("/in/*/1", "/glob/", keep=["permission"])
        assert tree.info("/one")["permission"] == "604"
        assert tree.info("/glob/1")["permission"] == "640"
        with pytest.raises(ValueError, match="'colour' cannot be kept"):
            tree.copy("/in", "/out", recursive=True, keep="colour")
    assert tree.info(f"{root}/{name}")["permission"] == "640"
    assert tree.info(f"{root}/{one}")["permission"] == "604"


def test_several_moves(tree, other_account):
    """What a glob matches is moved at once; moves that follow from each other are made in their order."""
    tree.mv("/in/d*/2?", f"{other_account}/moved/")
    assert len(tree.find(f"{other_account}/moved")) == 10
    tree.pipe({"/a": b"a", "/b": b"b"})
    tree.mv(["/b", "/a"], ["/c", "/b"])
    assert (tree.cat_file("/b"), tree.cat_file("/c")) == (b"a", b"b")
