"""`adls-gen1 emulator stop`."""

from __future__ import annotations

import json
import os
import signal
import socket
from urllib.parse import urlsplit

from airflow_provider_adls.cli import main
from airflow_provider_adls.emulator import Emulator
from tests.emulator.conftest import ADDRESS


def test_it_has_stopped_when_the_command_is_through(start, command, home):
    """The process is gone in good order, its ports and its folder are free, and its ready file is gone."""
    process = start("--account", "lake", "--host", ADDRESS)
    ready_file = home / ".adls-gen1" / "ready.json"
    url = json.loads(ready_file.read_text())["url"]
    done = command("stop")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"Stopped the emulator at {url}, process {process.pid}.\n"
    with socket.create_server((ADDRESS, urlsplit(url).port)):
        assert process.wait(180) == 0
    assert not ready_file.exists()
    again = command("stop")
    assert (again.returncode, again.stdout) == (3, "")
    start()


def test_the_one_that_is_meant_is_stopped(start, command, tmp_path):
    """Of two emulators the other goes on."""
    memory, folder = tmp_path / "memory.json", tmp_path / "data"
    one = start("--in-memory", "--ready-file", str(memory), ready_file=memory)
    other = start("--data", str(folder), ready_file=folder / "ready.json")
    assert command("stop", "--ready-file", memory).returncode == 0
    assert (one.wait(180), other.poll()) == (0, None)
    assert command("stop", "--data", folder).returncode == 0
    assert other.wait(180) == 0


def test_one_that_ended_before_has_stopped(start, tmp_path, mocker, capsys):
    """`stop` succeeds when the process ends just before its signal."""
    ready_file = tmp_path / "ready.json"
    process = start("--in-memory", "--ready-file", str(ready_file), ready_file=ready_file)
    real = os.kill

    def late(number, signal_):
        real(process.pid, signal.SIGKILL)
        process.wait(180)
        real(number, signal_)

    mocker.patch("os.kill", late)
    assert main(["emulator", "stop", "--ready-file", str(ready_file)]) == 0
    assert f"process {process.pid}." in capsys.readouterr().out


def test_a_program_that_has_an_emulator_is_not_stopped(command, tmp_path):
    """An emulator inside another program is not stopped, even with a ready file."""
    with Emulator(data=tmp_path) as emulator:
        ready_file = tmp_path / "ready.json"
        ready_file.write_text(json.dumps(emulator.ready | {"pid": os.getpid()}))
        done = command("stop", "--data", tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "stop it where it was started" in done.stderr
        assert emulator.url in done.stderr


def test_one_that_does_not_stop_is_not_killed(start, command, tmp_path):
    """A process that does not end in time is reported, and left alone."""
    ready_file = tmp_path / "ready.json"
    process = start("--in-memory", "--ready-file", str(ready_file), ready_file=ready_file)
    process.send_signal(signal.SIGSTOP)
    done = command("stop", "--ready-file", ready_file, "--timeout", "0.2")
    process.send_signal(signal.SIGCONT)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"process {process.pid} has not stopped within 0.2 seconds of SIGTERM" in done.stderr
    assert process.wait(180) == 0
