"""`run_command`: runs a command that works on local files, logs its output, and stops it with the task."""

from __future__ import annotations

import os
import signal
import subprocess
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from logging import Logger

from airflow.providers.common.compat.sdk import AirflowException

#: Variables of the task's environment that a command gets; none may hold a connection or a secret.
PASSED_ON = ("HOME", "LANG", "LANGUAGE", "LOGNAME", "PATH", "SHELL", "TMPDIR", "TZ", "USER", "VIRTUAL_ENV")
#: Seconds that a command has to end after SIGTERM.
_TERM_TIMEOUT = 3.0
#: Seconds that a busy machine has to carry out SIGKILL.
_KILL_TIMEOUT = 3.0
#: Last lines of a command's output that the error of a failure contains.
_LAST_LINES = 10

_running: set[subprocess.Popen[str]] = set()


def run_command(command: Sequence[str], log: Logger, env: Mapping[str, str] | None = None) -> None:
    """Run a command to its end; its output goes to the log, line by line.

    :param command: program and arguments; no shell reads them.
    :param env: added to the variables that a command sees: those of `PASSED_ON`, and the locale's.
    :raises AirflowException: if it fails, with its last lines.
    :raises FileNotFoundError: if there is no such program.
    """
    last: deque[str] = deque(maxlen=_LAST_LINES)
    process = subprocess.Popen(  # noqa: S603 - the DAG's author chose it
        command,
        env=environment(env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        # Its own group, so that its child processes are stopped with it.
        start_new_session=True,
    )
    _running.add(process)
    try:
        assert process.stdout
        with process.stdout:
            for line in process.stdout:
                log.info("%s", line.rstrip())
                last.append(line.rstrip())
        code = process.wait()
    except BaseException:
        _stop(process)
        raise
    finally:
        _running.discard(process)
    if code:
        raise AirflowException(f"{command[0]} ended with code {code}:\n" + "\n".join(last))


def stop_commands() -> None:
    """Stop every command of this process, which belongs to one task; also called by a signal handler."""
    for process in list(_running):
        _stop(process)


def environment(env: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the variables that a command sees."""
    passed = {
        name: value for name, value in os.environ.items() if name in PASSED_ON or name.startswith("LC_")
    }
    return passed | dict(env or {})


def _stop(process: subprocess.Popen[str]) -> None:
    """End a command and its child processes."""
    # Never without a bound: in a signal handler, the waiter already holds the lock of the process.
    for number, seconds in ((signal.SIGTERM, _TERM_TIMEOUT), (signal.SIGKILL, _KILL_TIMEOUT)):
        _signal(process, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)


def _signal(process: subprocess.Popen[str], number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
