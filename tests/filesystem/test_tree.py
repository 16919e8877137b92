"""Changing the tree."""

from __future__ import annotations

import pytest

from airflow_provider_adls.filesystem import ADLSGen1FileSystem
from airflow_provider_adls.lake.hidden import unfinished_name
from airflow_provider_adls.model.errors import PathExistsError, PathNotFoundError


def test_mkdir(fs):
    """A directory is made once, with its parents unless they have to be there."""
    fs.mkdir("/a/b")
    assert fs.isdir("/a/b")
    with pytest.raises(FileExistsError):
        fs.mkdir("/a/b")
    with pytest.raises(FileNotFoundError, match="parent"):
        fs.mkdir("/x/y", create_parents=False)
    fs.mkdir("/a/c", create_parents=False, permission="700")
    assert fs.info("/a/c")["permission"] == "700"


def test_makedirs(fs):
    """Directories are made with their parents; one that is there may be, a file may not."""
    fs.makedirs("/a/b/c")
    fs.makedirs("/a/b/c", exist_ok=True)
    with pytest.raises(FileExistsError):
        fs.makedirs("/a/b/c")
    fs.pipe("/f", b"")
    with pytest.raises(FileExistsError):
        fs.makedirs("/f/g", exist_ok=True)


def test_directories_that_hold_only_what_was_left_behind(fs):
    """What dead writers left does not keep a directory; what living ones write does, as the error says."""
    alive = unfinished_name()
    dead = f"{alive[:17]}{'0' * 8}{alive[25:]}"
    for remove, path in ((fs.rmdir, "/a"), (fs.rm_file, "/b")):
        fs.pipe({f"{path}/{dead}": b"half"})
        remove(path)
        assert not fs.exists(path)
        fs.pipe({f"{path}/{name}": b"half" for name in (alive, dead)})
        with pytest.raises(OSError, match=f"empty.*all it holds are hidden files, {alive}.*recursive=True"):
            remove(path)
        assert fs.exists(f"{path}/{alive}")
        fs.pipe(f"{path}/file", b"")
        with pytest.raises(OSError, match="empty") as failure:
            remove(path)
        assert "hidden" not in str(failure.value)


def test_rmdir(fs):
    """Only an empty directory is removed."""
    fs.mkdir("/empty")
    fs.pipe("/full/f", b"")
    fs.rmdir("/empty")
    assert not fs.exists("/empty")
    with pytest.raises(OSError, match="empty"):
        fs.rmdir("/full")
    with pytest.raises(NotADirectoryError, match="/full/f is a file"):
        fs.rmdir("/full/f")
    with pytest.raises(FileNotFoundError):
        fs.rmdir("/nothing")


def test_rm(fs):
    """Files go by name, list or pattern; a directory that is not empty only with all it holds."""
    fs.pipe({f"/d/{name}": b"" for name in ("a", "b", "c", "e/f")})
    fs.rm("/d/a")
    fs.rm(["/d/b"])
    fs.rm("/d/[c]")
    assert fs.find("/d") == ["/d/e/f"]
    with pytest.raises(OSError, match="empty"):
        fs.rm("/d")
    fs.rm("/d", recursive=True)
    assert not fs.exists("/d")
    for recursive in (False, True):
        with pytest.raises(FileNotFoundError):
            fs.rm("/d", recursive=recursive)
    fs.pipe("/f", b"")
    fs.rm_file("/f")
    assert not fs.exists("/f")


def test_rm_of_a_tree_is_one_request(fs, asked):
    """The service removes a tree in one request, whatever else of it is named."""
    fs.pipe({f"/d/{name}/f": b"" for name in "abc"})
    before = asked().count("DELETE")
    fs.rm(["/d/a", "/d", "/d/b/f"], recursive=True)
    assert asked().count("DELETE") == before + 1
    assert fs.ls("/") == []


def test_rm_to_a_depth(fs):
    """A bounded depth removes what it holds, file by file."""
    fs.pipe({"/d/a": b"", "/d/b": b""})
    fs.rm("/d", recursive=True, maxdepth=1)
    assert not fs.exists("/d")


def test_mv_of_a_file(fs, asked, account):
    """A file is renamed, makes its destination's directory, replaces a file, and is never copied."""
    fs.pipe({"/a": b"a", "/b": b"b"})
    fs.mv("/a", "/new/dir/a b")
    assert fs.cat("/new/dir/a b") == b"a"
    fs.mv("/new/dir/a b", "/b")
    assert (fs.cat("/b"), fs.find("/")) == (b"a", ["/b"])
    fs.mv("/b", "/b")
    fs.mv("/b", f"{account}/b")
    assert fs.cat("/b") == b"a"
    assert asked().count("CREATE") == 2


def test_mv_into_a_directory(fs):
    """What is moved to a directory that is there, or to a trailing slash, goes into it."""
    fs.pipe({"/a": b"a", "/b": b"b", "/c": b"c"})
    fs.mkdir("/d")
    fs.mv("/a", "/d")
    fs.mv("/b", "/e/")
    fs.mv("/c", "/d/")
    assert fs.find("/") == ["/d/a", "/d/c", "/e/b"]


