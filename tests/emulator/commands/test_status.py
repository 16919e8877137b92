"""`adls-gen1 emulator status`."""

from __future__ import annotations

import json
import re
import socket
import ssl
import threading
import time

import pytest

import airflow_provider_adls
from airflow_provider_adls.emulator import Emulator


def test_nothing_runs(command, home):
    """Where no emulator runs, the status is 3 and the file that was looked for is named."""
    done = command("status")
    assert (done.returncode, done.stdout) == (3, "")
    ready_file = home / ".adls-gen1" / "ready.json"
    assert done.stderr.startswith(f"adls-gen1: error: no emulator runs: {ready_file} does not exist. ")
    assert not ready_file.parent.exists()
    said = json.loads(command("status", "--json").stdout)
    assert (said["running"], said["ready_file"]) == (False, str(ready_file))


def test_what_runs_is_said(start, command):
    """Version, URLs, folder, process, start and accounts are printed as text and as JSON."""
    before = time.time()
    process = start("--account", "lake", "--account", "another")
    done = command("status")
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(command("status", "--json").stdout)
    assert said["running"]
    assert (said["pid"], said["accounts"]) == (process.pid, ["another", "lake"])
    assert before <= said["started"] <= time.time()
    first, *lines = done.stdout.splitlines()
    assert first == f"ADLS emulator {airflow_provider_adls.__version__} is running."
    rows = dict(re.split(" {2,}", line.strip(), maxsplit=1) for line in lines if line)
    assert (rows["URL"], rows["data"], rows["process"]) == (said["url"], said["data"], str(process.pid))
    assert rows["accounts"] == "another, lake"
    assert rows["since"].startswith("20")
    assert "its time" not in rows


def test_it_is_found_in_each_way(start, command, home, tmp_path):
    """By its folder, by its ready file, and by the environment's variable; in memory too."""
    memory, folder = tmp_path / "memory.json", tmp_path / "data"
    one = start("--in-memory", "--ready-file", str(memory), ready_file=memory)
    other = start("--data", str(folder), ready_file=folder / "ready.json")

    def found(*arguments, **environment):
        done = command("status", "--json", *arguments, **environment)
        return json.loads(done.stdout).get("pid", done.returncode)

    assert found("--ready-file", memory) == one.pid
    assert found("--data", folder) == other.pid
    assert found(ADLS_GEN1_EMULATOR=str(memory)) == one.pid
    assert found("--data", folder, ADLS_GEN1_EMULATOR=str(memory)) == other.pid
    assert found() == 3
    done = command("status", ADLS_GEN1_EMULATOR="https://127.0.0.1:10443")
    assert (done.returncode, "ADLS_GEN1_EMULATOR is a URL" in done.stderr) == (2, True)


@pytest.mark.parametrize("memory", [True, False])
def test_a_killed_one_is_not_taken_for_running(start, command, tmp_path, memory):
    """All commands recognise the ready file of a killed emulator."""
    ready_file = tmp_path / "ready.json"
    where = ("--in-memory",) if memory else ("--data", str(tmp_path))
    killed = start(*where, "--ready-file", str(ready_file), ready_file=ready_file)
    killed.kill()
    killed.wait(180)
    for action in ("status", "stop"):
        done = command(action, "--ready-file", ready_file)
        assert (done.returncode, done.stdout) == (3, "")
        assert done.stderr == f"adls-gen1: error: no emulator runs: {ready_file} is of one that was killed\n"


def test_one_that_hangs_differs_from_none(start, command, tmp_path):
    """A suspended emulator is reported as not answering, with status 1."""
    ready_file = tmp_path / "ready.json"
    process = start("--in-memory", "--ready-file", str(ready_file), ready_file=ready_file)
    ready = json.loads(ready_file.read_text())
    # Its port is another's, who never answers, and its process is there.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]

        def hang_up():
            silent.accept()[0].close()

        threading.Thread(target=hang_up, daemon=True).start()
        with ready_file.open("r+") as file:
            file.write(json.dumps(ready | {"url": f"https://127.0.0.1:{port}"}))
            file.truncate()
        done = command("status", "--ready-file", ready_file)
    assert done.returncode == 1
    assert done.stderr.startswith(f"adls-gen1: error: process {process.pid} does not answer at https://127")


def test_one_that_stops_as_it_is_asked(command, tmp_path):
    """An emulator that hangs up because it stops is one that does not run, and no one that hangs."""
    ready_file = tmp_path / "ready.json"
    listener = socket.create_server(("127.0.0.1", 0))

    def leave():
        with listener.accept()[0]:
            listener.close()

    with Emulator() as emulator:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        ready_file.write_text(json.dumps(emulator.ready | {"url": url}))
        leaving = threading.Thread(target=leave)
        leaving.start()
        done = command("status", "--ready-file", ready_file)
        leaving.join()
    assert (done.returncode, done.stdout) == (3, "")
    assert "no emulator runs" in done.stderr


def test_a_file_that_is_not_a_ready_file_is_named(command, tmp_path):
    """A file of something else is named, and left alone."""
    for content in ("", "[]", '{"url": "https://127.0.0.1:1"}', "\x00"):
        path = tmp_path / "other"
        path.write_text(content)
        done = command("status", "--ready-file", path)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == f"adls-gen1: error: {path} is not an emulator's ready file\n"
        assert path.read_text() == content
    assert "cannot be read" in command("status", "--ready-file", tmp_path).stderr


def test_the_emulators_own_time_is_shown_where_it_differs(tmp_path, command):
    """The status of an emulator with a moved clock shows its time."""
    with Emulator() as emulator:
        emulator.clock.move(86_400)
        ready_file = tmp_path / "ready.json"
        ready_file.write_text(json.dumps(emulator.ready))
        assert "its time" in command("status", "--ready-file", ready_file).stdout


def test_a_stranger_at_the_port_is_not_believed(tmp_path, command):
    """A server without the key of the emulator's certificate authority is not taken for it."""
    with Emulator() as emulator, Emulator() as other:
        ready_file = tmp_path / "ready.json"
        ready_file.write_text(json.dumps(emulator.ready | {"url": other.url}))
        assert command("status", "--ready-file", ready_file).returncode == 3
        with pytest.raises(ssl.SSLCertVerificationError):
            ssl.create_default_context(cafile=emulator.ca_file).wrap_socket(
                socket.create_connection(("127.0.0.1", int(other.url.rpartition(":")[2]))),
                server_hostname="127.0.0.1",
            )
