"""`detached`: starts an emulator that outlives its command."""

from __future__ import annotations

import contextlib
import os
import select
import subprocess
import sys
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.errors import EmulatorError
from airflow_provider_adls.emulator.files import make_folder, open_private

if TYPE_CHECKING:
    import argparse
    from pathlib import Path

#: Seconds that a start may take, on a machine that does other things too.
START_TIMEOUT = 60.0
#: Arguments that are not for the process that it starts.
_OWN = ("detach", "ready_fd", "run")


def detached(arguments: argparse.Namespace, log: Path) -> int:
    """Start an emulator in a session of its own, and wait until it can be reached.

    :param log: file that its output is appended to.
    :return: status of the command: the emulator's own, if it did not start.
    :raises EmulatorError: if the log cannot be written, or the emulator takes a minute to start.
    """
    try:
        make_folder(log.parent)
        output = open_private(log, os.O_WRONLY | os.O_APPEND)
    except OSError as error:
        raise EmulatorError(f"log {log} cannot be written: {error.strerror}") from error
    reader, writer = os.pipe()
    try:
        before = os.fstat(output).st_size
        process = subprocess.Popen(  # noqa: S603 - ourselves
            [
                *(sys.executable, "-m", "airflow_provider_adls.cli", "emulator", "start"),
                *(f"--ready-fd={writer}", *options(arguments)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            pass_fds=[writer],
            start_new_session=True,
        )
    finally:
        os.close(writer)
        os.close(output)
    try:
        runs = _is_ready(reader)
    except BaseException:
        process.terminate()
        process.wait()
        raise
    finally:
        os.close(reader)
    status = None if runs else process.wait()
    said = log.read_bytes()[before:].decode(errors="replace")
    if status is not None:
        print(said, end="", file=sys.stderr)
        return status
    # The process is to outlive this one; subprocess would otherwise warn of that.
    process.returncode = 0
    print(f"{said}\nProcess {process.pid} was left running, and writes to {log}.")
    return 0


def report_ready(descriptor: int) -> None:
    """Report to the command that started this process that the emulator can be reached.

    :param descriptor: the end of a pipe that it handed down.
    """
    # The command may have been killed meanwhile.
    with contextlib.suppress(BrokenPipeError), os.fdopen(descriptor, "wb") as pipe:
        pipe.write(b"\n")


def _is_ready(pipe: int) -> bool:
    """Return whether the emulator can be reached now; if not, it has ended."""
    if not select.select([pipe], [], [], START_TIMEOUT)[0]:
        raise EmulatorError(f"the emulator was not ready after {START_TIMEOUT:.0f} seconds, and is stopped")
    return os.read(pipe, 1) != b""


def options(arguments: argparse.Namespace) -> list[str]:
    """Return the arguments of `start` as they are written, without `--detach`."""
    written: list[str] = []
    for name, value in vars(arguments).items():
        option = f"--{name.replace('_', '-')}"
        if name in _OWN or value is None or value is False:
            continue
        if value is True:
            written.append(option)
        else:
            written += [f"{option}={each}" for each in (value if isinstance(value, list) else [value])]
    return written