def test_mv_of_directories(fs):
    """A directory moves with all it holds, also into another, but never over one."""
    fs.pipe({"/one/f": b"1", "/two/g": b"2"})
    fs.mv("/one", "/three", recursive=True)
    assert fs.find("/") == ["/three/f", "/two/g"]
    fs.mv("/three", "/two")
    assert fs.find("/") == ["/two/g", "/two/three/f"]
    fs.makedirs("/three/x")
    with pytest.raises(PathExistsError, match="nothing was moved"):
        fs.mv("/three", "/two")
    fs.pipe("/f", b"")
    with pytest.raises(PathExistsError, match="nothing was moved"):
        fs.mv("/three", "/f")
    with pytest.raises(PathExistsError, match="nothing was moved"):
        fs.mv(["/f"], ["/three"])
    assert fs.find("/") == ["/f", "/two/g", "/two/three/f"]


def test_mv_of_several(fs):
    """Lists and patterns move each of their files."""
    fs.pipe({f"/d/{name}": name.encode() for name in ("a.csv", "b.csv", "c.txt")})
    fs.mv("/d/*.csv", "/csv")
    fs.mv(["/d/c.txt"], ["/txt/d.txt"])
    assert fs.find("/") == ["/csv/a.csv", "/csv/b.csv", "/txt/d.txt"]


def test_mv_of_nothing(fs):
    """What is missing cannot be moved, and leaves no directory behind."""
    with pytest.raises(PathNotFoundError):
        fs.mv("/nothing", "/d/")
    with pytest.raises(NotImplementedError, match="maxdepth"):
        fs.mv("/a", "/b", maxdepth=1)
    assert fs.ls("/") == []


def test_a_name_that_is_gone_moves_no_other_file(fs):
    """A rename of a file that is gone moves no file that its name matches, and says how matches are moved."""
    fs.pipe("/x/data1.csv", b"1")
    with pytest.raises(FileNotFoundError, match="end it with a slash"):
        fs.mv("/x/data[1].csv", "/x/new")
    assert fs.find("/x") == ["/x/data1.csv"]
    fs.mv("/x/data[1].csv", "/y/")
    assert fs.find("/y") == ["/y/data1.csv"]


def test_mv_between_accounts(fs, other_account):
    """Between accounts files and trees are copied and removed."""
    fs.pipe({"/f": b"f", "/d/e/g": b"g", "/d/h": b"h"})
    fs.mkdir("/d/empty")
    fs.mv("/f", f"{other_account}/f")
    fs.mv("/d", f"{other_account}/moved")
    assert fs.ls("/") == []
    assert fs.cat(f"{other_account}/f") == b"f"
    assert fs.find(f"{other_account}/moved") == [f"{other_account}/moved/e/g", f"{other_account}/moved/h"]
    assert fs.isdir(f"{other_account}/moved/empty")


def test_mv_between_accounts_that_breaks_off(fs, other_account, fault):
    """What was broken off goes on with the next try, and what is still being written stays at the source."""
    fs.pipe({"/d/e/g": b"g", "/d/h": b"h"})
    hidden = f"/d/e/{unfinished_name()}"
    fs.pipe(hidden, b"half")
    with fault(operation="DELETE", nth=2, status=403), pytest.raises(PermissionError):
        fs.mv("/d", f"{other_account}/moved")
    fs.mv("/d", f"{other_account}/moved")
    assert fs.find("/") == [hidden]
    assert fs.ls(other_account, detail=False) == [f"{other_account}/moved"]
    moved = {name: fs.cat_file(name) for name in fs.find(other_account)}
    assert moved == {f"{other_account}/moved/e/g": b"g", f"{other_account}/moved/h": b"h"}


async def test_asynchronous(options):
    """The same, on an event loop."""
    fs = ADLSGen1FileSystem(**options, asynchronous=True)
    await fs._makedirs("/d")
    await fs._pipe_file("/d/a", b"1")
    await fs._mv("/d/a", "/b")
    await fs._rmdir("/d")
    assert await fs._find("/") == ["/b"]
    await fs._close()


def test_a_directory_that_is_not_empty(fs, hook):
    """The error says what removes it with what it holds."""
    fs.pipe("/d/f", b"")
    for remove in (fs.rmdir, fs.rm_file, fs.rm, hook.delete_paths):
        with pytest.raises(OSError, match=r"non.empty.*delete it with recursive=True"):
            remove("/d")
    assert fs.exists("/d/f")


def test_moving_into_itself(fs):
    """A directory is not moved below itself, and the error names both paths."""
    fs.pipe("/d/f", b"")
    for destination in ("/d/e", "/d/"):
        with pytest.raises(ValueError, match="/d cannot be moved into itself, to /d/"):
            fs.mv("/d", destination)
    assert fs.exists("/d/f")


def test_nothing_to_put_together(fs):
    """A concatenation without sources says so."""
    for put_together in (fs.concat, fs.join):
        with pytest.raises(ValueError, match=r"there are no sources to be .* into /x"):
            put_together("/x", [])


def test_errors_name_no_request_of_another_service(fs):
    """An error of ours names path and account, and no request, for none was sent."""
    fs.pipe({"/d/f": b"", "/e/d/g": b""})
    for call in (
        lambda: fs.mkdir("/d"),
        lambda: fs.makedirs("/d/f"),
        lambda: fs.mkdir("/none/d", create_parents=False),
        lambda: fs.mv("/d", "/e"),
        lambda: fs.open("/d/f", "xb"),
    ):
        with pytest.raises((OSError, ValueError)) as raised:
            call()
        assert not {"MKDIRS", "RENAME", "DELETE", "CREATE"} & set(str(raised.value).split())
