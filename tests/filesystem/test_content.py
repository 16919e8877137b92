"""Reading and writing, to and from this machine."""

from __future__ import annotations

import asyncio
import os
import pickle
import time

import pytest
from fsspec.callbacks import Callback

from airflow_provider_adls.lake.hidden import unfinished_name
from airflow_provider_adls.model.errors import (
    AccessDeniedError,
    BadOffsetError,
    PathExistsError,
    PathNotFoundError,
    RequestError,
    SourceChangedError,
)
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
    """However the service refuses to read past the end, the result is empty."""
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


def test_a_path_that_is_not_a_file(fs):
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
    assert ".part is left behind: " in caplog.text
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
    client = afs.client
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
    client = afs.client
    old = await client.status("/f")
    await afs._pipe_file("/f", b"1234567")
    new = await client.status("/f")
    mocker.patch.object(client, "status", side_effect=[old, new])
    await afs._get_file("/f", tmp_path / "local")
    assert (tmp_path / "local").read_bytes() == b"1234567"


async def test_small_file_that_a_way_cuts(afs, fault, tmp_path):
    """An answer that is complete, but shorter than the file, is not a whole file."""
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
    """A touch makes or empties a file."""
    fs.touch("/f", truncate=False)
    assert fs.info("/f")["size"] == 0
    fs.pipe("/f", b"1")
    fs.touch("/f")
    assert fs.cat("/f") == b""


def test_touch_of_a_file_that_exists(fs):
    """A touch without truncation sets the time alone."""
    fs.pipe("/f", b"1")
    before = fs.modified("/f")
    fs.touch("/f", truncate=False)
    assert (fs.cat("/f"), fs.modified("/f") >= before) == (b"1", True)


def test_missing_local_file(fs, tmp_path):
    """A missing local file is reported as the local one."""
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


def test_download_to_a_directory(fs, tmp_path):
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


def test_an_answer_with_less_than_there_is(fs, fault, asked):
    """The rest is read too, up to the size that the file has."""
    fs.pipe("/f", b"123456789")
    for start, expected in ((None, b"123456789"), (4, b"56789"), (-5, b"56789")):
        fault(operation="OPEN", status=200, body="123" if start is None else "56", times=1)
        assert fs.cat_file("/f", start=start) == expected
    fault(operation="OPEN", status=200, body="123", times=1)
    with fs.open("/f", "rb") as file:
        assert file.read() == b"123456789"
    before = len(asked())
    assert fs.cat("/f") == b"123456789"
    assert sorted(asked()[before:]) == ["GETFILESTATUS", "OPEN"]


async def test_a_file_that_is_replaced_while_an_answer_is_short(afs, mocker):
    """Bytes of two versions are never put together."""
    await afs._pipe_file("/f", b"old old old")
    real = afs.client.read_pieces

    async def read_pieces(path, **options):
        await afs._pipe_file("/f", b"new new new!")
        return [b"old"] if options.get("length") is None else await real(path, **options)

    mocker.patch.object(type(afs.client), "read_pieces", side_effect=read_pieces)
    with pytest.raises(SourceChangedError, match="while it was read"):
        await afs._cat_file("/f")


@pytest.mark.parametrize("size", [10, MAX_BODY, MAX_BODY + 1, 3 * MAX_BODY])
def test_an_open_file_that_is_replaced(fs, size):
    """What is read of it is of one version, or an error; a file that is opened anew is the new one."""
    fs.pipe("/f", b"A" * size)
    with fs.open("/f", "rb", block_size=2**20) as file:
        assert file.read(5) == b"AAAAA"
        time.sleep(0.002)
        fs.pipe("/f", b"B" * size)
        if size > 2**20 + 5:
            with pytest.raises(SourceChangedError, match="/f was changed while it was read") as failure:
                file.read()
            assert str(pickle.loads(pickle.dumps(failure.value))) == str(failure.value)
        else:
            # All of it was read at once.
            assert set(file.read()) <= set(b"A")
    assert fs.open("/f", "rb").read() == b"B" * size
    for change in (lambda: fs.pipe("/f", b"C" * (size + 1)), lambda: fs.rm("/f")):
        with fs.open("/f", "rb") as file:
            change()
            with pytest.raises(SourceChangedError):
                file.read()


