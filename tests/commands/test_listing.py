"""`ls`, `stat`, `find` and `du`."""

from __future__ import annotations

import pytest

#: Names as users have them: a run id, spaces, wildcards, other scripts, an option.
NAMES = ["scheduled__2026-11-29T00%3A00+00", "a b", "data[1].csv", "50%#1", "größe", '"quoted"', "-r"]


@pytest.fixture
def named(lake):
    """Files with the names."""
    for name in NAMES:
        lake.pipe_file(f"/raw/{name}", b"x")


def test_ls_prints_paths(lake, done):
    """Paths are printed whole, one on a line; those of directories end with a slash."""
    lake.pipe_file("/raw/day.csv", b"12345")
    lake.mkdir("/raw/2026")
    assert done("ls", "/raw").lines == ["/raw/2026/", "/raw/day.csv"]
    assert done("ls").lines == ["/raw/"]
    assert done("ls", "-R", "/").lines == ["/raw/", "/raw/2026/", "/raw/day.csv"]
    assert done("ls", "-d", "/raw").lines == ["/raw/"]
    assert done("ls", "--limit", 1, "/raw").lines == ["/raw/2026/"]
    assert done("ls", "/raw/2026").out == ""


def test_ls_in_detail(lake, done):
    """-l shows permission, owners, size and time, and -h sizes as people read them."""
    lake.pipe_file("/raw/big", bytes(2_000_000))
    lake.set_permission("/raw/big", "640")
    lake.mkdir("/raw/dir")
    lake.set_permission("/raw/dir", "1777")
    lake.modify_acl("/raw/dir", "user:11111111-2222-3333-4444-555555555555:r-x")
    big, directory = done("ls", "-l", "/raw").lines
    owner = lake.info("/raw/big")["owner"]
    assert big.split()[:4] == ["-rw-r-----", owner, owner, "2000000"]
    assert directory.startswith("drwxrwxrwt+")
    assert directory.endswith(" /raw/dir/")
    assert "  1.9 MiB  " in done("ls", "-lh", "/raw").lines[0]


def test_names_survive(named, done):
    """Every name is itself, in JSON and before a NUL."""
    assert sorted(record["path"] for record in done("ls", "--json", "/raw").records) == sorted(
        f"/raw/{name}" for name in NAMES
    )
    assert done("find", "-0", "/raw", "--type", "file").out.split("\0")[:-1] == sorted(
        f"/raw/{name}" for name in NAMES
    )


def test_a_path_that_exists_is_itself(named, lake, done):
    """A name that looks like a glob is that file, and a glob is one where nothing has its name."""
    lake.pipe_file("/raw/data1.csv", b"12")
    assert done("ls", "/raw/data[1].csv").lines == ["/raw/data[1].csv"]
    assert done("ls", "/raw/data?.csv").lines == ["/raw/data1.csv"]
    assert done("ls", "/raw/[ad]*").lines == ["/raw/a b", "/raw/data1.csv", "/raw/data[1].csv"]


def test_paths_that_are_not_there(run, lake):
    """Status 3 says so, of a path and of a glob, and the others are listed all the same."""
    lake.pipe_file("/raw/day.csv", b"1")
    ended = run("ls", "/nope", "/raw")
    assert (ended.status, ended.out) == (3, "/raw/day.csv\n")
    assert ended.err.startswith("adls-gen1: error: ")
    assert "/nope" in ended.err
    assert run("ls", "/raw/*.txt").status == 3
    assert run("stat", "/nope").status == 3
    assert run("du", "/nope").status == 3
    assert run("find", "/nope").status == 3


def test_paths_that_are_none(run):
    """A relative path is a mistake of the command: status 2, and what to write."""
    ended = run("ls", "raw")
    assert (ended.status, ended.out) == (2, "")
    assert ended.err == "adls-gen1: error: path 'raw' is relative: write /raw\n"


def test_paths_of_other_accounts(lake, account, done):
    """A URL names an account, and what is listed has its form."""
    lake.pipe_file("/raw/day.csv", b"1")
    url = f"adl://{account}.azuredatalakestore.net/raw/day.csv"
    assert done("ls", f"adl://{account}/raw").lines == [url]


def test_stat(lake, done):
    """All that is known of a path is printed, as JSON with the same names."""
    lake.pipe_file("/raw/day.csv", b"12345")
    record = done("stat", "--json", "/raw/day.csv").records[0]
    assert {**record, "type": "file", "size": 5, "expires": None, "has_acl": False} == record
    lines = dict(line.split(maxsplit=1) for line in done("stat", "/raw/day.csv").lines)
    assert lines.keys() == record.keys()
    assert (lines["size"], lines["expires"], lines["has_acl"]) == ("5", "-", "no")


def test_find(lake, done):
    """Names, types, sizes and ages choose."""
    lake.pipe_file("/raw/a.csv", b"12345")
    lake.pipe_file("/raw/deep/b.csv", b"")
    lake.pipe_file("/raw/deep/c.txt", bytes(2048))
    assert done("find", "/raw", "--name", "*.csv").lines == ["/raw/a.csv", "/raw/deep/b.csv"]
    assert done("find", "/raw", "--type", "directory").lines == ["/raw/deep"]
    assert done("find", "/raw", "--size", "+1K").lines == ["/raw/deep/c.txt"]
    assert done("find", "/raw", "--size", "-5").lines == ["/raw/deep/b.csv"]
    assert done("find", "/raw", "--size", "5").lines == ["/raw/a.csv"]
    assert len(done("find", "/raw", "--newer", "1d").lines) == 4
    assert done("find", "/raw", "--older", "1d").lines == []
    assert done("find", "--json", "/raw/a*").records[0]["size"] == 5


def test_values_that_are_none(run):
    """A size or span that is none is said by the option's name, with examples."""
    ended = run("find", "/", "--size", "much")
    assert ended.status == 2
    assert "Invalid value for '--size': 'much' is not a size, as 100, +1M and -2G are" in ended.err
    for value in ("7", "7 days", "9999999999999w"):
        assert run("find", "/", "--newer", value).status == 2


def test_du(lake, done):
    """The service counts what is below a path, and what is below each that a glob matches."""
    lake.pipe_file("/raw/a/1", bytes(1536))
    lake.pipe_file("/raw/b/2", b"1")
    assert done("du", "/raw").lines == ["1537\t2 files, 3 directories\t/raw"]
    assert done("du", "-h", "/raw/*").lines == [
        "1.5 KiB\t1 file, 1 directory\t/raw/a",
        "1 B\t1 file, 1 directory\t/raw/b",
    ]
    assert done("du", "--json").records == [{"path": "/", "directories": 4, "files": 2, "bytes": 1537}]
