"""Reading and writing, to and from this machine."""

from __future__ import annotations

import asyncio
import os

import pytest
from fsspec.callbacks import Callback

from airflow_provider_adls.model.errors import AccessDeniedError, PathNotFoundError, SourceChangedError
from airflow_provider_adls.model.operations import MAX_BODY
from tests.filesystem.conftest import came

SIZES = [0, 1, MAX_BODY - 1, MAX_BODY, MAX_BODY + 1, 2 * MAX_BODY, 2 * MAX_BODY + 7]


def content(size: int) -> bytes:
    return os.urandom(1021) * (size // 1021) + b"x" * (size % 1021)


@pytest.mark.parametrize("size", SIZES)
def test_every_size_there_and_back(fs, tmp_path, size):
    """Files of no byte, of just one request, and of more come back as they were, every way."""
    data = content(size)
    fs.pipe("/f", data)
    assert fs.cat("/f") == data
    fs.cp("/f", "/g")
    fs.get("/g", str(tmp_path / "g"))
    assert (tmp_path / "g").read_bytes() == data
    fs.put(str(tmp_path / "g"), "/h")
    assert (fs.info("/h")["size"], fs.cat("/h")) == (size, data)
    assert [one.name for one in tmp_path.iterdir()] == ["g"]
    assert fs.ls("/", detail=False) == ["/f", "/g", "/h"]


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (None, None, b"0123456789"),
        (0, None, b"0123456789"),
        (3, None, b"3456789"),
        (None, 4, b"0123"),
        (2, 5, b"234"),
        (-3, None, b"789"),
        (-3, -1, b"78"),
        (None, -8, b"01"),
        (2, -2, b"234567"),
        (5, 5, b""),
        (6, 2, b""),
        (8, 100, b"89"),
        (10, None, b""),
        (10, 12, b""),
        (50, 60, b""),
        (-50, 2, b"01"),
    ],
)
def test_ranges(fs, start, end, expected):
    """Ranges are Python's slices."""
    fs.pipe("/f", b"0123456789")
    assert b"0123456789"[start:end] == expected
    assert fs.cat_file("/f", start=start, end=end) == expected


async def test_reading_past_the_end(afs, fault):
    """However the service refuses to read past the end, nothing is what is there."""
    await afs._pipe_file("/f", b"0123456789")
    for status in (400, 403, 416):
        fault(operation="OPEN", status=status, times=1)
        assert await afs._cat_file("/f", start=10, end=20) == b""
        fault(operation="OPEN", status=status, times=1)
        with pytest.raises(OSError, match=f"HTTP {status}"):
            await afs._cat_file("/f", start=9, end=20)


def test_several(fs):
    """Several files or ranges are read at the same time; a failure stands in its place or is raised."""
    fs.pipe({"/d/a": b"aaa", "/d/b": b"bbb"})
    assert fs.cat(["/d/a", "/d/b"]) == {"/d/a": b"aaa", "/d/b": b"bbb"}
    assert fs.cat("/d/*") == {"/d/a": b"aaa", "/d/b": b"bbb"}
    assert fs.cat_ranges(["/d/a", "/d/b"], [0, 1], [2, 3]) == [b"aa", b"bb"]
    first, second = fs.cat_ranges(["/d/a", "/nothing"], 0, 1)
    assert first == b"a"
    assert isinstance(second, FileNotFoundError)
    with pytest.raises(FileNotFoundError):
        fs.cat_ranges(["/nothing"], 0, 1, on_error="raise")


def test_what_is_no_file(fs):
    """A directory is not read or written as a file, and what is missing is missing."""
    fs.mkdir("/d")
    with pytest.raises(IsADirectoryError):
        fs.cat_file("/d")
    for size in (1, MAX_BODY + 1):
        with pytest.raises(IsADirectoryError):
            fs.pipe_file("/d", bytes(size))
        with pytest.raises(FileExistsError if size == 1 else IsADirectoryError):
            fs.pipe_file("/d", bytes(size), mode="create")
    with pytest.raises(IsADirectoryError):
        fs.pipe_file("/d", b"1", mode="append")
    with pytest.raises(FileNotFoundError):
        fs.cat_file("/nothing")
    assert fs.find("/") == []


