"""Task logs go to a lake and come back, whatever fails meanwhile."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from airflow_provider_adls.logs import reading, remote, uploads
from airflow_provider_adls.logs.remote import ADLSGen1RemoteLogIO
from airflow_provider_adls.model.operations import MAX_BODY

RUN_IDS = [
    "r",
    "scheduled__2026-11-29T00:00:00+00:00",
    "manual__2026-11-29T00:00:00.123456+00:00_x7Yz",
    "a run [1] 100% #2? é/ü",
]
LOG = "dag_id=d/run_id=r/task_id=t/attempt=1.log"


@pytest.fixture
def io(connect, account, tmp_path):
    """Logs of the test's account, in a folder of its own on this machine."""
    return ADLSGen1RemoteLogIO(f"adl://{account}/logs", tmp_path / "logs", conn_id=connect())


@pytest.fixture
def lake(hook):
    return hook.filesystem


def write(io, lines, path=LOG, mode="a"):
    """Write lines as Airflow 3 does, and return their text."""
    text = "".join(json.dumps({"timestamp": "2026-11-29T00:00:00Z", "event": line}) + "\n" for line in lines)
    file = io.base_log_folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open(mode) as opened:
        opened.write(text)
    return text


def shown(io, path=LOG):
    """Return the events of each file that the page would show."""
    _, streams = io.stream(path)
    return [[json.loads(line)["event"] for line in lines] for lines in streams]


@pytest.mark.parametrize("run_id", RUN_IDS)
def test_any_run_id(io, account, run_id):
    """A log is found again under its run's id, with what no lake can hold written in percent."""
    path = f"dag_id=d/run_id={run_id}/task_id=t/map_index=3/attempt=1.log"
    write(io, ["begin", "end é"], path)

    io.upload(path)

    assert shown(io, path) == [["begin", "end é"]]
    (source,) = io.stream(path)[0]
    assert source.startswith(f"adl://{account}.azuredatalakestore.net/logs/dag_id=d/run_id=")
    assert "run_id=scheduled__2026-11-29T00%3A00%3A00+00%3A00" in source or "scheduled" not in run_id
    assert io.read(path)[1] == ["\n".join(io.stream(path)[1][0])]


def test_logs_of_a_try_and_its_triggers(io):
    """A try's page shows the logs of its triggers, and not those of another try."""
    for path in (LOG, f"{LOG}.trigger.7.log", LOG.replace("=1", "=10"), LOG.replace("=1", "=2")):
        write(io, [path], path)
        io.upload(io.base_log_folder / path)

    assert shown(io) == [[LOG], [f"{LOG}.trigger.7.log"]]


def test_nothing_was_uploaded(io):
    """Where there is no log there is no source, and nothing to show."""
    assert io.stream(LOG) == ([], [])
    assert io.read(LOG) == ([], None)
    io.upload(LOG)
    assert io.read(LOG) == ([], None)


def test_turns_of_one_try(io, tmp_path):
    """Each turn of a sensor adds to the log, on any machine; nothing stands there twice."""
    elsewhere = ADLSGen1RemoteLogIO(io.remote_base, tmp_path / "other", conn_id=io.conn_id)
    for turn in range(3):
        write(io, [f"turn {turn}"])
        io.upload(LOG)
        assert (io.base_log_folder / LOG).read_bytes() == b""
    write(elsewhere, ["elsewhere"])
    elsewhere.upload(LOG)
    # A trigger's second log is a new file in place of its first.
    write(io, ["anew"], mode="w")
    io.upload(LOG)
    io.upload(LOG)

    assert shown(io) == [["turn 0", "turn 1", "turn 2", "elsewhere", "anew"]]


@pytest.mark.parametrize("size", [0, 1, MAX_BODY - 1, MAX_BODY, MAX_BODY + 1, 3 * MAX_BODY + 7])
@pytest.mark.parametrize("unit", [b"x", b"0123456789\n"])
def test_any_size(io, lake, size, unit):
    """The lake has what was written, at the edges of a request's size and for a line longer than it."""
    file = io.base_log_folder / LOG
    file.parent.mkdir(parents=True)
    content = (unit * size)[:size]
    file.write_bytes(content)

    io.upload(LOG)

    assert (lake.cat(f"/logs/{LOG}") if size else b"") == content
    assert "\n".join(line for lines in io.stream(LOG)[1] for line in lines) == content.decode().removesuffix(
        "\n"
    )


