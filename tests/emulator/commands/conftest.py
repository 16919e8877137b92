"""Emulators as processes, and the commands that are about them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

COMMAND = [str(Path(sys.executable).with_name("adls-gen1"))]
Done = subprocess.CompletedProcess[str]


@pytest.fixture
def home(tmp_path):
    """A user's home, empty."""
    home = tmp_path / "home"
    home.mkdir()
    return home


@pytest.fixture
def start(home):
    """Starts emulators, and sees to their end."""
    running = []

    def start(*arguments, ready_file=None):
        process = subprocess.Popen(
            [*COMMAND, "emulator", "start", "--port", "0", "--proxy-port", "0", *arguments],
            env={**os.environ, "HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        deadline = time.monotonic() + 180
        while not (ready_file or home / ".adls-gen1" / "ready.json").exists():
            assert process.poll() is None, process.stderr.read()
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture
def command(home) -> Callable[..., Done]:
    """Runs a command to its end."""

    def run(*arguments: str, **environment: str) -> Done:
        return subprocess.run(
            [*COMMAND, "emulator", *map(str, arguments)],
            env={**os.environ, "HOME": str(home), **environment},
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=180,
        )

    return run


@pytest.fixture
def stop() -> Callable[..., tuple[int, str, str]]:
    """Stops a process by a signal, and gives its status and all that it printed."""

    def stop(process: subprocess.Popen[str], number: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
        process.send_signal(number)
        output, errors = process.communicate(timeout=180)
        return process.returncode, output, errors

    return stop


@pytest.fixture
def refused(command) -> Callable[..., Done]:
    """Tries a start that must fail."""
    return lambda *arguments: command("start", *arguments)
