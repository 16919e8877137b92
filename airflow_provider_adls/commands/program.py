"""`run`: the program `adls-gen1` and its commands."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Iterator, Sequence
from typing import Any

import click
from click.shell_completion import get_completion_class

from airflow_provider_adls import __version__
from airflow_provider_adls.commands.account import account
from airflow_provider_adls.commands.command import PROGRAM
from airflow_provider_adls.commands.content import cat, head
from airflow_provider_adls.commands.diagnosis import doctor
from airflow_provider_adls.commands.emulation import EmulatorCommand
from airflow_provider_adls.commands.expiry import expiry
from airflow_provider_adls.commands.listing import du, find, ls, stat
from airflow_provider_adls.commands.rights import acl, chmod, chown
from airflow_provider_adls.commands.transfers import cp, get, put, sync
from airflow_provider_adls.commands.trash import trash
from airflow_provider_adls.commands.tree import mkdir, mv, rm

#: Commands by the sections of the help.
SECTIONS: dict[str, tuple[click.Command, ...]] = {
    "Files and directories": (ls, stat, find, du, cat, head, mkdir, rm, mv),
    "Transfers": (put, get, cp, sync),
    "Rights, expiry, trash": (chmod, chown, acl, expiry, trash),
    "Accounts": (account,),
    "Help": (doctor, EmulatorCommand()),
}
_VARIABLE = "_ADLS_GEN1_COMPLETE"


class Program(click.Group):
    """The program, whose help lists the commands by section."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """Write the sections."""
        sections = {**SECTIONS, "Help": (*SECTIONS["Help"], completion)}
        width = max(len(command.name or "") for section in sections.values() for command in section)
        for title, section in sections.items():
            rows = [
                ((command.name or "").ljust(width), command.get_short_help_str(formatter.width))
                for command in section
            ]
            with formatter.section(title):
                formatter.write_dl(rows)


@click.group(cls=Program, context_settings={"help_option_names": ["--help"]})
@click.version_option(__version__, prog_name=PROGRAM, message="%(prog)s %(version)s")
def program() -> None:
    """Work with Azure Data Lake Storage, Gen1 and, where a container is named, Gen2.

    A path is absolute in the account, /raw/day.csv, or a URL: adl://account/raw/day.csv,
    abfss://container@account.dfs.core.windows.net/raw/day.csv. Globs have *, ?, […] and **; quote them, so
    that they reach the lake. A path that exists is itself, whatever its name is.

    Commands sign in by the environment (AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET), by options,
    or by a connection of Airflow's (--conn-id).
    """


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what makes a shell complete commands, options and paths."""
    complete: Any = get_completion_class(shell)
    click.echo(complete(program, {}, PROGRAM, _VARIABLE).source())


for _command in (*(each for section in SECTIONS.values() for each in section), completion):
    program.add_command(_command)


def run(argv: Sequence[str] | None = None) -> int:
    """Run the program.

    :param argv: arguments; None for those of the process.
    :returns: exit status, one of `Status` or of the emulator's commands.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        with _warnings_only():
            result = program.main(arguments, PROGRAM, _VARIABLE, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return 130
    return result if isinstance(result, int) else 0


@contextlib.contextmanager
def _warnings_only() -> Iterator[None]:
    """Leave out what the package logs of its work: a command prints its result.

    Where Airflow is loaded, for a connection of its, its logging would print both.
    """
    log = logging.getLogger("airflow_provider_adls")
    before = log.level
    log.setLevel(max(before, logging.WARNING))
    try:
        yield
    finally:
        log.setLevel(before)