def test_a_character_across_two_blocks(io, monkeypatch):
    """A character whose bytes are in two blocks is read as one, and what is not UTF-8 is replaced."""
    monkeypatch.setattr(reading, "BLOCK", 5)
    file = io.base_log_folder / LOG
    file.parent.mkdir(parents=True)
    file.write_bytes("aaaéé€\n".encode() + b"\xff\n" + "€".encode()[:2])

    io.upload(LOG)

    assert list(io.stream(LOG)[1][0]) == ["aaaéé€", "�", "�"]


def test_an_upload_that_failed_goes_on(io, lake, fault):
    """After an upload that failed in the middle, the next one adds what is missing and nothing twice."""
    text = write(io, ["x" * 100_000] * 100)
    with fault(operation="APPEND", nth=2, status=403):
        io.upload(LOG)
    kept = (io.base_log_folder / LOG).read_text()
    assert kept.startswith(text)
    assert MAX_BODY < lake.size(f"/logs/{LOG}") < len(text)
    (line,) = kept[len(text) :].splitlines()
    assert json.loads(line)["level"] == "warning"
    assert "was not uploaded" in json.loads(line)["event"]
    assert [path.name for path in (io.base_log_folder / LOG).parent.glob("attempt*")] == ["attempt=1.log"]

    write(io, ["later"])
    io.upload(LOG)

    assert lake.cat(f"/logs/{LOG}").decode() == kept + write(io, ["later"], "other")
    assert [path.name for path in (io.base_log_folder / LOG).parent.iterdir()] == ["attempt=1.log"]


def test_an_upload_that_was_killed_goes_on(io, lake, fault):
    """A process is killed while it uploads; the next upload of the same file completes it."""
    text = write(io, [f"{number} {'x' * 1000}" for number in range(10_000)])
    program = f"""
        from airflow_provider_adls.logs.remote import ADLSGen1RemoteLogIO
        io = ADLSGen1RemoteLogIO({io.remote_base!r}, {str(io.base_log_folder)!r}, conn_id={io.conn_id!r})
        io.upload({LOG!r})
    """
    with fault(operation="APPEND", nth=1, delay=3600) as held:
        process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)])
        while not held.fired:
            assert process.poll() is None
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert 0 < lake.size(f"/logs/{LOG}") < len(text)

    write(io, ["after the restart"])
    io.upload(LOG)

    assert lake.cat(f"/logs/{LOG}").decode() == text + write(io, ["after the restart"], "other")


def test_a_killed_upload_that_another_machine_went_on_with(io, lake):
    """Where the lake has other lines behind those of a killed upload, the local log is added as a whole."""
    text = write(io, ["1", "2"])
    other = text.replace("2026", "2027")
    lake.pipe_file(f"/logs/{LOG}", other.encode())
    uploads._note(io.base_log_folder / LOG).write_text("0")

    io.upload(LOG)

    assert lake.cat_file(f"/logs/{LOG}").decode() == other + text
    assert not (io.base_log_folder / LOG).read_text()


def test_a_directory_in_the_place_of_a_log(io, lake):
    """A directory in the place of a log stays, and so does the local log, with a line that says why."""
    lake.makedirs(f"/logs/{LOG}")
    text = write(io, ["1"])

    io.upload(LOG)

    kept = (io.base_log_folder / LOG).read_text()
    assert kept.startswith(text)
    assert f"/logs/{LOG} is a directory" in kept


def test_a_log_that_is_deleted_while_it_is_created(io, lake, mocker):
    """A create that fails, and left no file, is the error that the log names."""
    from airflow_provider_adls.client.webhdfs import WebHdfsClient
    from airflow_provider_adls.model.errors import PathExistsError

    text = write(io, ["1"])
    mocker.patch.object(WebHdfsClient, "create", side_effect=PathExistsError("another writer was faster"))

    io.upload(LOG)

    kept = (io.base_log_folder / LOG).read_text()
    assert kept.startswith(text)
    assert "PathExistsError: another writer was faster" in kept


def test_a_log_that_shrinks_while_it_is_read(io, lake):
    """A page that is being shown ends where the log ends by then."""
    write(io, ["1", "2"])
    io.upload(LOG)
    _, (lines,) = io.stream(LOG)
    lake.pipe_file(f"/logs/{LOG}", b"")
    assert list(lines) == []


