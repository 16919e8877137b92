"""The command line, as a process."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import requests

from airflow_provider_adls import __version__
from airflow_provider_adls.cli import main

COMMAND = str(Path(sys.executable).with_name("adls-gen1"))
TEXTS = ["url", "proxy_url", "ca_file", "tenant_id", "client_id", "client_secret", "subscription_id"]


def token(ready):
    form = {
        "grant_type": "client_credentials",
        "client_id": ready["client_id"],
        "client_secret": ready["client_secret"],
        "resource": "https://datalake.azure.net/",
    }
    answer = requests.post(
        f"{ready['url']}/{ready['tenant_id']}/oauth2/token", data=form, verify=ready["ca_file"]
    )
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_runs_until_it_is_stopped(start, home, tmp_path, number, stop):
    """Both ready files are private and say the same, and are gone after a stop, which ends with 0."""
    ready_file = tmp_path / "ready"
    # The last that is written.
    default = home / ".adls-gen1" / "ready.json"
    process = start("--account", "lake", "--ready-file", str(ready_file), ready_file=default)
    ready = json.loads(ready_file.read_text())
    assert list(ready) == [*TEXTS, "resource_group", "storage_accounts"]
    assert json.loads(default.read_text()) == ready
    assert {path.stat().st_mode & 0o777 for path in (ready_file, default)} == {0o600}
    status, output, errors = stop(process, number)
    assert (status, errors) == (0, "")
    for name in TEXTS:
        assert ready[name] in output
    assert f"export HTTPS_PROXY={ready['proxy_url']}" in output
    assert "WARNING" not in output
    assert not ready_file.exists()
    assert not default.exists()


def test_restart_keeps_accounts_and_files(start, tmp_path, stop):
    """Files that were written before a stop are read after the next start, with the same CA."""
    data, ready_file = tmp_path / "data", tmp_path / "ready"
    options = ("--data", str(data), "--account", "lake", "--ready-file", str(ready_file))
    cas = []
    for query, content in (("op=CREATE&write=true", b""), ("op=OPEN&read=true", b"content")):
        process = start(*options, ready_file=ready_file)
        ready = json.loads(ready_file.read_text())
        cas.append(Path(ready["ca_file"]).read_bytes())
        answer = requests.request(
            "PUT" if "CREATE" in query else "GET",
            f"{ready['url']}/adls/lake/webhdfs/v1/f?{query}",
            data=None if content else b"content",
            headers=token(ready),
            verify=ready["ca_file"],
        )
        assert answer.content == content
        assert stop(process)[0] == 0
    assert cas[0] == cas[1]


def test_kill_loses_nothing(start, home):
    """After a SIGKILL the folder is free, and its account and CA are as they were."""
    ready_file = home / ".adls-gen1" / "ready.json"
    killed = start("--account", "lake")
    before = json.loads(ready_file.read_text())
    killed.kill()
    killed.wait()
    ready_file.unlink()
    start()
    ready = json.loads(ready_file.read_text())
    answer = requests.get(
        f"{ready['url']}/adls/lake/webhdfs/v1/?op=LISTSTATUS", headers=token(ready), verify=before["ca_file"]
    )
    assert answer.status_code == 200


def test_kill_in_the_middle_of_writes_leaves_what_was_answered(start, home):
    """Killed under eight writers, it starts again with every file that it had answered for, whole."""
    ready_file = home / ".adls-gen1" / "ready.json"
    killed = start("--account", "lake")
    ready = json.loads(ready_file.read_text())
    headers, answered, enough = token(ready), set(), threading.Event()

    def write(writer):
        with requests.Session() as session, contextlib.suppress(requests.RequestException):
            session.trust_env, session.verify = False, ready["ca_file"]
            for number in itertools.count():
                name = f"{writer}-{number}"
                url = f"{ready['url']}/adls/lake/webhdfs/v1/{name}"
                # Written under another name, appended to and renamed: three changes that stand or fall.
                made = session.put(f"{url}.part?op=CREATE&write=true", data=name, headers=headers)
                session.post(f"{url}.part?op=APPEND&append=true", data=f"|{name}" * 100, headers=headers)
                renamed = session.put(f"{url}.part?op=RENAME&destination=/{name}", headers=headers)
                if (made.status_code, renamed.json()) == (201, {"boolean": True}):
                    answered.add(name)
                if len(answered) >= 40:
                    enough.set()

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(8)]
    for writer in writers:
        writer.start()
    assert enough.wait(180)
    killed.kill()
    killed.wait()
    for writer in writers:
        writer.join()
    ready_file.unlink()
    start()
    ready = json.loads(ready_file.read_text())
    url = f"{ready['url']}/adls/lake/webhdfs/v1"
    with requests.Session() as session:
        session.trust_env, session.verify = False, ready["ca_file"]
        session.headers.update(token(ready))
        for name in answered:
            content = session.get(f"{url}/{name}?op=OPEN&read=true").text
            assert content == name + f"|{name}" * 100
        listed = session.get(f"{url}/?op=LISTSTATUS").json()["FileStatuses"]["FileStatus"]
        lengths = {status["pathSuffix"].removesuffix(".part"): status["length"] for status in listed}
    # One in hand of each writer may be there too: made, appended to or renamed, and nothing in between.
    assert len(set(lengths) - answered) <= 8
    for name, length in lengths.items():
        assert length in {len(name), len(name) + 100 * (len(name) + 1)}


def test_memory_keeps_nothing(start, home, tmp_path, stop):
    """In memory nothing is written to the user's home, and the temporary CA is gone at the end."""
    ready_file = tmp_path / "ready"
    process = start("--in-memory", "--ready-file", str(ready_file), ready_file=ready_file)
    ca_file = Path(json.loads(ready_file.read_text())["ca_file"])
    assert ca_file.exists()
    assert stop(process)[0] == 0
    assert not ca_file.parent.exists()
    assert list(home.iterdir()) == []


