"""`adls-gen1 emulator start --detach`."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import socket

import pytest
import requests

from airflow_provider_adls.emulator.commands import start
from airflow_provider_adls.emulator.commands.detach import options, report_ready

PORTS = ("--port", "0", "--proxy-port", "0")


@pytest.fixture
def detach(command):
    """Starts emulators that outlive their command, and kills those that the test leaves."""
    processes = []

    def detach(*arguments):
        done = command("start", "--detach", *PORTS, *arguments)
        if done.returncode == 0:
            processes.append(int(done.stdout.rsplit("Process ", 1)[1].split()[0]))
        return done

    yield detach
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def test_it_is_ready_when_the_command_is_through(detach, command, home):
    """The emulator answers, prints its URL, and runs until it is stopped; its log is private."""
    done = detach("--account", "lake", "--log-requests", "--latency", "1.5", "--azure-network", "::1")
    assert (done.returncode, done.stderr) == (0, "")
    ready = json.loads((home / ".adls-gen1" / "ready.json").read_text())
    assert f"  URL              {ready['url']}" in done.stdout
    assert "`adls-gen1 emulator stop`" in done.stdout
    requests.get(f"{ready['url']}/common/discovery/instance", verify=ready["ca_file"], timeout=180)
    status = json.loads(command("status", "--json").stdout)
    assert status["accounts"] == ["lake"]
    assert done.stdout.splitlines()[-1].startswith(f"Process {status['pid']} was left running")
    log = home / ".adls-gen1" / "emulator.log"
    assert "login discovery" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600
    assert command("stop").returncode == 0


def test_the_cause_of_a_failed_start_is_printed(detach, command, home):
    """The command ends with the emulator's status and output; the log keeps its earlier lines."""
    assert detach().returncode == 0
    log = home / ".adls-gen1" / "emulator.log"
    before = log.read_text()
    done = detach()
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("adls-gen1: error: data folder ")
    assert "is in use" in done.stderr
    assert log.read_text() == before + done.stderr
    assert command("status").returncode == 0
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])
        done = command("start", "-d", "--data", home / "other", "--port", port)
    assert (done.returncode, "Address already in use" in done.stderr) == (2, True)


def test_in_memory_it_needs_a_ready_file(detach, command, tmp_path):
    """Without one nothing would find it again; with one it is found, and has its log beside it."""
    assert "needs --ready-file" in detach("--in-memory").stderr
    ready_file = tmp_path / "a b" / "ready"
    assert detach("--in-memory", "--ready-file", ready_file).returncode == 0
    assert ready_file.with_name("ready.log").exists()
    assert command("stop", "--ready-file", ready_file).returncode == 0
    done = detach("--in-memory", "--ready-file", "/proc/none/x")
    assert (done.returncode, "/proc/none/x.log cannot be written" in done.stderr) == (2, True)


def test_its_log_goes_through_no_link(detach, tmp_path, home):
    """A link where the log belongs, in a folder that others write to or in the data folder, is refused."""
    mine = tmp_path / "mine"
    mine.write_text("mine")
    (tmp_path / "ready.log").symlink_to(mine)
    done = detach("--in-memory", "--ready-file", tmp_path / "ready")
    assert done.returncode == 2
    assert f"{tmp_path / 'ready.log'} cannot be written: it is a link" in done.stderr
    (home / ".adls-gen1").mkdir()
    (home / ".adls-gen1" / "emulator.log").symlink_to(mine)
    assert "cannot be written: it is a link" in detach().stderr
    assert mine.read_text() == "mine"


def test_a_command_that_was_killed_meanwhile():
    """An emulator runs on after its command was killed."""
    reader, writer = os.pipe()
    os.close(reader)
    report_ready(writer)


def test_every_option_reaches_it():
    """Each option of the command is passed on to the emulator, `--detach` excepted."""
    parser = argparse.ArgumentParser()
    start.add_arguments(parser)
    given = {
        "host": ["--host=::1"],
        "port": ["--port=1"],
        "proxy_port": ["--proxy-port=2"],
        "data": ["--data=a b"],
        "account": ["--account=one", "--account=two"],
        "host_name": ["--host-name=emulator"],
        "storage_account": ["--storage-account=gen2=raw,more"],
        "azure_network": ["--azure-network=172.18.0.0/16"],
        "certificate": ["--certificate=c.pem"],
        "key": ["--key=k.pem"],
        "latency": ["--latency=1.5"],
        "ready_file": ["--ready-file=-x"],
        "log_requests": ["--log-requests"],
        "in_memory": ["--in-memory"],
    }
    assert set(given) | {"detach", "ready_fd", "run"} == set(vars(parser.parse_args([])))
    for left_out in ("data", "in_memory"):
        words = [word for name, words in given.items() if name != left_out for word in words]
        arguments = parser.parse_args(words)
        assert parser.parse_args(options(arguments)) == arguments
