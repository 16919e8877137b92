"""`adls-gen1 emulator start`: run an emulator in the foreground, or in the background."""

from __future__ import annotations

import argparse
import contextlib
import ipaddress
import logging
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from airflow_provider_adls.emulator import well_known
from airflow_provider_adls.emulator.commands.detach import detached, report_ready
from airflow_provider_adls.emulator.errors import EmulatorError
from airflow_provider_adls.emulator.ready import announced
from airflow_provider_adls.model.clouds import LOOPBACK_HOSTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from airflow_provider_adls.emulator import Emulator

#: Storage accounts that are printed with their keys.
_NAMED = 5
_STOPPING = (signal.SIGINT, signal.SIGTERM)


def add_arguments(start: argparse.ArgumentParser) -> None:
    """Add the action's options."""
    option = start.add_argument
    option(
        "--host",
        default=well_known.HOST,
        help="address to listen at (default: %(default)s); beyond loopback all who reach it own it,"
        " for its credentials are public",
    )
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
    option(
        "--storage-account",
        action="append",
        default=[],
        metavar="NAME[=CONTAINER,...]",
        help="storage account (Gen2) to make, with its containers; repeatable",
    )
    option("--latency", type=float, default=0, metavar="MS", help="milliseconds that each request waits")
    option(
        "--azure-network",
        action="append",
        default=[],
        metavar="CIDR",
        help="network that is Azure's to accounts whose firewall lets Azure in; repeatable",
    )
    option(
        "--host-name",
        action="append",
        default=[],
        metavar="NAME",
        help="more names by which clients reach it, for the certificate; repeatable",
    )
    option(
        "--certificate",
        metavar="FILE",
        help="certificate of your own (PEM, with its chain), shown to clients that ask for a name in it",
    )
    option("--key", metavar="FILE", help="private key of the certificate (PEM, without a password)")
    option("--ready-file", type=Path, metavar="PATH", help="JSON file to write once it can be reached")
    option("--log-requests", action="store_true", help="print a line for each request")
    option("-d", "--detach", action="store_true", help="return once it can be reached, and leave it running")
    # Of a command with --detach to the one that it starts.
    option("--ready-fd", type=int, help=argparse.SUPPRESS)
    start.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Start an emulator.

    :raises EmulatorError: if it cannot start.
    """
    data = None if arguments.in_memory else _absolute(arguments.data or Path("~") / well_known.FOLDER)
    ready_files = [_absolute(arguments.ready_file)] if arguments.ready_file else []
    if data is not None:
        ready_files.append(data / well_known.READY_FILE)
    if arguments.detach:
        if not ready_files:
            raise EmulatorError("--detach with --in-memory needs --ready-file: nothing else finds it again")
        log = data / "emulator.log" if data else Path(f"{ready_files[0]}.log")
        return detached(arguments, log)
    # The service is loaded by the process that runs it.
    from airflow_provider_adls.emulator.emulator import Emulator

    emulator = Emulator(
        accounts=arguments.account,
        storage_accounts=arguments.storage_account,
        data=data,
        host=arguments.host,
        port=arguments.port,
        proxy_port=arguments.proxy_port,
        latency_ms=arguments.latency,
        azure_networks=arguments.azure_network,
        host_names=arguments.host_name,
        certificate=arguments.certificate,
        key=arguments.key,
    )
    lines = _Lines()
    with (
        _stopping_signals(),
        contextlib.ExitStack() as held,
        emulator,
        _printed_requests(lines) if arguments.log_requests else contextlib.nullcontext(),
        contextlib.ExitStack() as shown,
    ):
        # A client may send requests as soon as the ready file exists: their lines come after these.
        with lines.held_back():
            shown.enter_context(announced(emulator.ready, ready_files, held))
            # In one piece: unbuffered, `print` writes the line's end apart, when `head` may have ended.
            sys.stdout.write(f"{_welcome(emulator, arguments.host, data, ready_files)}\n")
            sys.stdout.flush()
        if arguments.ready_fd is not None:
            report_ready(arguments.ready_fd)
        signal.sigwait(_STOPPING)
    return 0


def _absolute(path: Path) -> Path:
    return path.expanduser().absolute()


@contextlib.contextmanager
def _stopping_signals() -> Iterator[None]:
    """Hold SIGINT and SIGTERM back inside, so that they interrupt nothing and can be waited for."""
    # A shell without job control starts background jobs with SIGINT ignored; we stop at it all the same.
    handlers = {number: signal.signal(number, signal.SIG_DFL) for number in _STOPPING}
    # Threads inherit blocked signals, so this comes before any is started.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    try:
        yield
    finally:
        # A second signal must not kill a process that has stopped in good order.
        while signal.sigpending() & set(_STOPPING):
            signal.sigwait(_STOPPING)
        for number, handler in handlers.items():
            signal.signal(number, handler or signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Lines(logging.Handler):
    """Prints lines in UTF-8, whatever the terminal's encoding, until its reader has gone."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            os.write(sys.stdout.fileno(), f"{record.getMessage()}\n".encode())
        except OSError:
            self.setLevel(logging.CRITICAL)

    @contextlib.contextmanager
    def held_back(self) -> Iterator[None]:
        """Hold lines back until the end of the block."""
        self.acquire()
        try:
            yield
        finally:
            self.release()


@contextlib.contextmanager
def _printed_requests(lines: _Lines) -> Iterator[None]:
    from airflow_provider_adls.emulator.record import logger as log

    level, propagate = log.level, log.propagate
    log.addHandler(lines)
    log.setLevel(logging.DEBUG)
    log.propagate = False
    try:
        yield
    finally:
        log.propagate = propagate
        log.setLevel(level)
        log.removeHandler(lines)


def _welcome(emulator: Emulator, host: str, data: Path | None, ready_files: list[Path]) -> str:
    kept = f"data in {data}" if data else "in memory, nothing is kept"
    lines = [
        f"ADLS emulator is running, {kept}.",
        f"{_how_to_stop(data, ready_files)}.",
        "",
        f"  URL              {emulator.url}",
        f"  proxy URL        {emulator.proxy_url}",
        f"  tenant id        {emulator.tenant_id}",
        f"  client id        {emulator.client_id}",
        f"  client secret    {emulator.client_secret}",
        f"  subscription id  {emulator.subscription_id}",
        f"  CA certificate   {emulator.ca_file}",
        *_storage(emulator.storage_accounts),
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
    if not _is_loopback(host):
        lines += [
            "",
            f"WARNING: it listens at {host}, beyond this machine. Its credentials are public: all who",
            "reach it can read, change and delete everything in it.",
        ]
    return "\n".join(lines)


def _how_to_stop(data: Path | None, ready_files: list[Path]) -> str:
    if not ready_files:
        return "Ctrl-C stops it"
    found = ""
    if data is None:
        found = f" --ready-file {ready_files[0]}"
    elif data != _absolute(Path("~") / well_known.FOLDER):
        found = f" --data {data}"
    return f"Ctrl-C, or `adls-gen1 emulator stop{found}`, stops it"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() in LOOPBACK_HOSTS


def _storage(accounts: Mapping[str, Mapping[str, str]]) -> list[str]:
    """Return lines about storage accounts: names and keys of a few, the number of many."""
    if len(accounts) > _NAMED:
        return [f"  storage          {len(accounts)} accounts; the ready file has their keys"]
    return [f"  storage account  {name}, key {account['key1']}" for name, account in accounts.items()]
