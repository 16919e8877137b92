"""`adls-gen1 emulator status`: print URL, data, accounts and start of a running emulator."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.emulator.commands import remote
from airflow_provider_adls.emulator.errors import EmulatorError
from airflow_provider_adls.emulator.log_format import format_time

if TYPE_CHECKING:
    import argparse


def add_arguments(status: argparse.ArgumentParser) -> None:
    """Add the action's options."""
    remote.add_arguments(status)
    status.add_argument("--json", action="store_true", help="print a JSON object")
    status.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the state of an emulator.

    :return: 0 if an emulator runs and answers, 3 if none runs, 1 if one runs and does not answer.
    :raises EmulatorError: without `--json`, in these cases too.
    """
    path = remote.ready_path(arguments)
    began = time.time()
    try:
        found = remote.Remote(path).ask("GET", "/emulator/status")
    except EmulatorError as error:
        if not arguments.json:
            raise
        print(json.dumps({"running": False, "ready_file": str(path), "reason": str(error)}, indent=2))
        return error.exit_status
    if arguments.json:
        print(json.dumps({"running": True, "ready_file": str(path), **found}, indent=2))
    else:
        print(_text(found, began))
    return 0


def _text(found: dict[str, Any], began: float) -> str:
    # However long the answer took, it was given between then and now.
    agrees = began - 1 < found["time"] < time.time() + 1
    rows = {
        "URL": found["url"],
        "proxy URL": found["proxy_url"],
        "CA certificate": found["ca_file"],
        "data": found["data"] or "in memory",
        "process": found["pid"],
        "since": format_time(found["started"]),
        "its time": None if agrees else format_time(found["time"]),
        "accounts": ", ".join(found["accounts"]) or "none",
        "storage": _storage(found["storage_accounts"]) or None,
        "requests": found["requests"],
        "fault rules": found["faults"],
    }
    lines = [f"ADLS emulator {found['version']} is running.", ""]
    lines += [f"  {name:<15} {value}" for name, value in rows.items() if value is not None]
    return "\n".join(lines)


def _storage(accounts: dict[str, list[str]]) -> str:
    """Return storage accounts with their containers, `gen2 (raw, curated)`."""
    return ", ".join(
        f"{name} ({', '.join(containers)})" if containers else name for name, containers in accounts.items()
    )
