"""`chmod`, `chown`, `acl` and `expiry`."""

from __future__ import annotations

import pytest

SOMEBODY = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def tree(lake):
    """A tree of two files."""
    lake.pipe_file("/raw/a", b"1")
    lake.pipe_file("/raw/deep/b", b"1")


def test_chmod(tree, lake, done):
    """A mode is digits or words, for one path, many, and trees."""
    assert done("chmod", "750", "/raw").out == "0 files and 1 directory changed\n"
    assert done("chmod", "-R", "u=rwX,g=rX,o=", "/raw").out == "2 files and 2 directories changed\n"
    assert lake.info("/raw/deep")["permission"] == "750"
    assert done("chmod", "--json", "600", "/raw/a*").records[0]["files"] == 1
    assert lake.info("/raw/a")["permission"] == "600"


def test_chmod_that_is_tried(tree, lake, done):
    """A dry run names what would be changed."""
    before = lake.info("/raw")["permission"]
    ended = done("chmod", "-R", "-n", "700", "/raw")
    assert ended.lines[:2] == ["would change 2 files and 2 directories", "  /raw"]
    assert lake.info("/raw")["permission"] == before


def test_chmod_of_what_is_none(tree, run):
    """A wrong mode and a missing path are reported."""
    assert run("chmod", "rwx", "/raw").status == 2
    assert run("chmod", "750", "/nope").status == 3


def test_changes_that_fail(tree, run, fault):
    """With --continue the others are changed, and status 8 says that some were not."""
    fault(operation="SETPERMISSION", path="/raw/a", status=403)
    ended = run("chmod", "-R", "--continue", "700", "/raw")
    assert (ended.status, ended.out) == (8, "1 file and 2 directories changed\n")
    assert "/raw/a" in ended.err
    assert "1 path could not be changed" in ended.err
    assert run("chmod", "-R", "700", "/raw").status == 5


def test_chown(tree, lake, run, done):
    """Owner and group are changed together or alone."""
    done("chown", SOMEBODY, "/raw/a")
    done("chown", f":{SOMEBODY}", "/raw/deep")
    done("chown", "-R", f"{SOMEBODY}:{SOMEBODY}", "/raw")
    info = lake.info("/raw/deep/b")
    assert (info["owner"], info["group"]) == (SOMEBODY, SOMEBODY)
    assert run("chown", ":", "/raw").status == 2


def test_acl(tree, done):
    """Entries are shown, set, changed and removed."""

    def entries(path):
        return done("acl", "get", "--json", path).records[0]["entries"]

    done("acl", "modify", "-R", f"user:{SOMEBODY}:r-x,default:user:{SOMEBODY}:r-x", "/raw")
    assert f"user:{SOMEBODY}:r-x" in entries("/raw/a")
    assert f"default:user:{SOMEBODY}:r-x" in entries("/raw")
    assert f"user:{SOMEBODY}:r-x" in done("acl", "get", "/raw").lines
    done("acl", "remove", "-R", f"user:{SOMEBODY}", "/raw")
    assert f"user:{SOMEBODY}:r-x" not in entries("/raw/a")
    done("acl", "remove-default", "/raw")
    done("acl", "set", "user::rwx,group::r-x,other::---", "/raw")
    assert entries("/raw") == ["user::rwx", "group::r-x", "other::---"]
    done("acl", "modify", f"user:{SOMEBODY}:r-x", "/raw")
    assert done("acl", "strip", "/raw").out == "0 files and 1 directory changed\n"
    assert len(entries("/raw")) == 3


def test_acl_of_what_is_none(tree, run):
    """An entry that cannot be read is named."""
    ended = run("acl", "modify", "user:rwx", "/raw")
    assert ended.status == 2
    assert "user:rwx" in ended.err
    assert run("acl", "get", "/nope").status == 3


def test_expiry(tree, lake, run, done):
    """Files expire at a time or after a span, or never."""
    done("expiry", "set", "--at", "2099-01-01T00:00:00+00:00", "/raw/a")
    assert done("expiry", "get", "/raw/a").out == "2099-01-01T00:00:00+00:00\t/raw/a\n"
    assert done("expiry", "set", "-R", "--in", "7d", "--since-creation", "/raw").out == (
        "2 files and 0 directories changed\n"
    )
    assert done("expiry", "get", "--json", "/raw/deep/b").records[0]["expires"]
    done("expiry", "clear", "/raw/a", "/raw/deep/b")
    assert done("expiry", "get", "/raw/a").out == "-\t/raw/a\n"
    assert run("expiry", "set", "--in", "7d", "/raw").status == 4


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--in", "7d", "--at", "2099-01-01T00:00:00+00:00"),
        ("--at", "2099-01-01"),
        ("--at", "soon"),
        ("--at", "2099-01-01T00:00:00+00:00", "--since-creation"),
    ],
)
def test_expiry_at_no_time(run, options):
    """Just one time or span is needed, and a time needs its zone."""
    assert run("expiry", "set", *options, "/raw").status == 2
