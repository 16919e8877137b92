"""`trash`."""

from __future__ import annotations


def test_trash(lake, run, done):
    """What was deleted is listed, and comes back to its place or another."""
    lake.pipe_file("/raw/day.csv", b"1")
    done("rm", "/raw/day.csv")
    record = done("trash", "list", "--json", "/raw").records[0]
    assert (record["path"], record["type"]) == ("/raw/day.csv", "file")
    head, line = done("trash", "list").lines
    assert head.split() == ["DELETED", "TYPE", "TOKEN", "PATH"]
    assert line.split() == [record["deleted"], "file", record["token"], "/raw/day.csv"]
    ended = done("trash", "restore", "--dry-run", "/raw/day.csv")
    assert ended.out == f"would restore /raw/day.csv, deleted {record['deleted']}\n"
    assert not lake.exists("/raw/day.csv")
    done("trash", "restore", "--token", record["token"], "--to", "/raw/back.csv", "/raw/day.csv")
    assert lake.cat_file("/raw/back.csv") == b"1"
    assert done("trash", "list").out == ""


def test_restoring_where_something_is(lake, run, done):
    """An existing path stays unless it may be replaced; a path that was not deleted is reported."""
    lake.pipe_file("/raw/day.csv", b"old")
    done("rm", "/raw/day.csv")
    lake.pipe_file("/raw/day.csv", b"new")
    assert run("trash", "restore", "/raw/day.csv").status == 4
    done("trash", "restore", "--if-exists", "overwrite", "/raw/day.csv")
    assert lake.cat_file("/raw/day.csv") == b"old"
    assert done("trash", "restore", "/raw/day.csv").out == (
        "no deleted item of this path is known; /raw/day.csv exists\n"
    )
    assert run("trash", "restore", "/nope").status == 3