def test_a_writer_killed_within_a_line(io, lake):
    """What comes after half a line begins a line of its own."""
    file = io.base_log_folder / LOG
    file.parent.mkdir(parents=True)
    for part in ("half", "whole\n"):
        file.write_text(part)
        io.upload(LOG)

    assert lake.cat(f"/logs/{LOG}") == b"half\nwhole\n"


@pytest.mark.parametrize("operation", ["CREATE", "APPEND"])
def test_lost_answers(io, lake, fault, operation):
    """A request that was done, and whose answer was lost, adds nothing twice."""
    text = write(io, ["x" * 100_000] * 100)
    fault(operation=operation, drop="after", times=1)

    io.upload(LOG)

    assert lake.cat(f"/logs/{LOG}").decode() == text


def test_a_task_that_goes_on_meanwhile(io, lake, fault):
    """Lines that are written while the log is uploaded, as by the task that a trigger woke, are not lost."""
    first = write(io, ["x" * 100_000] * 100)
    io.delete_local_copy = True
    with fault(operation="APPEND", nth=1, delay=1) as held:
        uploading = threading.Thread(target=io.upload, args=[LOG])
        uploading.start()
        while not held.fired:
            time.sleep(0.01)
        with (io.base_log_folder / LOG).open("a") as opened:
            opened.write("the next turn\n")
            opened.flush()
            uploading.join()
            opened.write("and its end\n")
    io.upload(LOG)

    assert lake.cat(f"/logs/{LOG}").decode() == f"{first}the next turn\nand its end\n"
    assert not (io.base_log_folder / LOG).exists()


