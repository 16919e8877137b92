"""Transfers that are stopped: nothing goes on, nothing half-made is left, and what was there stays."""

import asyncio
import os
import signal

import pytest

from airflow_provider_adls.client import WebHdfsClient
from airflow_provider_adls.hooks import running as transfer
from airflow_provider_adls.operators.files import ADLSGen1ListOperator


@pytest.fixture
def endless(mocker):
    """Makes requests that are under way for ever, and of which the first sends a signal to this process.

    It takes what the signal does.
    """
    # On a busy machine it takes longer to remove what was begun than Airflow would wait.
    mocker.patch.object(transfer, "CLEAN_UP", 120.0)
    before = signal.getsignal(signal.SIGUSR1)
    sent = []

    async def signal_and_wait(*_, **__):
        if not sent:
            sent.append(signal.SIGUSR1)
            os.kill(os.getpid(), signal.SIGUSR1)
        await asyncio.Event().wait()

    def on_signal(handler):
        signal.signal(signal.SIGUSR1, handler)
        return signal_and_wait

    yield on_signal
    signal.signal(signal.SIGUSR1, before)


def time_out(*_):
    raise TimeoutError("of the task")


def kill(*_):
    ADLSGen1ListOperator(task_id="of_any_kind", path="/").on_kill()


STOPS = {"timeout": (time_out, TimeoutError), "kill": (kill, InterruptedError)}


@pytest.mark.parametrize(("handler", "error"), STOPS.values(), ids=STOPS)
@pytest.mark.parametrize("size", [9 * 2**20, 40 * 2**20])
def test_a_stopped_upload_leaves_what_was_there(hook, tmp_path, mocker, endless, handler, error, size):
    """After a timeout, or when the task is killed, a file in one part or in several is not there."""
    hook.filesystem.pipe("/big", b"old")
    (tmp_path / "big").write_bytes(bytes(size))
    mocker.patch.object(WebHdfsClient, "append", endless(handler))
    with pytest.raises(error):
        hook.upload(f"{tmp_path}/big", "/big")
    assert hook.filesystem.ls("/", detail=False) == ["/big"]
    assert hook.filesystem.cat("/big") == b"old"


@pytest.mark.parametrize(("handler", "error"), STOPS.values(), ids=STOPS)
def test_a_stopped_download_leaves_what_was_there(hook, tmp_path, mocker, endless, handler, error):
    """The same the other way."""
    hook.filesystem.pipe("/big", b"new")
    (tmp_path / "big").write_text("old")
    mocker.patch.object(WebHdfsClient, "read", endless(handler))
    with pytest.raises(error):
        hook.download("/big", f"{tmp_path}/big")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("big", "old")]