def test_ready_file_of_another_is_left(start, tmp_path, stop):
    """A ready file that another emulator has written over is not removed."""
    ready_file = tmp_path / "ready"
    process = start("--in-memory", "--ready-file", str(ready_file), ready_file=ready_file)
    ready_file.write_text("another's")
    assert stop(process)[0] == 0
    assert ready_file.read_text() == "another's"


def test_open_address_is_warned_of(start, stop):
    """A start beyond loopback prints a warning."""
    assert "WARNING" in stop(start("--host", "0.0.0.0"))[1]


def test_interrupts_that_a_shell_ignores_still_stop_it(tmp_path):
    """A background job of a script, which begins with SIGINT ignored, can be interrupted all the same."""
    ready_file = tmp_path / "ready"
    script = (
        f"'{COMMAND}' emulator start --in-memory --port 0 --proxy-port 0 --ready-file '{ready_file}' & "
        f"while ! test -e '{ready_file}'; do sleep 0.05; done; kill -INT $!; wait $!"
    )
    done = subprocess.run(["sh", "-c", script], capture_output=True, timeout=180)
    assert done.returncode == 0


def test_busy_port_is_named(refused):
    """A port in use is named in one line, with status 2."""
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])
        done = refused("--in-memory", "--port", port)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"adls-gen1: error: cannot listen at 127.0.0.1 port {port}: Address already in use: take another"
        " port, or take free ports with --port 0 --proxy-port 0\n"
    )


@pytest.mark.parametrize("option", ["--port", "--proxy-port"])
def test_a_port_of_another_emulator_is_named_with_its_url(refused, emulator, option):
    """A second start on the ports of a running emulator, TLS or proxy, names that one and what to do."""
    taken = emulator.url if option == "--port" else emulator.proxy_url
    port = taken.rpartition(":")[2]
    free = "--proxy-port" if option == "--port" else "--port"
    done = refused("--in-memory", option, port, free, "0")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"adls-gen1: error: cannot listen at 127.0.0.1 port {port}: Address already in use by the emulator at"
        f" {emulator.url}: use or stop that one, or take free ports with --port 0 --proxy-port 0\n"
    )


def test_used_folder_is_named(start, home, refused):
    """A folder in use is named with its process, with status 2, and its ready file is left alone."""
    running = start()
    done = refused("--port", "0", "--proxy-port", "0")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(
        f"adls-gen1: error: data folder {home / '.adls-gen1'} is in use by another emulator,"
        f" process {running.pid}: "
    )
    assert done.stderr.count("\n") == 1
    assert (home / ".adls-gen1" / "ready.json").exists()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--in-memory", "--account", "Not_a_name"), "Not_a_name"),
        (("--in-memory", "--storage-account", "gen2=Raw"), "container 'Raw'"),
        (("--in-memory", "--port", "65536"), "65536"),
        (("--in-memory", "--latency", "-1"), "latency"),
        (("--in-memory", "--azure-network", "10.0.0.1/8"), "Azure network"),
        (("--in-memory", "--host", "192.0.2.1"), "192.0.2.1"),
        (("--port", "0", "--proxy-port", "0", "--data", "/proc/none"), "/proc/none"),
        (("--in-memory", "--port", "0", "--proxy-port", "0", "--ready-file", "/proc/none/x"), "/proc/none/x"),
    ],
)
def test_wrong_arguments_are_refused(arguments, word, refused):
    """A wrong argument is named in one line, with status 2."""
    done = refused(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("adls-gen1: error: ")
    assert word in done.stderr
    assert done.stderr.count("\n") == 1


def test_it_is_a_function_too(tmp_path, capsys):
    """Run in a program, it gives signals back as they were, however many came."""
    ready_file = tmp_path / "ready"
    main_thread = threading.get_ident()
    # The second one may come when all is as it was, and would end this process then.
    previous = signal.signal(signal.SIGTERM, lambda *_: None)
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]

    def stop_twice():
        while not ready_file.exists():
            time.sleep(0.01)
        signal.pthread_kill(main_thread, signal.SIGINT)
        signal.pthread_kill(main_thread, signal.SIGTERM)

    stopper = threading.Thread(target=stop_twice, daemon=True)
    stopper.start()
    options = ["--data", str(tmp_path / "data"), "--port", "0", "--proxy-port", "0", "--host", "0.0.0.0"]
    assert main(["emulator", "start", *options, "--ready-file", str(ready_file)]) == 0
    stopper.join()
    signals = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    signal.signal(signal.SIGTERM, previous)
    assert signals == handlers
    assert not ready_file.exists()
    assert "WARNING" in capsys.readouterr().out
    assert main(["emulator", "start", "--in-memory", "--account", "Not_a_name"]) == 2
    assert "Not_a_name" in capsys.readouterr().err


