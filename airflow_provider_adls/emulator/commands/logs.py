"""`adls-gen1 emulator logs`: print the last requests, and follow new ones."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator.commands import remote
from airflow_provider_adls.emulator.errors import NotRunningError
from airflow_provider_adls.emulator.log_format import format_request

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

#: As arguments and as parameters.
_FILTERS = {
    "service": "login, arm, lake, dfs or blob",
    "operation": "CREATE, accounts.get or token, for instance",
    "account": "name of the account",
    "path": "path, with * and ? for parts of a name and ** for any names",
    "under": "directory that the path is, or is in",
    "status": "HTTP status of the answer",
}
_POLL = 0.5
#: As many as an emulator remembers.
_ALL = 100_000


def add_arguments(logs: argparse.ArgumentParser) -> None:
    """Add the action's options."""
    remote.add_arguments(logs)
    option = logs.add_argument
    option("-n", "--lines", type=int, default=20, metavar="N", help="how many of the last (default: 20)")
    option("-f", "--follow", action="store_true", help="go on with those that come, until Ctrl-C")
    option("--json", action="store_true", help="print a JSON object for each")
    for name, what in _FILTERS.items():
        option(f"--{name}", metavar=name.upper(), help=f"only those: {what}")
    logs.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print requests, oldest first.

    :raises EmulatorError: for an impossible filter, in the emulator's words.
    """
    emulator = remote.Remote(remote.ready_path(arguments))
    wanted = {name: getattr(arguments, name) for name in _FILTERS}
    show = json.dumps if arguments.json else format_request

    def ask(**query: Any) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = emulator.ask("GET", "/emulator/requests", **wanted, **query)["requests"]
        return found

    try:
        last = _print(ask(limit=arguments.lines), show, 0)
        while arguments.follow:
            time.sleep(_POLL)
            last = _print(ask(after=last, limit=_ALL), show, last)
    except KeyboardInterrupt:
        pass
    except NotRunningError:
        if not arguments.follow:
            raise
        print("The emulator has stopped.", file=sys.stderr)
    except BrokenPipeError:
        # The reader has closed the pipe; Python would fail again as it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _print(found: list[dict[str, Any]], show: Callable[[dict[str, Any]], str], last: int) -> int:
    """Print requests, and return the number of the last one that was."""
    for request in found:
        print(show(request))
    sys.stdout.flush()
    return int(found[-1]["number"]) if found else last
