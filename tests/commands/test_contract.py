"""What scripts and terminals rely on, tried with processes."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import signal
import subprocess
import sys
import time

import pytest

from tests.commands.conftest import COMMAND

IMPORTED = """
import sys
from airflow_provider_adls.cli import main
status = main(sys.argv[1:])
sys.stderr.write("\\n".join(sys.modules))
sys.exit(status)
"""
#: Makes the terminal of a new session its own, so that Ctrl-C is a signal.
TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.fixture
def modules(process):
    """Runs a command, and returns which modules its process imported."""

    def modules(*arguments):
        ended = subprocess.run([sys.executable, "-c", IMPORTED, *arguments], capture_output=True, text=True)
        assert ended.returncode == 0, ended.stderr
        return set(ended.stderr.splitlines())

    return modules


@pytest.fixture
def started():
    """Starts commands, and sees to their end."""
    running = []

    def started(*arguments, **settings):
        process = subprocess.Popen([COMMAND, *map(str, arguments)], **settings)
        running.append(process)
        return process

    yield started
    for process in running:
        process.kill()
        with contextlib.suppress(BrokenPipeError):
            process.communicate()


def until(condition):
    """Wait until something is so."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def in_a_terminal(*arguments, typed=b""):
    """Run a command with a terminal for all its streams; its status, and what it showed."""
    ours, terminal = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", TERMINAL, COMMAND, *map(str, arguments)],
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    )
    os.close(terminal)
    shown, patience = b"", 0.5
    with contextlib.suppress(OSError):
        while True:
            if select.select([ours], [], [], patience)[0]:
                block = os.read(ours, 65536)
                if not block:
                    break
                shown += block
            elif typed and b"[y/N]: " in shown:
                # Python may miss a Ctrl-C that comes just before it reads: people press again too.
                os.write(ours, typed)
                patience = 10
    os.close(ours)
    return process.wait(60), shown.decode()


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("ls", "--help"), ("--version",), ("completion", "bash"), ("emulator", "start", "--help")],
)
def test_a_start_is_light(modules, arguments):
    """Help and version import click and the standard library: no client, no service, no Airflow."""
    imported = {name.partition(".")[0] for name in modules(*arguments)}
    assert imported.isdisjoint({"airflow", "aiohttp", "adal", "azure", "fsspec", "requests", "rich", "yaml"})


def test_no_airflow_without_a_connection(environment, lake, modules):
    """A command that signs in by the environment imports no Airflow, and no SDK for accounts."""
    lake.pipe_file("/raw/day.csv", b"1")
    imported = modules("ls", "/raw")
    assert not [
        name for name in imported if name.partition(".")[0] in {"airflow", "azure", "rich", "sqlalchemy"}
    ]
    assert len(imported) < 1000


def test_no_airflow_for_a_transfer(environment, tmp_path, lake, modules):
    """A transfer imports none either: its lineage is reported to no collector."""
    (tmp_path / "day.csv").write_bytes(b"1")
    imported = modules("put", str(tmp_path / "day.csv"), "/raw/")
    assert not [name for name in imported if name.partition(".")[0] == "airflow"]
    assert lake.exists("/raw/day.csv")