def test_data_and_memory_exclude_each_other(refused):
    """A data folder and memory exclude each other."""
    assert refused("--in-memory", "--data", "x").returncode == 2


def test_version_is_the_packages():
    """The command prints its version."""
    done = subprocess.run([COMMAND, "--version"], capture_output=True, text=True)
    assert done.stdout == f"adls-gen1 {__version__}\n"


def test_requests_are_printed_where_that_is_wanted(start, stop, home):
    """With --log-requests each has a line, without secrets; a name is shown in UTF-8 in any locale."""
    ready_file = home / ".adls-gen1" / "ready.json"
    process = start("--account", "lake", "--log-requests")
    ready = json.loads(ready_file.read_text())
    headers = token(ready)
    url = f"{ready['url']}/adls/lake/webhdfs/v1/größe 1?op=CREATE&write=true"
    requests.put(url, data=b"x", headers=headers, verify=ready["ca_file"])
    output = stop(process)[1]
    printed = [line.split() for line in output.splitlines() if line.startswith("20")]
    assert [words[1:6] for words in printed] == [
        ["200", "login", "token", "-", f"/{ready['tenant_id']}/oauth2/token"],
        ["201", "lake", "CREATE", "lake", r"/größe\x201"],
    ]
    assert headers["Authorization"].split()[1] not in output


def test_requests_are_answered_when_nobody_reads_the_lines(home, tmp_path):
    """An emulator whose output goes to a program that has ended answers as before."""
    ready_file = tmp_path / "ready"
    arguments = f"--in-memory --port 0 --proxy-port 0 --log-requests --ready-file '{ready_file}'"
    with subprocess.Popen(
        ["bash", "-c", f"'{COMMAND}' emulator start {arguments} > >(head -n 1 >/dev/null) & wait $!"]
    ) as shell:
        while not ready_file.exists():
            time.sleep(0.05)
        time.sleep(0.5)
        ready = json.loads(ready_file.read_text())
        for _ in range(3):
            assert "Authorization" in token(ready)
        done = subprocess.run([COMMAND, "emulator", "stop", "--ready-file", str(ready_file)])
        assert (done.returncode, shell.wait(180)) == (0, 0)


def test_what_it_says_first_comes_in_one_piece(tmp_path):
    """The start goes on when its reader closes the pipe after the first line, also without buffering."""
    ready_file = tmp_path / "ready"
    # This one keeps the pieces apart.
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    options = ["--in-memory", "--port", "0", "--proxy-port", "0", "--ready-file", str(ready_file)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with (
        ours,
        subprocess.Popen([COMMAND, "emulator", "start", *options], stdout=theirs, env=environment) as it,
    ):
        theirs.close()
        said = ours.recv(100_000)
        it.terminate()
        assert it.wait(180) == 0
        assert (said.count(b"\n") > 10, said[-1:], ours.recv(100_000)) == (True, b"\n", b"")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "localhost"])
def test_loopback_is_not_warned_of(start, stop, tmp_path, host):
    """Any address that this machine alone reaches is as good as another."""
    ready_file = tmp_path / "ready"
    process = start("--in-memory", "--host", host, "--ready-file", str(ready_file), ready_file=ready_file)
    assert "WARNING" not in stop(process)[1]


@pytest.mark.parametrize("host", ["", " "])
def test_no_host_is_not_every_host(refused, host):
    """An empty host, which would be every address of the machine, is refused: that takes its name."""
    done = refused("--in-memory", "--port", "0", "--proxy-port", "0", "--host", host)
    assert (done.returncode, done.stdout) == (2, "")
    assert "host" in done.stderr


@pytest.mark.parametrize("count", [1, 6])
def test_storage_accounts_are_said(start, tmp_path, stop, count):
    """A few storage accounts are printed with their keys, and of many their number."""
    ready_file = tmp_path / "ready"
    names = [f"gen2{number}" for number in range(count)]
    options = [f"--storage-account={name}=raw" for name in names]
    process = start("--in-memory", *options, "--ready-file", str(ready_file), ready_file=ready_file)
    accounts = json.loads(ready_file.read_text())["storage_accounts"]
    _, output, _ = stop(process)
    assert list(accounts) == names
    assert (accounts["gen20"]["key1"] in output) == (count == 1)
    assert (f"{count} accounts" in output) == (count > 1)