@pytest.mark.parametrize("size", [1, MAX_BODY + 1])
def test_modes(fs, size):
    """Bytes replace a file, make one that must not be there, or are added to it."""
    data = content(size)
    fs.pipe_file("/f", data, mode="create")
    with pytest.raises(FileExistsError):
        fs.pipe_file("/f", data, mode="create")
    fs.pipe_file("/f", data, mode="append")
    fs.pipe_file("/new", data, mode="append")
    assert (fs.cat("/f"), fs.cat("/new")) == (data + data, data)
    fs.pipe_file("/f", data)
    assert fs.cat("/f") == data
    assert fs.ls("/", detail=False) == ["/f", "/new"]
    with pytest.raises(ValueError, match="overwrite, create, append"):
        fs.pipe_file("/f", data, mode="replace")


def test_exclusive_put(fs, tmp_path):
    """An upload may insist on being the first."""
    local = tmp_path / "local"
    local.write_bytes(b"1")
    fs.put_file(str(local), "/f", mode="create")
    with pytest.raises(FileExistsError):
        fs.put_file(str(local), "/f", mode="create")


@pytest.mark.parametrize("operation", ["CREATE", "APPEND", "RENAME"])
async def test_interrupted_upload(afs, fault, tmp_path, operation):
    """An upload that fails at any point leaves what was there, and nothing else."""
    await afs._pipe_file("/f", b"before")
    local = tmp_path / "local"
    local.write_bytes(content(2 * MAX_BODY + 1))
    fault(operation=operation, status=403, times=1)
    with pytest.raises(AccessDeniedError):
        await afs._put_file(local, "/f")
    assert await afs._cat_file("/f") == b"before"
    assert await afs._ls("/", detail=False) == ["/f"]


async def test_cancelled_upload(afs, fault, tmp_path):
    """An upload that is cancelled leaves what was there, and nothing else."""
    await afs._pipe_file("/f", b"before")
    local = tmp_path / "local"
    local.write_bytes(content(6 * MAX_BODY))
    arrived = fault(operation="APPEND", delay=0)
    upload = asyncio.create_task(afs._put_file(local, "/f"))
    await came(arrived)
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert await afs._cat_file("/f") == b"before"
    assert await afs._ls("/", detail=False) == ["/f"]


async def test_nobody_sees_half_a_file(afs):
    """While a big file is written over another, readers see the old one, whole, or the new one, whole."""
    old, new = b"old" * 1000, content(3 * MAX_BODY)
    await afs._pipe_file("/f", old)
    upload = asyncio.create_task(afs._pipe_file("/f", new))
    seen = set()
    while not upload.done():
        seen.add(await afs._cat_file("/f"))
    await upload
    assert old in seen
    assert seen <= {old, new}


async def test_hidden_file_that_cannot_be_removed(afs, fault, caplog):
    """A hidden file that stays behind is named in the log, and does not hide the failure that led there."""
    fault(operation="APPEND", status=403)
    fault(operation="DELETE", status=400)
    with pytest.raises(AccessDeniedError):
        await afs._pipe_file("/f", bytes(MAX_BODY + 1))
    assert ".part is left behind: DELETE" in caplog.text
    assert not await afs._exists("/f")


async def test_interrupted_download(afs, fault, tmp_path):
    """A download that fails leaves the local file as it was, and nothing else."""
    local = tmp_path / "local"
    local.write_bytes(b"before")
    await afs._pipe_file("/f", content(MAX_BODY + 1))
    fault(operation="OPEN", status=403, times=1)
    with pytest.raises(AccessDeniedError):
        await afs._get_file("/f", local)
    assert [local] == list(tmp_path.iterdir())
    assert local.read_bytes() == b"before"


async def test_file_that_shrinks_while_it_is_read(afs, tmp_path, mocker):
    """A big file that is another by its end is not kept: neither shorter nor mixed of both."""
    await afs._pipe_file("/f", content(3 * MAX_BODY))
    client = afs._client(afs._place("/f"))
    for size in (MAX_BODY + 1, 3 * MAX_BODY, 4 * MAX_BODY):
        status = await client.status("/f")
        mocker.patch.object(client, "status", side_effect=[status, await _replaced(client, size)])
        with pytest.raises(SourceChangedError, match="/f was changed while it was copied"):
            await afs._get_file("/f", tmp_path / "local")
        mocker.stopall()
    assert list(tmp_path.iterdir()) == []


async def _replaced(client, size):
    await client.create("/f", content(MAX_BODY))
    for offset in range(MAX_BODY, size, MAX_BODY):
        await client.append("/f", content(min(MAX_BODY, size - offset)), offset=offset)
    return await client.status("/f")


