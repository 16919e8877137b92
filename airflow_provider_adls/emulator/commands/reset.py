"""`adls-gen1 emulator reset`: empty accounts, and forget rules, requests and the clock's change."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator.commands import remote
from airflow_provider_adls.emulator.errors import EmulatorError

if TYPE_CHECKING:
    import argparse


def add_arguments(reset: argparse.ArgumentParser) -> None:
    """Add the action's options."""
    remote.add_arguments(reset)
    reset.add_argument(
        "--account", action="append", metavar="NAME", help="empty this one only; repeatable (default: all)"
    )
    reset.add_argument("-y", "--yes", action="store_true", help="do not ask")
    reset.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Empty accounts, after asking.

    :return: 0, and 1 if the answer was no.
    :raises EmulatorError: without a terminal or `--yes`, or for a missing account; nothing is changed then.
    """
    emulator = remote.Remote(remote.ready_path(arguments))
    status = emulator.ask("GET", "/emulator/status")
    there = list(dict.fromkeys([*status["accounts"], *status["storage_accounts"]]))
    if not arguments.yes and not _agreed(arguments.account or there, emulator.ready["url"]):
        print("Nothing was done.")
        return 1
    content = {} if arguments.account is None else {"accounts": arguments.account}
    emptied = emulator.ask("POST", "/emulator/reset", content)["accounts"]
    print(f"Emptied {', '.join(emptied) or 'nothing'}; forgot requests, fault rules and the clock's change.")
    return 0


def _agreed(names: list[str], url: str) -> bool:
    if not sys.stdin.isatty():
        raise EmulatorError("reset deletes files, and no terminal is there to confirm it: pass --yes")
    try:
        answer = input(f"Delete every file in {', '.join(names) or 'no account'} at {url}? [y/N] ")
    except EOFError:
        return False
    return answer.strip().lower() in {"y", "yes"}