def test_a_reader_that_goes(environment, lake):
    """A reader that has seen enough ends the command by 141, without a word."""
    lake.pipe_file("/raw/big", b"line\n" * 4_000_000)
    script = f'{COMMAND} cat /raw/big | head -n 1; echo "${{PIPESTATUS[0]}}"'
    ended = subprocess.run(["bash", "-c", script], capture_output=True, text=True)
    assert (ended.stdout, ended.stderr) == ("line\n141\n", "")
    closed = subprocess.run(["bash", "-c", f"{COMMAND} ls /raw >&-"], capture_output=True, text=True)
    assert closed.stderr == "adls-gen1: error: the standard output is closed\n"
    assert closed.returncode == 1


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_put_that_is_stopped(
    environment, lake, emulator, account, fault, started, tmp_path, number, status
):
    """A signal ends a transfer in good order: nothing of it is left, and what was there is as it was."""
    lake.pipe_file("/raw/big", b"old")
    (tmp_path / "big").write_bytes(bytes(64 * 2**20))
    fault(operation="APPEND", delay=2)
    process = started("put", tmp_path / "big", "/raw/big", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    until(lambda: any(entry["name"] != "/raw/big" for entry in lake.ls("/raw")))
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (status, b"")
    assert b"Traceback" not in err
    assert lake.ls("/raw", detail=False) == ["/raw/big"]
    assert lake.cat_file("/raw/big") == b"old"


def test_a_pipe_that_is_stopped(environment, lake, started):
    """The same is true of a file that comes by a pipe."""
    lake.mkdir("/raw")
    process = started(
        "put", "-", "/raw/big", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdin.write(bytes(16 * 2**20))
    process.stdin.flush()
    until(lambda: lake.ls("/raw"))
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    assert lake.ls("/raw") == []


def test_a_get_that_is_stopped(environment, lake, fault, started, tmp_path):
    """A download leaves nothing on this machine."""
    lake.pipe_file("/raw/big", bytes(64 * 2**20))
    fault(operation="OPEN", delay=2)
    process = started("get", "/raw/big", tmp_path / "big", stderr=subprocess.PIPE)
    until(lambda: list(tmp_path.iterdir()))
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert list(tmp_path.iterdir()) == []


def test_a_tree_is_asked_for(environment, lake):
    """On a terminal a tree goes after a yes alone, or with --yes."""
    lake.pipe_file("/raw/deep/a", bytes(1536))
    status, shown = in_a_terminal("rm", "-r", "/raw", typed=b"n\n")
    assert status == 1
    assert "Delete 2 directories and 1 file (1.5 KiB) at '/raw'? [y/N]" in shown
    assert "nothing was deleted" in shown
    assert lake.exists("/raw/deep/a")
    status, shown = in_a_terminal("rm", "-r", "/raw", typed=b"y\n")
    assert (status, "1 path deleted" in shown) == (0, True)
    lake.pipe_file("/raw/a", b"1")
    status, shown = in_a_terminal("rm", "-r", "--yes", "/raw")
    assert (status, shown) == (0, "1 path deleted\r\n")


def test_many_paths_are_asked_for(environment, lake):
    """On a terminal ten files or more are asked for, and one is not."""
    for number in range(10):
        lake.pipe_file(f"/raw/{number}", b"1")
    status, shown = in_a_terminal("rm", "/raw/*", typed=b"\x03")
    assert status == 130
    assert "Delete 10 paths at '/raw/0 and 9 more'? [y/N]" in shown
    assert len(lake.ls("/raw")) == 10
    assert in_a_terminal("rm", "/raw/1")[0] == 0


def test_a_bar_on_a_terminal(environment, lake, fault, tmp_path):
    """A terminal gets a bar, which is gone at the end, and the summary."""
    (tmp_path / "day.csv").write_bytes(b"123")
    fault(operation="CREATE", delay=1)
    status, shown = in_a_terminal("put", tmp_path / "day.csv", "/raw/")
    assert status == 0
    assert "0 of 1 files" in shown
    assert "1 file, 3 B copied to /raw/day.csv" in shown


def test_the_standard_output_is_clean(environment, connect, lake):
    """Nothing that Airflow, its plugins or the package log is printed by a command with a connection."""
    lake.pipe_file("/raw/day.csv", b"1")
    ended = subprocess.run(
        [COMMAND, "ls", "--conn-id", connect("my_lake"), "/raw"], capture_output=True, text=True, timeout=300
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "/raw/day.csv\n", "")


def test_completion(environment, lake, process):
    """A shell completes commands, options, paths of the lake, and the emulator's actions."""
    lake.pipe_file("/raw/a b.csv", b"1")
    lake.mkdir("/raw/deep")

    def completed(*words):
        environment = {
            **os.environ,
            "_ADLS_GEN1_COMPLETE": "bash_complete",
            "COMP_WORDS": " ".join(["adls-gen1", *words]),
            "COMP_CWORD": str(len(words)),
        }
        ended = process(env=environment)
        assert ended.stderr == b""
        return [line.partition(",")[2] for line in ended.stdout.decode().splitlines() if line]

    assert completed("mk") == ["mkdir"]
    assert "--recursive" in completed("rm", "--")
    assert completed("acl", "se") == ["set"]
    assert completed("ls", "/ra") == ["/raw/"]
    assert completed("ls", "/raw/") == ["/raw/a b.csv", "/raw/deep/"]
    assert completed("ls", "/nope/x") == []
    assert completed("emulator", "sta") == ["start", "status"]
    assert "--in-memory" in completed("emulator", "start", "--")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell(process, shell):
    """Each shell gets its own script, which names the program."""
    ended = process("completion", shell)
    assert ended.returncode == 0
    assert b"_ADLS_GEN1_COMPLETE" in ended.stdout
