"""The server's thread."""

from __future__ import annotations

import contextlib
import threading

import pytest

from airflow_provider_adls.emulator.thread import ServerThread


def servers():
    """The threads that answer requests; other threads of the process come and go as they like."""
    return [thread for thread in threading.enumerate() if thread.name == "adls-gen1-emulator"]


@contextlib.asynccontextmanager
async def failing():
    raise LookupError("cannot serve")
    yield


@contextlib.asynccontextmanager
async def serving():
    yield


def test_failure_to_start_is_the_starters():
    """An error of the server's start is raised by `start`, and the thread has ended."""
    before = servers()
    with pytest.raises(LookupError, match="cannot serve"):
        ServerThread(failing).start()
    assert servers() == before


def test_functions_run_in_the_thread():
    """A function runs where requests are answered, and its result or error comes back."""
    thread = ServerThread(serving)
    thread.start()
    assert thread.call(lambda: threading.current_thread().name) == "adls-gen1-emulator"
    with pytest.raises(ZeroDivisionError):
        thread.call(lambda: 1 / 0)
    thread.stop()
