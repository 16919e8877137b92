"""`put`, `get`, `cp` and `sync`."""

from __future__ import annotations

import os
import re

import pytest

from airflow_provider_adls.commands.output import Output
from airflow_provider_adls.lake.reliability import Reliability
from airflow_provider_adls.transfer import report
from airflow_provider_adls.transfer.lake import LakeStore
from airflow_provider_adls.transfer.local import LocalStore


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder that commands run in."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def tree(here):
    """A tree of this machine, with a name that looks like a glob and an empty directory."""
    (here / "out" / "deep").mkdir(parents=True)
    (here / "out" / "empty").mkdir()
    (here / "out" / "a.csv").write_bytes(b"1")
    (here / "out" / "deep" / "data[1].csv").write_bytes(b"22")
    return here / "out"


def test_put_a_file(here, lake, done):
    """A file becomes the destination, or goes into a directory that is there or has a slash at its end."""
    (here / "day.csv").write_bytes(b"123")
    assert done("put", "day.csv", "/raw/x.csv").out == "1 file, 3 B copied to /raw/x.csv\n"
    done("put", "day.csv", "/raw")
    done("put", "day.csv", "/new/")
    assert lake.find("/") == ["/new/day.csv", "/raw/day.csv", "/raw/x.csv"]


def test_put_a_tree(tree, lake, done):
    """A directory becomes the destination, or keeps its name where that has a slash at its end."""
    done("put", "out", "/raw")
    assert lake.find("/raw", withdirs=True) == [
        "/raw",
        "/raw/a.csv",
        "/raw/deep",
        "/raw/deep/data[1].csv",
        "/raw/empty",
    ]
    done("put", "out", "/all/")
    assert lake.exists("/all/out/deep/data[1].csv")
    done("put", "out/", "/inside/")
    assert lake.exists("/inside/a.csv")
    done("put", ".", "/here/")
    assert lake.exists("/here/here/out/a.csv")


def test_put_several(tree, lake, done):
    """Several sources keep their names below the destination, and each has a line."""
    (tree / "b.csv").write_bytes(b"333")
    assert done("put", "out/a.csv", "out/b.csv", "out/deep", "/raw").lines == [
        "1 file, 1 B copied to /raw/a.csv",
        "1 file, 3 B copied to /raw/b.csv",
        "1 file, 2 B copied to /raw/deep/data[1].csv",
    ]
    assert lake.find("/raw") == ["/raw/a.csv", "/raw/b.csv", "/raw/deep/data[1].csv"]


def test_put_where_something_is(here, lake, run, done):
    """A file is replaced, skipped, or in the way, as an option says."""
    (here / "day.csv").write_bytes(b"new")
    lake.pipe_file("/raw/day.csv", b"old")
    ended = run("put", "--if-exists", "fail", "day.csv", "/raw/")
    assert (ended.status, lake.cat_file("/raw/day.csv")) == (4, b"old")
    assert "/raw/day.csv" in ended.err
    ended = done("put", "--if-exists", "skip", "day.csv", "/raw/")
    assert ended.out == "0 files, 0 B copied to /raw; 1 skipped\n"
    assert lake.cat_file("/raw/day.csv") == b"old"
    done("put", "day.csv", "/raw/")
    assert lake.cat_file("/raw/day.csv") == b"new"


def test_put_that_is_tried(tree, lake, done):
    """A dry run names each copy and what would be replaced, and copies nothing."""
    lake.pipe_file("/raw/a.csv", b"old")
    ended = done("put", "--dry-run", "out", "/raw")
    assert ended.lines == [
        "would copy 2 files, 3 B to /raw; 1 overwritten",
        "  copy  /raw/a.csv",
        "  copy  /raw/deep/data[1].csv",
    ]
    assert lake.find("/") == ["/raw/a.csv"]
    record = done("put", "--dry-run", "--json", "out", "/raw").records[0]
    assert (record["preview"], record["files"], record["overwritten"]) == (True, 2, 1)


def test_put_what_is_not_there(here, lake, run):
    """A missing source is status 3, and the others are copied."""
    (here / "day.csv").write_bytes(b"1")
    ended = run("put", "nope.csv", "day.csv", "/raw")
    assert ended.status == 3
    assert "nope.csv" in ended.err
    assert lake.find("/raw") == ["/raw/day.csv"]


def test_put_from_a_pipe(process, lake):
    """The standard input becomes a file, of any length."""
    content = b"line\n" * 2_000_000
    ended = process("put", "-", "/raw/piped", input=content)
    assert (ended.returncode, ended.stdout) == (0, b"1 file, 9.5 MiB copied to /raw/piped\n")
    assert lake.cat_file("/raw/piped") == content
    assert process("put", "-", "/raw/empty", input=b"").returncode == 0
    assert lake.info("/raw/empty")["size"] == 0


