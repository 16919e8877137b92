"""The command line: `adls-gen1 emulator …` and `adls-gen1 doctor`."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from typing import TYPE_CHECKING

from airflow_provider_adls import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PROGRAM = "adls-gen1"
#: Where Airflow 3's commands say that they may read connections from its database.
_PROCESS_CONTEXT = "_AIRFLOW_PROCESS_CONTEXT"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    :param argv: arguments; None for those of the process.
    :returns: exit status: 0 after what was asked for, 1 for a connection that the doctor finds ill, or an
        emulator that does not answer, 2 for what keeps a command from its task, 3 where no emulator runs.
    """
    # The service without Airflow, and Airflow only for who asks for it.
    from airflow_provider_adls.emulator import cli as emulator
    from airflow_provider_adls.emulator.errors import EmulatorError

    parser = argparse.ArgumentParser(prog=PROGRAM, description="Azure Data Lake Storage Gen1.")
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    emulator.add_commands(commands)
    doctor = commands.add_parser("doctor", help="find out what is wrong with an Airflow connection")
    doctor.add_argument(
        "--conn-id", required=True, help="the connection's id, adls_gen1_default for instance"
    )
    doctor.add_argument(
        "--path",
        default="/",
        help="directory of the lake to write a file in, and delete it (default: %(default)s)",
    )
    doctor.set_defaults(run=_doctor)
    arguments = parser.parse_args(argv)
    try:
        status: int = arguments.run(arguments)
    except EmulatorError as error:
        print(f"{PROGRAM}: error: {error}", file=sys.stderr)
        return error.exit_status
    return status


def _doctor(arguments: argparse.Namespace) -> int:
    try:
        from airflow_provider_adls.hooks.doctor import examine
    except ImportError as error:
        print(f"{PROGRAM}: error: the doctor needs Airflow: {error}", file=sys.stderr)
        return 2
    ill = 0
    with _reading_the_database():
        for finding in examine(arguments.conn_id, arguments.path):
            print(finding, flush=True)
            ill += not finding.well
    print(f"{ill} of the steps failed." if ill else "All is well.")
    return 1 if ill else 0


@contextlib.contextmanager
def _reading_the_database() -> Iterator[None]:
    """Be to Airflow what its own commands are, which find the connections that its pages store."""
    before = os.environ.get(_PROCESS_CONTEXT)
    os.environ[_PROCESS_CONTEXT] = "server"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_PROCESS_CONTEXT]
        else:
            os.environ[_PROCESS_CONTEXT] = before


if __name__ == "__main__":
    sys.exit(main())
