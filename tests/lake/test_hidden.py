"""What killed writers leave behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from airflow_provider_adls.lake import hidden as leftovers
from airflow_provider_adls.lake.hidden import (
    ABANDONED,
    QUIET,
    Work,
    hidden_files,
    is_left_behind,
    part_bytes,
    sweep,
    sweep_and_list,
    sweep_folders,
    unfinished_name,
)
from airflow_provider_adls.model.errors import AccessDeniedError
from airflow_provider_adls.model.paths import is_unfinished, kept_name

PRINT = """
from airflow_provider_adls.lake.hidden import unfinished_name
print(unfinished_name(), flush=True)
import time; time.sleep(600)
"""


@pytest.fixture(scope="module")
def dead():
    """A hidden name of a process that was killed."""
    with subprocess.Popen([sys.executable, "-c", PRINT], stdout=subprocess.PIPE, text=True) as process:
        name = process.stdout.readline().strip()
        assert not is_left_behind(name, 0)
        process.kill()
        # A process that was killed and not yet waited for writes nothing any more.
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert is_left_behind(name, time.time())
    return name


@pytest.fixture
def client(fs):
    return fs.client


def foreign():
    """A hidden name of another machine's."""
    name = unfinished_name()
    return f".{int(name[1:9], 16) ^ 1:08x}{name[9:]}"


def test_names():
    """Names are all different, and known for what they are."""
    names = {unfinished_name() for _ in range(1000)}
    assert len(names) == 1000
    assert all(map(is_unfinished, names))


def test_the_living_and_the_dead(dead):
    """A writer of this machine is known to live or to be dead, at any age of its file."""
    assert is_left_behind(dead, time.time())
    assert not is_left_behind(unfinished_name(), 0)
    assert not is_left_behind(kept_name("work"), 0)


def test_a_number_that_another_process_has_now():
    """A process that has the number of a dead one is not taken for it."""
    name = unfinished_name()
    assert is_left_behind(f"{name[:17]}{'0' * 8}{name[25:]}", time.time())


def test_another_machine():
    """Of a writer on another machine it counts how long its file did not grow."""
    assert not is_left_behind(foreign(), time.time() - ABANDONED + 60)
    assert is_left_behind(foreign(), time.time() - ABANDONED - 60)


def test_without_proc(mocker, dead):
    """Where the system shows processes in no files, a signal finds out whether one lives."""
    mocker.patch.object(leftovers.Path, "read_bytes", side_effect=FileNotFoundError)
    mocker.patch.object(leftovers.Path, "exists", return_value=False)
    mocker.patch.object(leftovers, "_own_prefix", leftovers._own_prefix.__wrapped__)
    assert not is_left_behind(unfinished_name(), 0)
    assert is_left_behind(dead, time.time())


async def test_sweep(client, dead):
    """The files of the dead are removed from a directory, and no others."""
    kept = [".hidden", ".zzz.part", f"{dead}.csv", "file", foreign(), unfinished_name()]
    for name in (*kept, dead):
        await client.create(f"/d/{name}", b"half")
    assert await sweep(client, "/d") == 1
    assert sorted(entry.name for entry in (await client.list_page("/d")).entries) == sorted(kept)


async def test_sweep_asks_little(fs, emulator, dead):
    """Of a directory only the names that begin with a dot are listed, once in a while."""
    fs.pipe({f"/d/{number}": b"" for number in range(5)})
    client = fs.client
    emulator.clear_requests()
    assert [await sweep(client, "/d") for _ in range(3)] == [0] * 3
    assert [request.operation for request in emulator.requests] == ["LISTSTATUS"]


async def test_sweep_of_many(client, dead, monkeypatch):
    """Hidden names on more pages than one are all found."""
    monkeypatch.setattr(leftovers, "_PAGE", 2)
    for number in range(5):
        await client.create(f"/d/{dead[:25]}{number:08x}.part", b"half")
    assert await sweep(client, "/d") == 5


async def test_what_cannot_be_swept_stays(client, mocker):
    """A missing directory or right in a sweep does not make the transfer fail."""
    assert await sweep(client, "/nowhere") == 0
    mocker.patch.object(client, "list_page", side_effect=AccessDeniedError("not yours"))
    assert await sweep(client, "/d") == 0


def test_folders(tmp_path, dead):
    """The same on this machine."""
    for name in (dead, unfinished_name(), "file"):
        (tmp_path / name).write_bytes(b"half")
    assert sweep_folders([tmp_path, tmp_path / "nowhere"]) == 1
    assert not (tmp_path / dead).exists()
    assert len(list(tmp_path.iterdir())) == 2
    (tmp_path / dead / "source").mkdir(parents=True)
    (tmp_path / dead / "source" / "file").touch()
    (other := tmp_path / foreign()).mkdir()
    os.utime(other, (0, 0))
    assert sweep_folders([tmp_path]) == 1
    assert not (tmp_path / dead).exists()


def test_folders_with_what_cannot_be_removed(tmp_path, dead, mocker):
    """A link to nowhere, and what cannot be removed, keep nothing else from going."""
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    (tmp_path / dead).symlink_to(tmp_path / "nowhere")
    for number in range(2):
        (tmp_path / f"{dead[:25]}{number:08x}.part").mkdir()
    mocker.patch.object(leftovers.shutil, "rmtree", side_effect=[PermissionError("not yours"), None])
    assert sweep_folders([tmp_path]) == 2
    assert not (tmp_path / dead).is_symlink()


async def test_parts_of_big_files_stay_for_a_day(client, fs, monkeypatch):
    """What a retry could go on with outlives its writer for a day, or until the file is written."""
    name = Work.of("/d/f", "1").part_name(0, 4)
    dead = f"{name[:17]}{'0' * 8}{name[25:]}"
    fs.pipe(f"/d/{dead}", b"1234")
    assert await sweep(client, "/d") == 0
    await sweep_and_list(client, "/d", Work.of("/d/g", "1"))
    (entry,) = await hidden_files(client, "/d")
    assert Work.of("/d/f", "1").abandoned([entry]) == [entry]
    assert Work.of("/d/f", "2").abandoned([entry]) == []
    assert part_bytes(entry.name) == (0, 4)
    await sweep_and_list(client, "/d", Work.of("/d/f", "2"))
    assert await hidden_files(client, "/d") == []
    fs.pipe(f"/d/{dead}", b"1234")
    monkeypatch.setattr(leftovers, "ABANDONED", -60)
    await sweep_and_list(client, "/d", None)
    assert await hidden_files(client, "/d") == []


def test_parts_of_another_machine():
    """Those of a writer that may live are not gone on with before it was quiet for some minutes."""
    work, now = Work.of("/d/f", "1"), time.time()

    def part(offset, modified):
        name = work.part_name(offset, 4)
        foreign = f".{int(name[1:9], 16) ^ 1:08x}{name[9:]}"
        return SimpleNamespace(name=foreign, modification_time=int(modified * 1000))

    old = [part(0, now - QUIET - 60), part(4, now - QUIET - 60)]
    assert work.abandoned(old) == old
    assert work.abandoned([*old, part(8, now)]) == []
    assert work.abandoned([SimpleNamespace(name=work.part_name(0, 4), modification_time=0)]) == []


def test_parts_of_this_machine_stay_too(tmp_path):
    """The same in a folder."""
    name = Work.of("/d/f", "1").part_name(0, 4)
    part = tmp_path / f"{name[:17]}{'0' * 8}{name[25:]}"
    part.write_bytes(b"1234")
    assert sweep_folders([tmp_path]) == 0
    os.utime(part, (0, 0))
    assert sweep_folders([tmp_path]) == 1