def test_put_from_a_pipe_where_something_is(process, lake):
    """What a pipe may not replace stays, and a directory is none of its places."""
    lake.pipe_file("/raw/day.csv", b"old")
    assert process("put", "--if-exists", "fail", "-", "/raw/day.csv", input=b"new").returncode == 4
    assert process("put", "--if-exists", "skip", "-", "/raw/day.csv", input=b"new").returncode == 0
    assert process("put", "--dry-run", "-", "/raw/day.csv", input=b"new").returncode == 0
    assert process("put", "-", "/raw", input=b"new").returncode == 4
    assert process("put", "-", "/raw/", input=b"new").returncode == 2
    assert process("put", "-", "day.csv", "/raw/x", input=b"new").returncode == 2
    assert (lake.find("/"), lake.cat_file("/raw/day.csv")) == (["/raw/day.csv"], b"old")


def test_get(here, lake, done):
    """Files, trees and what globs match come to this machine in their shape."""
    for path in ("/raw/a/day.csv", "/raw/b/day.csv", "/raw/b/other"):
        lake.pipe_file(path, path.encode())
    done("get", "/raw/a/day.csv", ".")
    assert (here / "day.csv").read_text() == "/raw/a/day.csv"
    done("get", "/raw/*/day.csv", "days")
    assert sorted(str(path.relative_to(here)) for path in here.glob("days/*/*")) == [
        "days/a/day.csv",
        "days/b/day.csv",
    ]
    done("get", "/raw", "all/")
    assert (here / "all" / "raw" / "b" / "other").exists()


def test_get_to_a_pipe(process, lake):
    """A dash is the standard output, which gets the files and nothing else."""
    lake.pipe_file("/raw/1", b"\x00\xff")
    lake.pipe_file("/raw/2", b"\n")
    ended = process("get", "/raw/1", "/raw/2", "-")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"\x00\xff\n", b"")


def test_names_with_line_ends_survive(here, lake, done):
    """JSON holds a name with a line's end as it is, on one line; a terminal gets it escaped."""
    lake.pipe_file("/raw/day.csv", b"1")
    folder = "two\nlines"
    record = done("get", "--json", "/raw/day.csv", f"{folder}/").records[0]
    assert record["paths"] == [f"{folder}/day.csv"]
    out = Output()
    out.is_terminal = True
    assert out.name("a\x1b[31m\n") == "a\\x1b[31m\\n"


def test_cp(here, lake, account, done):
    """Copies go inside a lake, to this machine, and between URLs."""
    lake.pipe_file("/raw/day.csv", b"123")
    done("cp", "/raw/day.csv", "/curated/")
    done("cp", f"adl://{account}/raw/day.csv", "./day.csv")
    done("cp", f"file://{here}/day.csv", "/back/")
    assert lake.find("/") == ["/back/day.csv", "/curated/day.csv", "/raw/day.csv"]


def test_cp_of_other_stores(here, lake, run, done):
    """Other URLs are of the store that fsspec has for them, and one that it has not is said."""
    lake.pipe_file("/raw/a", b"1")
    lake.pipe_file("/raw/deep/b", b"2")
    done("cp", "/raw", "memory://bucket/raw")
    done("cp", "memory://bucket/raw/deep/b", "/back/")
    done("cp", "memory://bucket/*", "/glob")
    assert lake.find("/back") == ["/back/b"]
    assert lake.find("/glob") == ["/glob/raw/a", "/glob/raw/deep/b"]
    ended = run("cp", "nosuch://bucket/x", "/raw/")
    assert ended.status == 2
    assert "no file system for nosuch://" in ended.err


def test_cp_of_a_path_that_may_be_both(run):
    """A path that does not say whose it is is not guessed."""
    ended = run("cp", "day.csv", "/raw/")
    assert ended.status == 2
    assert "write ./day.csv for this machine, /day.csv for the lake" in ended.err
    assert run("put", "s3://bucket/x", "/raw/").status == 2
    assert run("get", "/raw/x", "s3://bucket/x").status == 2


def test_cp_onto_itself(lake, run):
    """A file is not copied onto itself."""
    lake.pipe_file("/raw/day.csv", b"1")
    assert run("cp", "/raw/day.csv", "/raw/day.csv").status == 2
    assert lake.cat_file("/raw/day.csv") == b"1"


