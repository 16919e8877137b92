"""Guarded processes: whoever dies, in whichever way, nothing is left behind."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.processes import Process, ProcessFailedError, reserve_port

ROOT = Path(__file__).parents[2]
#: Starts a process that leaves its session and its parent's life, and hears no polite signal.
PARENT = """
import os, signal, subprocess, sys, time
stubborn = "import os, signal, time; os.setsid(); signal.signal(15, signal.SIG_IGN); time.sleep(600)"
child = subprocess.Popen([sys.executable, "-c", stubborn])
open(sys.argv[1], "w").write(f"{os.getpid()} {child.pid}\\n")
time.sleep(600)
"""


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(condition) -> None:
    while not condition():
        time.sleep(0.02)


def pids(file: Path) -> list[int]:
    wait_until(lambda: file.exists() and file.read_text().endswith("\n"))
    return [int(pid) for pid in file.read_text().split()]


@pytest.fixture
def family(tmp_path):
    """A guarded process, its pid, and that of its child that hears nothing."""
    file = tmp_path / "pids"
    process = Process("family", [sys.executable, "-c", PARENT, str(file)], os.environ, tmp_path / "log")
    yield process, *pids(file)
    process.let_go()
    process.wait()


def test_let_go_ends_all_descendants(family):
    """A process that is let go takes a child with it that left its session and ignores SIGTERM."""
    process, parent, child = family

    process.let_go()
    process.wait()

    assert [is_alive(parent), is_alive(child)] == [False, False]


def test_descendants_end_with_a_killed_command(family):
    """When the command itself is killed, its orphan is found and ended, and the code shows it."""
    process, parent, child = family

    os.kill(parent, signal.SIGKILL)

    assert process.wait() == 128 + signal.SIGKILL
    assert not is_alive(child)


def test_all_end_with_a_killed_owner(tmp_path):
    """When the process that asked for them is killed outright, nothing that it started survives."""
    file = tmp_path / "pids"
    owner = f"""
import os, sys, time
from pathlib import Path
from scripts.processes import Process
command = [sys.executable, "-c", {PARENT!r}, {str(file)!r}]
Process("family", command, os.environ, Path({str(tmp_path)!r}, "log"))
time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", owner], cwd=ROOT) as killed:
        started = pids(file)
        assert [is_alive(pid) for pid in started] == [True, True]
        killed.kill()

    wait_until(lambda: not any(is_alive(pid) for pid in started))


def test_command_ends_with_a_killed_guard(family):
    """When the guard itself is killed, its command gets a signal to stop."""
    process, parent, child = family

    os.kill(process.pid, signal.SIGKILL)

    wait_until(lambda: not is_alive(parent))
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)


def test_failure_names_the_part_and_its_log(tmp_path):
    """A command that fails is named with its exit code, and the end of its log is at hand."""
    command = [sys.executable, "-c", "print('no room'); raise SystemExit(7)"]
    process = Process("database", command, os.environ, tmp_path / "log")
    process.wait()

    with pytest.raises(ProcessFailedError, match="database failed with code 7") as failure:
        process.finished()

    assert failure.value.tail() == "no room"


def test_port_is_reserved_for_who_names_it():
    """A server that names a reserved port gets it, and the system gives it to nobody else meanwhile."""
    port, reservation = reserve_port()
    with reservation:
        with socket.create_server(("127.0.0.1", port)) as server:
            assert server.getsockname()[1] == port
        # What the system chooses a port for claims it alone, as this one does.
        with socket.socket() as other, pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", port))
