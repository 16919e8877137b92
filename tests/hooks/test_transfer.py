"""Many files at a time: the first failure stops the others, and nothing that was there is lost."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from airflow_provider_adls.client import WebHdfsClient
from airflow_provider_adls.gen1.errors import PathExistsError, PathNotFoundError
from airflow_provider_adls.hooks.transfer import PARALLEL, _all, download_files, upload_files
from airflow_provider_adls.operators.files import ADLSGen1ListOperator

MANY = 3 * PARALLEL


@pytest.fixture
def folder(tmp_path):
    for number in range(MANY):
        (tmp_path / f"{number:03}").write_text(str(number))
    return tmp_path


def pairs(folder, prefix):
    return [(f"{folder}/{number:03}", f"{prefix}/{number:03}") for number in range(MANY)]


def test_more_than_at_once(hook, folder, tmp_path):
    """More files than are under way at once all arrive."""
    upload_files(hook.filesystem, pairs(folder, "/many"), overwrite=True)
    back = [(lake, f"{tmp_path}/back-{local.rpartition('/')[2]}") for local, lake in pairs(folder, "/many")]
    download_files(hook.filesystem, back)
    assert [int(Path(target).read_text()) for _, target in back] == list(range(MANY))


def test_a_missing_file(hook, folder, emulator):
    """The error of an upload is the file's own that failed."""
    (folder / "007").unlink()
    with pytest.raises(FileNotFoundError, match="007"):
        upload_files(hook.filesystem, pairs(folder, "/many"), overwrite=True)


async def test_the_first_failure_stops_the_others():
    """What is under way is stopped, and what had not begun does not begin."""
    begun, stopped = [], []

    async def move(source, target):
        begun.append(source)
        if source == "5":
            raise FileNotFoundError(source)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            stopped.append(source)
            raise

    with pytest.raises(FileNotFoundError, match="5"):
        await _all(move, [(str(number), "") for number in range(MANY)])
    assert begun == [str(number) for number in range(len(begun))]
    assert sorted(stopped) == sorted(set(begun) - {"5"})
    assert len(begun) <= PARALLEL


def test_no_file_that_appeared_meanwhile_is_overwritten(hook, folder):
    """Where nothing may be overwritten, the service itself refuses."""
    hook.filesystem.pipe("/many/000", b"old")
    with pytest.raises(PathExistsError):
        upload_files(hook.filesystem, pairs(folder, "/many")[:1], overwrite=False)
    assert hook.filesystem.cat("/many/000") == b"old"


def test_a_failed_download_leaves_what_was_there(hook, tmp_path):
    """A local file stays as it was, with nothing beside it."""
    (tmp_path / "old").write_text("old")
    with pytest.raises(PathNotFoundError):
        download_files(hook.filesystem, [("/nowhere", f"{tmp_path}/old")])
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("old", "old")]


def test_nothing_to_do(hook, emulator):
    """No files are no requests."""
    emulator.clear_requests()
    upload_files(hook.filesystem, [], overwrite=True)
    assert emulator.requests == []


@pytest.fixture
def on_signal():
    """What a signal does, which a request of each transfer sends to this process."""
    before = signal.getsignal(signal.SIGUSR1)
    yield lambda handler: signal.signal(signal.SIGUSR1, handler)
    signal.signal(signal.SIGUSR1, before)


async def signal_and_wait(*_, **__):
    """Stand in for a request that is under way for ever."""
    os.kill(os.getpid(), signal.SIGUSR1)
    await asyncio.Event().wait()


def time_out(*_):
    raise TimeoutError("of the task")


def kill(*_):
    ADLSGen1ListOperator(task_id="of_any_kind", path="/").on_kill()


STOPS = {"timeout": (time_out, TimeoutError), "kill": (kill, InterruptedError)}


@pytest.mark.parametrize(("handler", "error"), STOPS.values(), ids=STOPS)
def test_a_stopped_upload_leaves_what_was_there(hook, tmp_path, mocker, on_signal, handler, error):
    """After a timeout, or when the task is killed, nothing goes on and nothing half-made is left."""
    hook.filesystem.pipe("/big", b"old")
    (tmp_path / "big").write_bytes(bytes(9 * 2**20))
    mocker.patch.object(WebHdfsClient, "append", signal_and_wait)
    on_signal(handler)
    with pytest.raises(error):
        hook.upload(f"{tmp_path}/big", "/big")
    assert hook.filesystem.ls("/", detail=False) == ["/big"]
    assert hook.filesystem.cat("/big") == b"old"


@pytest.mark.parametrize(("handler", "error"), STOPS.values(), ids=STOPS)
def test_a_stopped_download_leaves_what_was_there(hook, tmp_path, mocker, on_signal, handler, error):
    """The same the other way."""
    hook.filesystem.pipe("/big", b"new")
    (tmp_path / "big").write_text("old")
    mocker.patch.object(WebHdfsClient, "read", signal_and_wait)
    on_signal(handler)
    with pytest.raises(error):
        hook.download("/big", f"{tmp_path}/big")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("big", "old")]
