"""`emulator`: the commands of the emulator, which has a parser of its own and imports nothing of ours."""

from __future__ import annotations

import argparse
import sys
from typing import Any

import click
from click.shell_completion import CompletionItem

NAME = "emulator"


class EmulatorCommand(click.Command):
    """Hands its arguments on to the emulator's own parser."""

    def __init__(self) -> None:
        super().__init__(
            NAME,
            params=[
                click.Argument(["arguments"], nargs=-1, type=click.UNPROCESSED, shell_complete=_complete)
            ],
            short_help="Run a Gen1 and a Gen2 service on this machine.",
            add_help_option=False,
            context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
            callback=_run,
        )

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take all arguments as they are."""
        ctx.params["arguments"] = tuple(args)
        return []

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the options of an action."""
        return _complete(ctx, self.params[0], incomplete)


def _complete(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the actions, or the options of one."""
    names = _names(_parser(), ctx.params.get("arguments") or ())
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


def _parser() -> argparse.ArgumentParser:
    from airflow_provider_adls.commands.command import PROGRAM
    from airflow_provider_adls.emulator import cli

    parser = argparse.ArgumentParser(prog=PROGRAM)
    cli.add_commands(parser.add_subparsers(title="commands", required=True, metavar="COMMAND"))
    return parser


def _names(parser: argparse.ArgumentParser, arguments: tuple[str, ...]) -> list[str]:
    """Return what may follow arguments, as argparse knows it."""
    names: list[str] = []
    for word in (NAME, *arguments):
        choices: dict[str, Any] = {}
        for action in parser._actions:  # noqa: SLF001 - argparse shows its parsers nowhere else
            if isinstance(action.choices, dict):
                choices |= action.choices
        parser = choices.get(word, parser)
    for action in parser._actions:  # noqa: SLF001 - as above
        if isinstance(action.choices, dict):
            names += list(action.choices)
        elif action.help != argparse.SUPPRESS:
            names += action.option_strings
    return names


def _run(arguments: tuple[str, ...]) -> int:
    from airflow_provider_adls.commands.command import PROGRAM
    from airflow_provider_adls.emulator.errors import EmulatorError

    parsed = _parser().parse_args([NAME, *arguments])
    try:
        status: int = parsed.run(parsed)
    except EmulatorError as error:
        print(f"{PROGRAM}: error: {error}", file=sys.stderr)
        return error.exit_status
    return status
