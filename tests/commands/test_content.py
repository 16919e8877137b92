"""`cat` and `head`."""

from __future__ import annotations

import pytest


def test_cat_is_exact(lake, process):
    """Bytes are printed as they are, of several files one after the other."""
    lake.pipe_file("/raw/1", bytes(range(256)) * 40_000)
    lake.pipe_file("/raw/2", b"\xff\n")
    lake.pipe_file("/raw/3", b"")
    ended = process("cat", "/raw/*")
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert ended.stdout == bytes(range(256)) * 40_000 + b"\xff\n"


def test_cat_of_what_is_not_a_file(lake, run):
    """A directory and a missing file are reported, and the files beside them are printed."""
    lake.mkdir("/raw")
    lake.pipe_file("/day.csv", b"here\n")
    ended = run("cat", "/raw", "/nope", "/day.csv")
    assert (ended.status, ended.out) == (4, "here\n")
    assert "/raw is a directory" in ended.err
    assert "/nope" in ended.err


@pytest.mark.parametrize(
    ("content", "options", "expected"),
    [
        (b"1\n2\n3\n", ("-n", 2), "1\n2\n"),
        (b"1\n2", ("-n", 5), "1\n2"),
        (b"1\n", ("-n", 0), ""),
        (b"", (), ""),
        (b"line\n" * 20, (), "line\n" * 10),
        (b"abcdef", ("-c", 3), "abc"),
        (b"abcdef", ("-c", 0), ""),
        (b"x" * 100_000 + b"\nsecond\nthird\n", ("-n", 2), "x" * 100_000 + "\nsecond\n"),
        (b"x" * 100_000, ("-c", 70_000), "x" * 70_000),
    ],
)
def test_head(lake, done, content, options, expected):
    """The first lines or bytes are printed, however long a line is."""
    lake.pipe_file("/raw/x", content)
    assert done("head", *options, "/raw/x").out == expected


def test_head_reads_no_more(lake, done, emulator, account):
    """Of a big file the first block alone is read."""
    lake.pipe_file("/raw/big", b"line\n" * 2_000_000)
    before = len(emulator.requests(service="lake", account=account))
    done("head", "-n", 1, "/raw/big")
    reads = [
        request
        for request in emulator.requests(service="lake", account=account)[before:]
        if request.operation == "OPEN"
    ]
    assert len(reads) == 1