def test_a_copy_that_deletes(tree, lake, done):
    """--delete-source deletes what was copied, and --flat needs no directories."""
    done("put", "--delete-source", "--flat", "out", "/raw")
    assert lake.find("/") == ["/raw/a.csv", "/raw/data[1].csv"]
    assert not (tree / "a.csv").exists()


def test_files_that_cannot_be_copied(tree, lake, run, fault):
    """With --continue the others are copied, and status 8 says that some were not."""
    fault(operation="CREATE", path="/raw/a.csv", status=403)
    ended = run("put", "--continue", "out", "/raw")
    assert ended.status == 8
    assert ended.out == "1 file, 2 B copied to /raw; 1 failed\n"
    assert "/raw/a.csv: " in ended.err
    assert ended.err.endswith("error: 1 file could not be copied\n")
    assert run("put", "out", "/raw").status == 5


def test_sync(tree, lake, done):
    """A second run copies nothing, and --delete removes what the source does not have."""
    lake.pipe_file("/raw/extra", b"1")
    assert done("sync", "./out", "/raw").out == "2 files, 3 B copied to /raw\n"
    assert done("sync", "./out", "/raw").out == "0 files, 0 B copied to /raw; 2 skipped\n"
    ended = done("sync", "--delete", "--dry-run", "./out", "/raw")
    assert ended.lines == ["would copy 0 files, 0 B to /raw; 2 skipped; 1 deleted", "  delete  /raw/extra"]
    assert lake.exists("/raw/extra")
    done("sync", "--delete", "./out", "/raw")
    assert not lake.exists("/raw/extra")
    done("sync", "--include", "*.csv", "--exclude", "a*", "--compare", "checksum", "/raw", "./back")
    assert [path.name for path in (tree.parent / "back").rglob("*.csv")] == ["data[1].csv"]


def test_steady_lines(here, lake, run, fault, monkeypatch):
    """Where there is no terminal, progress is lines on the standard error; -q is silent."""
    monkeypatch.setattr(report, "INTERVAL", 0.02)
    (here / "day.csv").write_bytes(b"123")
    fault(operation="CREATE", delay=0.3)
    ended = run("put", "day.csv", "/raw/")
    assert ended.out == "1 file, 3 B copied to /raw/day.csv\n"
    # The last one may come when the file has.
    assert re.fullmatch(r"(0 of 1 file, 0 B of 3 B, 0 B/s\n)+(1 of 1 file, 3 B of 3 B, .*\n)?", ended.err)
    assert run("put", "-q", "day.csv", "/raw/").err == ""


def test_reliable_copies(tree, lake, done, run, mocker):
    """--verify and --resume reach each copy, in every command that copies."""
    put = mocker.spy(LakeStore, "put")
    get = mocker.spy(LocalStore, "put")
    options = ("--verify", "content", "--resume")
    done("put", *options, "out", "/raw")
    done("cp", *options, "/raw", "/copy")
    done("sync", *options, "/raw", "/synced")
    done("get", *options, "/raw", "./back")
    for spied, files in ((put, 6), (get, 2)):
        assert [call.kwargs["reliability"] for call in spied.call_args_list] == [
            Reliability("content", resume=True)
        ] * files
    assert lake.find("/synced") == ["/synced/a.csv", "/synced/deep/data[1].csv"]
    assert run("put", "--verify", "nothing", "out", "/raw").status == 2


def test_files_of_a_time(tree, lake, done, run):
    """Files are chosen by when they were modified; a time that is none is an error of usage that names it."""
    os.utime(tree / "a.csv", (1_000_000_000, 1_000_000_000))
    assert done("put", "--modified-before", "2002-01-01", "out", "/old").out.startswith("1 file, 1 B")
    assert done("put", "--modified-after", "2002-01-01T00:00Z", "out", "/new").out.startswith("1 file, 2 B")
    assert done("sync", "--older-than", "P30D", "./out", "/synced").out.startswith("1 file, 1 B")
    assert lake.find("/synced") == ["/synced/a.csv"]
    assert done("cp", "--older-than", "P30D", "/new", "/none").out.startswith("0 files")
    for option, value in (("--older-than", "P1M"), ("--modified-after", "soon"), ("--modified-before", "1")):
        for command in ("put", "sync"):
            ended = run(command, option, value, "./out", "/other")
            assert ended.status == 2
            assert option[2:].replace("-", "_") in ended.err
    for command in (["put", "-", "/x"], ["get", "/old/a.csv", "-"]):
        ended = run(command[0], "--older-than", "P30D", *command[1:])
        assert (ended.status, "--older-than is for files, and - is a pipe" in ended.err) == (2, True)
        assert run(command[0], "--verify", "content", *command[1:]).status == 2