def test_writers_of_one_file(io, lake, tmp_path):
    """Two machines that upload the same try's log at once lose no line, and mix none."""
    machines = [ADLSGen1RemoteLogIO(io.remote_base, tmp_path / name, conn_id=io.conn_id) for name in "abc"]
    texts = [
        write(one, [f"{name}{number} {'x' * 1000}" for number in range(9_000)])
        for name, one in zip("abc", machines, strict=True)
    ]
    threads = [threading.Thread(target=one.upload, args=[LOG]) for one in machines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    lines = lake.cat(f"/logs/{LOG}").decode().splitlines()
    assert sorted(lines) == sorted(line for text in texts for line in text.splitlines())
    for name, text in zip("abc", texts, strict=True):
        assert [line for line in lines if f'"event": "{name}' in line] == text.splitlines()


def test_large_logs_in_little_memory(io, lake, account):
    """A log of 100 MB is uploaded, and its lines are read, in a few blocks of memory."""
    line = f"{'x' * 999}\n"
    file = io.base_log_folder / LOG
    file.parent.mkdir(parents=True)
    with file.open("w") as opened:
        for _ in range(100):
            opened.write(line * 1000)
    program = f"""
        import resource
        from airflow_provider_adls.logs.remote import ADLSGen1RemoteLogIO
        io = ADLSGen1RemoteLogIO({io.remote_base!r}, {str(io.base_log_folder)!r}, conn_id={io.conn_id!r})
        io.stream({LOG!r})
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        io.upload({LOG!r})
        (lines,) = io.stream({LOG!r})[1]
        assert sum(1 for _ in lines) == 100_000
        print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert lake.size(f"/logs/{LOG}") == 100_000_000
    assert int(done.stdout.split()[-1]) < 50


def test_one_piece_of_a_large_log(io, monkeypatch):
    """Where Airflow wants the text, the end of a large log is given, and says what is left out."""
    monkeypatch.setattr(remote, "MAX_READ", 100)
    write(io, [f"line {number}" for number in range(50)])
    io.upload(LOG)

    (text,) = io.read(LOG)[1]

    first, *lines = text.splitlines()
    assert first.startswith("49 lines before these")
    assert json.loads(lines[0])["event"] == "line 49"


def test_deleting_local_copies(io):
    """An uploaded log is removed from this machine, and its neighbours and their directory stay."""
    io.delete_local_copy = True
    neighbour = f"{LOG}.trigger.7.log"
    write(io, ["mine"])
    write(io, ["its trigger's, still going on"], neighbour)

    io.upload(LOG)

    assert [path.name for path in (io.base_log_folder / LOG).parent.iterdir()] == [Path(neighbour).name]


@pytest.mark.parametrize("first", ['{"event": "as 3 writes"}\n', "[2026-11-29] as 2 writes\n"])
@pytest.mark.parametrize("cause", ["right", "secret", "connection", "network", "silence", "directory"])
def test_no_failure_is_a_tasks(
    cause, first, io, connect, fault, hook, closed_port, emulator, monkeypatch, caplog
):
    """An upload that fails says so in the local log, which stays; the next one uploads both."""
    file = io.base_log_folder / LOG
    file.parent.mkdir(parents=True)
    file.write_text(first)
    rule = None
    match cause:
        case "right":
            rule = fault(under="/logs", error="AccessControlException", status=403)
        case "secret":
            connect(password="wrong~secret")
        case "connection":
            io.conn_id = "nobody_made_it"
        case "network":
            connect(cloud="custom", endpoint=f"https://127.0.0.1:{closed_port}", authority=emulator.url)
        case "silence":
            monkeypatch.setattr(uploads, "PATIENCE", 0.5)
            monkeypatch.setattr(reading, "PATIENCE", 0.5)
            rule = fault(under="/logs", delay=3600)
        case "directory":
            hook.filesystem.makedirs(f"/logs/{LOG}")

    io.upload(LOG)
    sources, streams = io.stream(LOG)

    kept = file.read_text()
    assert kept.startswith(first)
    (line,) = kept[len(first) :].splitlines()
    event = json.loads(line)["event"] if first.startswith("{") else line
    assert f"The log was not uploaded to {io.remote_base}" in event
    assert "wrong~secret" not in kept + caplog.text
    assert streams == []
    if cause != "directory":
        assert sources[0].startswith(f"Could not read logs from {io.remote_base}: ")

    io.conn_id = connect()
    if rule:
        rule.remove()
    if cause == "directory":
        hook.filesystem.rm(f"/logs/{LOG}", recursive=True)
    io.upload(LOG)
    assert "\n".join(io.stream(LOG)[1][0]) + "\n" == kept


def test_reading_that_breaks_off(io, fault):
    """A page shows what could be read, and a line for the rest."""
    text = write(io, [f"{number} {'x' * 1000}" for number in range(2_000)])
    io.upload(LOG)
    with fault(operation="OPEN", nth=2, status=403):
        *lines, last = io.stream(LOG)[1][0]

    assert 900 < len(lines) < 2000
    assert text.startswith("\n".join(lines))
    assert "could not be read" in last


def test_a_page_that_is_left(io, emulator):
    """A reader that stops in the middle leaves nothing open."""
    write(io, ["x" * 1000] * 3000)
    io.upload(LOG)
    lines = io.stream(LOG)[1][0]
    next(lines)
    lines.close()
    assert list(lines) == []


def test_a_lake_that_failed_is_not_waited_for_again(io, fault, monkeypatch):
    """The next upload after a silent one waits for a moment only, so that a triggerer goes on."""
    monkeypatch.setattr(uploads, "PATIENCE", 1.0)
    monkeypatch.setattr(remote, "SHORT_PATIENCE", 0.01)
    given = []
    monkeypatch.setattr(
        uploads, "add_log", lambda *_, patience, **__: given.append(patience) or 1 / (len(given) > 2)
    )
    for _ in range(4):
        write(io, ["x"])
        io.upload(LOG)

    # The third one succeeded.
    assert given == [1.0, 0.01, 0.01, 1.0]


@pytest.mark.parametrize("path", ["../out.log", "/etc/hostname", "link/out.log"])
def test_nothing_outside_the_folder(io, lake, path, tmp_path):
    """No file outside the folder of logs is uploaded, by a link neither, and none is changed."""
    io.base_log_folder.mkdir()
    (tmp_path / "out.log").write_text("private")
    (io.base_log_folder / "link").symlink_to(tmp_path)

    io.upload(path)

    assert lake.find("/") == []
    assert (tmp_path / "out.log").read_text() == "private"


def test_paths_of_the_connections_account(connect, tmp_path):
    """The folder may be a path, in the account of the connection."""
    io = ADLSGen1RemoteLogIO("/logs", str(tmp_path), conn_id=connect())
    write(io, ["x"])
    io.upload(LOG)
    assert shown(io) == [["x"]]


def test_forked_workers(io):
    """A process that was forked after its parent had uploaded uploads and reads too."""
    write(io, ["parent"])
    io.upload(LOG)
    child = os.fork()
    if child == 0:
        write(io, ["child"])
        io.upload(LOG)
        os._exit(0 if shown(io) == [["parent", "child"]] else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert shown(io) == [["parent", "child"]]
