"""Commands: run, logged, stopped."""

import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest
from airflow.providers.common.compat.sdk import AirflowException

from airflow_provider_adls.hooks import subprocess as command
from airflow_provider_adls.hooks.subprocess import PASSED_ON, run_command, stop_commands

LOG = logging.getLogger("commands")
#: Starts another process, says both ids, and hears no polite signal.
STUBBORN = """
import os, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(os.getpid(), child.pid, flush=True)
time.sleep(600)
"""


def python(code, *arguments):
    return [sys.executable, "-c", code, *arguments]


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.fixture
def said(caplog):
    """What commands have said."""
    caplog.set_level(logging.INFO, "commands")
    return lambda: [record.getMessage() for record in caplog.records if record.name == "commands"]


def test_output_is_logged(said):
    """Both streams go to the log, line by line, whatever their bytes are."""
    code = "import sys; print('one', flush=True); print('two', file=sys.stderr, flush=True)"
    run_command(python(code + "; sys.stdout.buffer.write(b'\\xff')"), LOG)
    assert said() == ["one", "two", "\ufffd"]


def test_failure_shows_its_last_lines(said):
    """A command that fails is named, with its code and the end of what it said."""
    code = "import sys; [print(n, flush=True) for n in range(30)]; sys.exit('no room')"
    with pytest.raises(AirflowException, match=r"ended with code 1:\n(.*\n)*29\nno room") as caught:
        run_command(python(code), LOG)
    assert "\n19\n" not in str(caught.value)


def test_missing_program():
    """A program that is not there is named."""
    with pytest.raises(FileNotFoundError, match="no-such-program"):
        run_command(["no-such-program"], LOG)


def test_environment(said, monkeypatch):
    """A command sees no connection, no secret and no other setting of the task, and what it is given."""
    monkeypatch.setenv("AIRFLOW_CONN_LAKE", "adls-gen1://id:secret@")
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "secret")
    monkeypatch.setenv("AIRFLOW__CORE__FERNET_KEY", "secret")
    run_command(python("import os; [print(n) for n in os.environ]"), LOG, {"GIVEN": "yes"})
    names = set(said())
    assert {"PATH", "GIVEN"} <= names
    # The interpreter adds its own locale.
    assert {name for name in names if not name.startswith("LC_")} <= {*PASSED_ON, "GIVEN"}


def test_stopped_with_all_that_it_started(said, mocker):
    """A command that hears no polite signal is killed, and its children with it."""
    mocker.patch.object(command, "_TERM_TIMEOUT", 0.3)
    stopper = threading.Thread(target=lambda: (wait_for(said), stop_commands()))
    stopper.start()
    with pytest.raises(AirflowException, match="ended with code -9"):
        run_command(python(STUBBORN), LOG)
    stopper.join()
    gone(said()[0])


def test_stopped_in_a_signal_handler(said, mocker):
    """The handler of a signal, which interrupts the wait for the command, stops it and comes back."""
    mocker.patch.object(command, "_TERM_TIMEOUT", 0.3)
    before = signal.signal(signal.SIGUSR1, lambda *_: stop_commands())
    threading.Thread(target=lambda: (wait_for(said), os.kill(os.getpid(), signal.SIGUSR1))).start()
    try:
        with pytest.raises(AirflowException, match="ended with code -9"):
            run_command(python(STUBBORN), LOG)
    finally:
        signal.signal(signal.SIGUSR1, before)
    gone(said()[0])


def test_stopped_with_a_task_that_is_given_up(said, mocker):
    """An exception in the task, as its timeout is, ends the command too."""
    mocker.patch.object(command, "_TERM_TIMEOUT", 0.3)

    def give_up(*_):
        raise TimeoutError("too long")

    before = signal.signal(signal.SIGUSR1, give_up)
    threading.Thread(target=lambda: (wait_for(said), os.kill(os.getpid(), signal.SIGUSR1))).start()
    try:
        with pytest.raises(TimeoutError, match="too long"):
            run_command(python(STUBBORN), LOG)
    finally:
        signal.signal(signal.SIGUSR1, before)
    gone(said()[0])


def wait_for(said):
    while not said():
        time.sleep(0.01)


def gone(pids):
    for pid in pids.split():
        while is_alive(pid):
            time.sleep(0.01)
