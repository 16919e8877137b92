"""`adls-gen1 emulator stop`: stop a running emulator, and wait for its end."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.commands import remote
from airflow_provider_adls.emulator.errors import EmulatorError
from airflow_provider_adls.emulator.ready import holder

if TYPE_CHECKING:
    import argparse

_POLL = 0.02


def add_arguments(stop: argparse.ArgumentParser) -> None:
    """Add the action's options."""
    remote.add_arguments(stop)
    stop.add_argument(
        "--timeout",
        type=float,
        default=30,
        metavar="S",
        help="seconds to wait for its end (default: %(default)s)",
    )
    stop.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Stop an emulator, and wait for its end.

    :raises NotRunningError: if none runs.
    :raises EmulatorError: if it was started elsewhere, or does not stop in time.
    """
    emulator = remote.Remote(remote.ready_path(arguments))
    with emulator.path.open("rb") as file:
        process = holder(file)
        if process is None:
            # Raises if none runs. One that answers without holding the file was not started here.
            emulator.ask("GET", "/emulator/status")
            raise EmulatorError(
                f"the emulator at {emulator.ready['url']} was not started on this machine by `adls-gen1"
                " emulator start`: stop it where it was started"
            )
        try:
            # One that ends meanwhile has stopped as well.
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGTERM)
        except PermissionError:
            raise EmulatorError(f"process {process} belongs to another user, who can stop it") from None
        # The file may be gone by now; its lock lasts as long as the process.
        deadline = time.monotonic() + arguments.timeout
        while holder(file) == process:
            if time.monotonic() >= deadline:
                raise EmulatorError(
                    f"process {process} has not stopped within {arguments.timeout:g} seconds of SIGTERM"
                )
            time.sleep(_POLL)
    print(f"Stopped the emulator at {emulator.ready['url']}, process {process}.")
    return 0
