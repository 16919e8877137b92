"""`add_commands`: the commands `adls-gen1 emulator …`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.commands import logs, reset, seed, start, status, stop

if TYPE_CHECKING:
    import argparse

_ACTIONS = {
    "start": (start, "start it, in the foreground or with --detach in the background"),
    "status": (status, "print what runs, where and since when; exit status 3 if none does"),
    "stop": (stop, "stop it, and wait until it has"),
    "reset": (reset, "empty accounts, and forget requests, fault rules and the clock's change"),
    "seed": (seed, "copy a folder of this machine into an account"),
    "logs": (logs, "print the last requests"),
}


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `emulator`, whose `run` raises `EmulatorError` if it fails."""
    emulator = commands.add_parser("emulator", help="run a Gen1 and a Gen2 service")
    actions = emulator.add_subparsers(title="actions", required=True, metavar="ACTION")
    for name, (action, what) in _ACTIONS.items():
        action.add_arguments(actions.add_parser(name, help=what, description=f"{what.capitalize()}."))