async def test_ranges_of_a_file_that_is_replaced(afs, mocker):
    """Parts of one file are of one version, or each is an error; those of other files are given."""
    await afs._pipe({"/f": b"A" * 100, "/g": b"G" * 100})
    assert await afs._cat_ranges(["/f", "/f", "/g"], [0, 50, 0], 60) == [b"A" * 60, b"A" * 10, b"G" * 60]
    real, times = afs.client.read_pieces, 0

    async def read_pieces(path, **options):
        nonlocal times
        times += 1
        first = times == 1
        pieces = await real(path, **options)
        if first:
            await asyncio.sleep(0.002)
            await afs._pipe_file("/f", b"B" * 100)
        return pieces

    mocker.patch.object(type(afs.client), "read_pieces", side_effect=read_pieces)
    parts = await afs._cat_ranges(["/f", "/f", "/g"], [0, 50, 0], 60)
    assert [type(part) for part in parts] == [SourceChangedError, SourceChangedError, bytes]
    times = 0
    with pytest.raises(SourceChangedError):
        await afs._cat_ranges(["/f", "/f", "/g"], [0, 50, 0], 60, on_error="raise")
    parts = await afs._cat_ranges(["/none", "/none"], [0, 5], 60)
    assert [type(part) for part in parts] == [PathNotFoundError, PathNotFoundError]


def test_what_a_killed_download_left(fs, tmp_path):
    """The next download to the folder removes it, and leaves what a living process writes."""
    alive = unfinished_name()
    dead = f"{alive[:17]}{'0' * 8}{alive[25:]}"
    for name in (alive, dead):
        (tmp_path / name).write_bytes(b"half")
    fs.pipe({"/f": b"1", "/g": b"2"})
    fs.get_file("/f", tmp_path / "f")
    fs.get_file("/g", tmp_path / "g")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([alive, "f", "g"])


def test_two_that_append_at_once(fs, mocker):
    """An append without an offset goes behind what another writer was faster with."""
    fs.pipe("/f", b"first ")
    client = type(fs.client)
    real = client.append

    async def append(self, path, content, *, offset, close=True):
        if content == b"mine":
            mocker.stop(patched)
            await real(self, path, b"theirs ", offset=offset)
        await real(self, path, content, offset=offset, close=close)

    patched = mocker.patch.object(client, "append", append)
    fs.append("/f", b"mine")
    assert fs.cat("/f") == b"first theirs mine"


def test_another_writer_in_the_middle_of_an_append(fs, mocker):
    """What is longer than one request is not mixed with another writer's unnoticed."""
    fs.pipe("/f", b"")
    client = type(fs.client)
    real = client.append

    async def append(self, path, content, *, offset, close=True):
        if offset:
            await real(self, path, b"theirs", offset=offset)
        await real(self, path, content, offset=offset, close=close)

    mocker.patch.object(client, "append", append)
    with pytest.raises(BadOffsetError, match=f"{MAX_BODY} bytes of this append are in it: let one writer"):
        fs.append("/f", bytes(MAX_BODY + 1))


def test_appends_that_are_never_the_fastest(fs, mocker):
    """They give up, and say why."""
    fs.pipe("/f", b"")
    error = BadOffsetError("Invalid offset")
    mocker.patch.object(type(fs.client), "append", side_effect=error)
    with pytest.raises(BadOffsetError, match=r"others append.* 0 bytes of this append"):
        fs.append("/f", b"mine")


@pytest.mark.parametrize("data", [b"text", bytes(MAX_BODY)])
async def test_an_exclusive_creation_whose_answer_is_lost(afs, fault, data, tmp_path):
    """It is found to be done by what the file holds, so that an upload that replaces nothing goes on."""
    for name in ("/piped", "/put"):
        fault(operation="CREATE", path=name, drop="after", times=1)
    await afs._pipe_file("/piped", data, mode="create")
    (tmp_path / "f").write_bytes(data)
    await afs._put_file(tmp_path / "f", "/put", mode="create")
    assert await afs._cat_file("/put") == data
    with pytest.raises(PathExistsError):
        await afs._put_file(tmp_path / "f", "/put", mode="create")


async def test_an_exclusive_creation_that_another_was_faster_with(afs, fault):
    """What holds something else is not taken for one's own, nor is an empty file, as locks are."""
    await afs._pipe({"/other": b"theirs", "/lock": b""})
    for name, data in (("/other", b"mine ok"), ("/lock", b"")):
        fault(operation="CREATE", path=name, drop="before", times=1)
        with pytest.raises(RequestError):
            await afs._pipe_file(name, data, mode="create")
    assert await afs._cat_file("/other") == b"theirs"


async def test_an_append_that_makes_the_file(afs, fault):
    """A lost answer to the creation does not end it."""
    fault(operation="CREATE", drop="after", times=1)
    await afs._pipe_file("/new", b"text", mode="append")
    assert await afs._cat_file("/new") == b"text"
