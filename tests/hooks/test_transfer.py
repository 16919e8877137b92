"""Transfers that are stopped: nothing goes on, nothing half-made is left, and what was there stays."""

import asyncio
import os
import signal

import pytest

from airflow_provider_adls.client import WebHdfsClient
from airflow_provider_adls.operators.files import ADLSGen1ListOperator


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
@pytest.mark.parametrize("size", [9 * 2**20, 40 * 2**20])
def test_a_stopped_upload_leaves_what_was_there(hook, tmp_path, mocker, on_signal, handler, error, size):
    """After a timeout, or when the task is killed, a file in one part or in several is not there."""
    hook.filesystem.pipe("/big", b"old")
    (tmp_path / "big").write_bytes(bytes(size))
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
