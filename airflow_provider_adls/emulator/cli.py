"""The emulator's commands: `adls-gen1 emulator start`."""

from __future__ import annotations

import argparse
import contextlib
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator import well_known
from airflow_provider_adls.emulator.emulator import Emulator
from airflow_provider_adls.emulator.ready import announced
from airflow_provider_adls.gen1.clouds import LOOPBACK_HOSTS

if TYPE_CHECKING:
    from collections.abc import Iterator

_STOPPING = (signal.SIGINT, signal.SIGTERM)


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command `emulator`, whose `run` raises `EmulatorError` for what keeps it from starting.

    :param commands: the program's commands.
    """
    emulator = commands.add_parser("emulator", help="run a Gen1 service")
    actions = emulator.add_subparsers(title="actions", required=True, metavar="ACTION")
    start = actions.add_parser("start", help="start it in the foreground; Ctrl-C stops it")
    option = start.add_argument
    option("--host", default=well_known.HOST, help="address to listen at (default: %(default)s)")
    option(
        "--port", type=int, default=well_known.PORT, help="TLS port, 0 for a free one (default: %(default)s)"
    )
    option(
        "--proxy-port",
        type=int,
        default=well_known.PROXY_PORT,
        help="port of the CONNECT proxy, 0 for a free one (default: %(default)s)",
    )
    where = start.add_mutually_exclusive_group()
    where.add_argument(
        "--data", type=Path, metavar="DIR", help=f"data folder (default: ~/{well_known.FOLDER})"
    )
    where.add_argument("--in-memory", action="store_true", help="keep nothing")
    option("--account", action="append", default=[], metavar="NAME", help="account to make; repeatable")
    option("--latency", type=float, default=0, metavar="MS", help="milliseconds that each request waits")
    option("--ready-file", type=Path, metavar="PATH", help="JSON file to write once it can be reached")
    start.set_defaults(run=_start)


def _start(arguments: argparse.Namespace) -> int:
    default = Path.home() / well_known.FOLDER
    data = None if arguments.in_memory else (arguments.data or default).expanduser().absolute()
    emulator = Emulator(
        accounts=arguments.account,
        data=data,
        host=arguments.host,
        port=arguments.port,
        proxy_port=arguments.proxy_port,
        latency_ms=arguments.latency,
    )
    ready_files = [arguments.ready_file.expanduser().absolute()] if arguments.ready_file else []
    if data == default:
        ready_files.append(default / well_known.READY_FILE)
    with _stopping_signals(), emulator, announced(emulator.ready, ready_files):
        print(_welcome(emulator, arguments.host, data, ready_files), flush=True)
        signal.sigwait(_STOPPING)
    return 0


@contextlib.contextmanager
def _stopping_signals() -> Iterator[None]:
    """Hold SIGINT and SIGTERM back inside, so that they interrupt nothing and can be waited for."""
    # A shell without job control starts background jobs with SIGINT ignored; we stop at it all the same.
    handlers = {number: signal.signal(number, signal.SIG_DFL) for number in _STOPPING}
    # Threads inherit what is blocked, so this comes before there are any.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    try:
        yield
    finally:
        # Whoever is impatient sends a second one, which must not kill what has stopped in good order.
        while signal.sigpending() & set(_STOPPING):
            signal.sigwait(_STOPPING)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        for number, handler in handlers.items():
            signal.signal(number, handler or signal.SIG_DFL)


def _welcome(emulator: Emulator, host: str, data: Path | None, ready_files: list[Path]) -> str:
    kept = f"data in {data}" if data else "in memory, nothing is kept"
    lines = [
        f"ADLS Gen1 emulator is running, {kept}. Ctrl-C stops it.",
        "",
        f"  URL              {emulator.url}",
        f"  proxy URL        {emulator.proxy_url}",
        f"  tenant id        {emulator.tenant_id}",
        f"  client id        {emulator.client_id}",
        f"  client secret    {emulator.client_secret}",
        f"  subscription id  {emulator.subscription_id}",
        f"  CA certificate   {emulator.ca_file}",
        "",
        "Unmodified clients (SDKs, Azure CLI, Node) take it for the cloud with",
        f"  export HTTPS_PROXY={emulator.proxy_url}",
        f"  export REQUESTS_CA_BUNDLE={emulator.ca_file}",
        f"  export NODE_EXTRA_CA_CERTS={emulator.ca_file}",
    ]
    if ready_files:
        lines += [
            "An Airflow connection with the cloud `emulator` finds it with",
            f"  export ADLS_GEN1_EMULATOR={ready_files[0]}",
        ]
    if host not in LOOPBACK_HOSTS:
        lines += [
            "",
            f"WARNING: it listens at {host}, beyond this machine. Its credentials are public: whoever",
            "reaches it can read, change and delete everything in it.",
        ]
    return "\n".join(lines)
