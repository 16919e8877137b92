"""`mkdir`, `rm` and `mv`."""

from __future__ import annotations

import pytest


@pytest.fixture
def tree(lake):
    """A tree of three files."""
    for path in ("/raw/a.csv", "/raw/b.csv", "/raw/deep/c.csv"):
        lake.pipe_file(path, path.encode())


def test_mkdir(lake, run, done):
    """Without -p the parent must be there, and the directory not."""
    done("mkdir", "/raw")
    assert run("mkdir", "/raw").status == 4
    assert run("mkdir", "/no/such").status == 3
    assert not lake.exists("/no")
    done("mkdir", "-p", "-m", 750, "/raw/2026/01", "/raw/[1]")
    assert lake.info("/raw/2026/01")["permission"] == "750"
    assert lake.isdir("/raw/[1]")
    done("mkdir", "-p", "/raw")


def test_rm(tree, lake, done):
    """Files and what globs match are deleted, directories by -r alone."""
    assert done("rm", "/raw/*.csv").out == "2 paths deleted\n"
    assert lake.find("/") == ["/raw/deep/c.csv"]
    assert done("rm", "-r", "--json", "/raw").records == [{"deleted": 1, "paths": ["/raw"]}]
    assert lake.ls("/") == []


def test_rm_of_what_stays(tree, lake, run):
    """A directory without -r, and a missing path, leave all as it is."""
    before = lake.find("/")
    assert run("rm", "/raw/a.csv", "/nope").status == 3
    assert run("rm", "/raw").status == 1
    assert run("rm", "-r", "/").status == 2
    assert lake.find("/") == before
    assert run("rm", "-f", "/nope", "/no*").status == 0


def test_rm_of_one_that_looks_like_a_glob(lake, done):
    """A path that exists is itself, and none that its glob would match is deleted."""
    lake.pipe_file("/raw/data[1].csv", b"1")
    lake.pipe_file("/raw/data1.csv", b"1")
    done("rm", "/raw/data[1].csv")
    assert lake.find("/") == ["/raw/data1.csv"]


def test_names_that_look_like_options(lake, done, run):
    """What follows -- is a path."""
    assert run("rm", "-r/raw").status == 2
    lake.pipe_file("/-r", b"1")
    done("rm", "--", "/-r")
    assert lake.ls("/") == []


def test_rm_that_is_tried(tree, lake, done):
    """A dry run names what would go, and deletes nothing."""
    ended = done("rm", "-r", "--dry-run", "/raw/deep", "/raw/a.csv")
    assert ended.lines == ["would delete 2 paths", "  /raw/a.csv", "  /raw/deep"]
    assert done("rm", "-r", "-n", "--json", "/raw").records == [
        {"preview": True, "deleted": 1, "paths": ["/raw"]}
    ]
    assert len(lake.find("/")) == 3


def test_mv(tree, lake, done):
    """A path gets a name, or goes into a directory that is there or has a slash at its end."""
    assert done("mv", "/raw/a.csv", "/raw/first.csv").out == "1 path moved to /raw/first.csv\n"
    done("mv", "/raw/first.csv", "/raw/deep")
    done("mv", "/raw/b.csv", "/new/")
    assert lake.find("/") == ["/new/b.csv", "/raw/deep/c.csv", "/raw/deep/first.csv"]
    done("mv", "/raw/deep/*.csv", "/new/b.csv", "/all")
    assert lake.find("/") == ["/all/b.csv", "/all/c.csv", "/all/first.csv"]


def test_mv_onto_a_file(tree, lake, run, done):
    """A file replaces a file, unless that is to fail."""
    assert run("mv", "--if-exists", "fail", "/raw/a.csv", "/raw/b.csv").status == 4
    assert lake.cat_file("/raw/b.csv") == b"/raw/b.csv"
    done("mv", "/raw/a.csv", "/raw/b.csv")
    assert lake.cat_file("/raw/b.csv") == b"/raw/a.csv"


def test_mv_that_is_tried(tree, lake, done):
    """A dry run names both ends."""
    ended = done("mv", "--dry-run", "/raw/*.csv", "/new")
    assert ended.lines == [
        "would move 2 paths",
        "  /raw/a.csv -> /new/a.csv",
        "  /raw/b.csv -> /new/b.csv",
    ]
    assert not lake.exists("/new")


def test_mv_of_nothing(run):
    """What is not there is status 3."""
    assert run("mv", "/nope", "/new").status == 3
    assert run("mv", "/no*", "/new").status == 3