async def test_small_file_that_becomes_another_while_it_is_read(afs, tmp_path, mocker):
    """What one request reads was a whole file at one moment, whatever it was before."""
    await afs._pipe_file("/f", b"12345")
    client = afs._client(afs._place("/f"))
    old = await client.status("/f")
    await afs._pipe_file("/f", b"1234567")
    new = await client.status("/f")
    mocker.patch.object(client, "status", side_effect=[old, new])
    await afs._get_file("/f", tmp_path / "local")
    assert (tmp_path / "local").read_bytes() == b"1234567"


async def test_small_file_that_a_way_cuts(afs, fault, tmp_path):
    """An answer that is complete, but shorter than the file, is no whole file."""
    await afs._pipe_file("/f", b"12345")
    fault(operation="OPEN", status=200, body="123")
    with pytest.raises(SourceChangedError):
        await afs._get_file("/f", tmp_path / "local")
    assert list(tmp_path.iterdir()) == []


def test_trees(fs, tmp_path):
    """Trees go there and back with names of every kind, empty files and empty directories."""
    names = ["a b/100%.csv", "naïve/文件 #1.txt", "x/y/z", "empty file", "a,b+c=d&e;f'g"]
    source = tmp_path / "source"
    for name in names:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(b"" if "empty" in name else name.encode())
    (source / "empty directory").mkdir()
    fs.put(str(source), "/tree", recursive=True)
    assert sorted(fs.find("/tree")) == sorted(f"/tree/{name}" for name in names)
    assert fs.isdir("/tree/empty directory")
    fs.put_file(str(source), "/tree")
    fs.get("/tree", str(tmp_path / "back"), recursive=True)
    back = {
        str(path.relative_to(tmp_path / "back")): path.is_dir() or path.read_bytes()
        for path in (tmp_path / "back").rglob("*")
    }
    there = {str(path.relative_to(source)): path.is_dir() or path.read_bytes() for path in source.rglob("*")}
    assert back == there
    fs.cp("/tree", "/copy", recursive=True)
    assert [name.removeprefix("/copy") for name in fs.find("/copy", withdirs=True)] == [
        name.removeprefix("/tree") for name in fs.find("/tree", withdirs=True)
    ]


def test_progress(fs, tmp_path):
    """Callbacks hear the size, and every byte."""
    data = content(MAX_BODY + 5)
    (tmp_path / "local").write_bytes(data)
    put, get = Callback(), Callback()
    fs.put_file(str(tmp_path / "local"), "/f", callback=put)
    fs.get_file("/f", str(tmp_path / "back"), callback=get)
    assert [(len(data), len(data))] * 2 == [(one.size, one.value) for one in (put, get)]


def test_touch(fs):
    """A touch makes or empties a file, or sets its time alone."""
    fs.touch("/f", truncate=False)
    assert fs.info("/f")["size"] == 0
    fs.pipe("/f", b"1")
    before = fs.modified("/f")
    fs.touch("/f", truncate=False)
    assert (fs.cat("/f"), fs.modified("/f") >= before) == (b"1", True)
    fs.touch("/f")
    assert fs.cat("/f") == b""


def test_missing_local_file(fs, tmp_path):
    """A local file that is missing is told as the local one."""
    with pytest.raises(FileNotFoundError, match="nothing") as caught:
        fs.put_file(str(tmp_path / "nothing"), "/f")
    assert not isinstance(caught.value, PathNotFoundError)


def test_download_through_a_link(fs, tmp_path):
    """A link stays a link: what it leads to gets the content, as with any program that writes there."""
    fs.pipe("/new", b"new")
    (tmp_path / "there").mkdir()
    (tmp_path / "there/file").write_text("old")
    (tmp_path / "link").symlink_to("there/file")
    fs.get_file("/new", f"{tmp_path}/link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there/file").read_text() == "new"


def test_download_keeps_who_may_read(fs, tmp_path):
    """A private file stays private, from its first byte on."""
    fs.pipe("/new", b"new")
    file = tmp_path / "private"
    file.write_text("old")
    file.chmod(0o600)
    fs.get_file("/new", str(file))
    assert (file.read_text(), file.stat().st_mode & 0o777) == ("new", 0o600)


def test_download_to_what_is_no_file(fs, tmp_path):
    """A pipe, as a device, is not replaced by a file, nor is a directory."""
    fs.pipe("/new", b"new")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "directory").mkdir()
    with pytest.raises(ValueError, match="pipe is neither"):
        fs.get_file("/new", f"{tmp_path}/pipe")
    with pytest.raises(IsADirectoryError, match="directory"):
        fs.get_file("/new", f"{tmp_path}/directory")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["directory", "pipe"]
    assert (tmp_path / "pipe").is_fifo()
