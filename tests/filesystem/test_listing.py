"""Listings, and the status of a path."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from airflow_provider_adls.client.webhdfs import WebHdfsClient
from airflow_provider_adls.model.errors import AccessDeniedError, ServiceError


@pytest.fixture
def tree(fs):
    """A small tree with an empty directory, and names that need quoting."""
    for name, content in {"/t/a": b"1", "/t/b c/d%": b"22", "/t/b c/é/#": b"333"}.items():
        fs.pipe(name, content)
    fs.mkdir("/t/empty")
    return fs


def test_ls(tree):
    """A directory lists its entries in order, a file itself, an empty directory nothing."""
    assert tree.ls("/t", detail=False) == ["/t/a", "/t/b c", "/t/empty"]
    assert [(one["name"], one["type"], one["size"]) for one in tree.ls("/t/a")] == [("/t/a", "file", 1)]
    assert tree.ls("/t/empty") == []
    with pytest.raises(FileNotFoundError, match="/nothing"):
        tree.ls("/nothing")


def test_info_agrees_with_ls(tree):
    """A listing has the same details of a file as the file's own status."""
    assert tree.ls("/t") == [tree.info(name) for name in tree.ls("/t", detail=False)]


def test_find(tree):
    """All files below a path, or the file itself, or nothing."""
    assert tree.find("/t") == ["/t/a", "/t/b c/d%", "/t/b c/é/#"]
    assert tree.find("/t/a") == ["/t/a"]
    assert tree.find("/t/empty") == []
    assert tree.find("/nothing") == []
    assert tree.find("/nothing", detail=True) == {}
    assert tree.find("/t", maxdepth=1) == ["/t/a"]
    assert tree.find("/t", maxdepth=2) == ["/t/a", "/t/b c/d%"]
    with pytest.raises(ValueError, match="at least 1"):
        tree.find("/t", maxdepth=0)


def test_find_with_directories(tree):
    """Directories are found where they are asked for, the path itself among them."""
    assert tree.find("/t", withdirs=True) == [
        "/t",
        "/t/a",
        "/t/b c",
        "/t/b c/d%",
        "/t/b c/é",
        "/t/b c/é/#",
        "/t/empty",
    ]
    found = tree.find("/t/a", withdirs=True, detail=True)
    assert {name: one["type"] for name, one in found.items()} == {"/t/a": "file"}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("/t/*", ["/t/a", "/t/b c", "/t/empty"]),
        ("/t/b*/d%", ["/t/b c/d%"]),
        ("/t/**/#", ["/t/b c/é/#"]),
        ("/t/[ab]", ["/t/a"]),
        ("/t/?", ["/t/a"]),
        ("/*", ["/t"]),
        ("/t/a", ["/t/a"]),
        ("/nothing/*", []),
    ],
)
def test_glob(tree, pattern, expected):
    """Patterns find what they match."""
    assert tree.glob(pattern) == expected


def test_walk(tree):
    """A walk goes from the top, or from the bottom."""
    expected = [
        ("/t", ["b c", "empty"], ["a"]),
        ("/t/b c", ["é"], ["d%"]),
        ("/t/b c/é", [], ["#"]),
        ("/t/empty", [], []),
    ]
    assert [(path, sorted(dirs), files) for path, dirs, files in tree.walk("/t")] == expected
    assert [path for path, _, _ in tree.walk("/t", topdown=False)][-1] == "/t"
    assert [path for path, _, _ in tree.walk("/t", maxdepth=1)] == ["/t"]


def test_du(tree):
    """Sizes are summed, or listed file by file."""
    assert tree.du("/t") == 6
    assert tree.du("/t", total=False) == {"/t/a": 1, "/t/b c/d%": 2, "/t/b c/é/#": 3}
    assert tree.du("/t", maxdepth=1) == 1


def test_types(tree):
    """Files, directories and missing paths are distinguished."""
    names = ["/t", "/t/a", "/nothing", "/"]
    assert [tree.isdir(name) for name in names] == [True, False, False, True]
    assert [tree.isfile(name) for name in names] == [False, True, False, False]
    assert [tree.exists(name) for name in names] == [True, True, False, True]


def test_times_and_checksums(fs):
    """Times are in UTC, and a file that changes changes its checksum and key."""
    fs.pipe("/f", b"1")
    assert timedelta(0) <= fs.modified("/f") - fs.created("/f")
    assert abs(datetime.now(UTC) - fs.modified("/f")) < timedelta(minutes=5)
    before = fs.checksum("/f"), fs.ukey("/f")
    assert before == (fs.checksum("/f"), fs.ukey("/f"))
    fs.pipe("/f", b"12")
    assert fs.checksum("/f") != before[0]
    assert fs.ukey("/f") != before[1]


def test_more_than_a_page(fs, monkeypatch):
    """A directory of several pages is listed whole."""
    monkeypatch.setitem(WebHdfsClient.pages.__kwdefaults__, "limit", 3)
    fs.pipe({f"/d/{number}": b"" for number in range(7)})
    assert fs.ls("/d", detail=False) == [f"/d/{number}" for number in range(7)]


async def test_failures_are_no_absence(afs, fault):
    """Where the service refuses or fails, nothing is taken for missing, and no tree for complete."""
    await afs._pipe_file("/d/e/f", b"1")
    fault(operation="GETFILESTATUS", status=403, times=3)
    for ask in (afs._exists, afs._isdir, afs._isfile):
        with pytest.raises(AccessDeniedError):
            await ask("/d/e/f")
    with fault(operation="LISTSTATUS", status=403), pytest.raises(AccessDeniedError):
        await afs._find("/d")
    fault(operation="LISTSTATUS", status=500, times=3)
    with pytest.raises(ServiceError):
        await afs._find("/d/e")


async def test_directories_that_vanish(afs, fault):
    """A directory that is removed after its parent was listed is left out."""
    await afs._pipe_file("/d/e/f", b"1")
    await afs._pipe_file("/d/g", b"1")
    fault(operation="LISTSTATUS", path="/d/e", status=404)
    assert await afs._find("/d") == ["/d/g"]


def test_walk_to_a_depth(tree):
    """A walk that is bounded goes as deep as it may."""
    assert [place for place, _, _ in tree.walk("/t", maxdepth=1)] == ["/t"]
    assert [place for place, _, _ in tree.walk("/t", maxdepth=2)] == ["/t", "/t/b c", "/t/empty"]


def test_expand_path(tree):
    """Names and patterns become paths, with what is below them where that is asked, to a depth."""
    assert tree.expand_path("/t/*") == ["/t/a", "/t/b c", "/t/empty"]
    assert tree.expand_path(["/t/a", "/t/empty"]) == ["/t/a", "/t/empty"]
    below = ["/t/b c", "/t/b c/d%", "/t/b c/é"]
    assert tree.expand_path("/t/b c", recursive=True, maxdepth=1) == below
    assert tree.expand_path("/t/b c", recursive=True) == [*below, "/t/b c/é/#"]
    with pytest.raises(FileNotFoundError):
        tree.expand_path("/t/nothing*")
