"""`mkdir`, `rm` and `mv`: the tree of a lake."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from airflow_provider_adls.commands.command import (
    Failures,
    command,
    path_argument,
    path_arguments,
    printing,
    signing_in,
)
from airflow_provider_adls.commands.output import counted, spelled

if TYPE_CHECKING:
    from airflow_provider_adls.commands.output import Output
    from airflow_provider_adls.commands.sign_in import Session

#: Paths of a deletion from which it is asked for, on a terminal.
_MANY = 10


@command("mkdir", examples="adls-gen1 mkdir -p /raw/2026/01\nadls-gen1 mkdir -m 750 /curated")
@click.option(
    "-p", "--parents", is_flag=True, help="Make the directories above too; an existing one is fine."
)
@click.option("-m", "--mode", metavar="OCTAL", help="Permission, as 640; else 770 on Gen1, 750 on Gen2.")
@path_arguments()
@signing_in
def mkdir(session: Session, paths: tuple[str, ...], *, parents: bool, mode: str | None) -> None:
    """Make directories."""
    from airflow_provider_adls.commands.lake import located

    failures = Failures()
    for path in paths:
        with failures.noted():
            if parents:
                session.lake.make_directory(path, permission=mode)
            else:
                filesystem, name = located(session.lake, path)
                filesystem.mkdir(name, create_parents=False, permission=mode)
    failures.end()


@command(
    "rm",
    examples="""
        adls-gen1 rm /raw/day.csv '/raw/tmp-*'
        adls-gen1 rm -r --dry-run /raw/2024
        adls-gen1 rm -r --yes /raw/2024
    """,
)
@click.option("-r", "-R", "--recursive", is_flag=True, help="Delete directories with all that is in them.")
@click.option("-f", "--force", is_flag=True, help="Paths where nothing is are fine.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask, on a terminal.")
@click.option("-n", "--dry-run", is_flag=True, help="Delete nothing; print what would be deleted.")
@path_arguments()
@printing
@signing_in
def rm(
    session: Session,
    out: Output,
    paths: tuple[str, ...],
    *,
    recursive: bool,
    force: bool,
    yes: bool,
    dry_run: bool,
) -> None:
    """Delete files, empty directories and, with -r, trees.

    Whether everything is there is looked at before anything is deleted. On a terminal, trees and ten paths or
    more are asked for.
    """
    from airflow_provider_adls.commands.lake import expanded
    from airflow_provider_adls.model.errors import PathNotFoundError

    doomed: list[str] = []
    for path in paths:
        try:
            doomed += expanded(session.lake, [path])
        except PathNotFoundError:
            if not force:
                raise
    if not (yes or dry_run) and sys.stdin.isatty():
        _ask(session, doomed, recursive=recursive)
    result = session.lake.delete_paths(doomed, recursive=recursive, ignore_if_missing=force, preview=dry_run)
    if not dry_run:
        out.record(result, f"{counted(result['deleted'], 'path')} deleted")
        return
    out.record(result, _preview(out, "delete", result["deleted"], result["paths"]))


def _preview(out: Output, verb: str, number: int, lines: list[str]) -> str:
    more = [f"  and {number - len(lines):,} more"] if number > len(lines) else []
    return "\n".join(
        [f"would {verb} {counted(number, 'path')}", *(f"  {out.name(line)}" for line in lines), *more]
    )


def _ask(session: Session, paths: list[str], *, recursive: bool) -> None:
    """Ask whether to delete; a no ends the command.

    :raises click.Abort: for a no.
    """
    directories = files = size = 0
    if recursive:
        for path in paths:
            if session.lake.exists(path):
                summary = session.lake.content_summary(path)
                directories += summary["directories"]
                files += summary["files"]
                size += summary["bytes"]
    if not directories and len(paths) < _MANY:
        return
    if recursive:
        what = f"{counted(directories, 'directory')} and {counted(files, 'file')} ({spelled(size)})"
    else:
        what = counted(len(paths), "path")
    where = paths[0] if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1:,} more"
    if not click.confirm(f"Delete {what} at {where!r}?", err=True):
        click.echo("nothing was deleted", err=True)
        click.get_current_context().exit(1)


@command(
    "mv",
    examples="""
        adls-gen1 mv /raw/a.csv /raw/b.csv
        adls-gen1 mv '/landing/*.csv' /raw/
        adls-gen1 mv /raw adl://otheraccount/raw
    """,
)
@click.option(
    "--if-exists",
    type=click.Choice(["overwrite", "fail"]),
    default="overwrite",
    show_default=True,
    help="What to do where a file is; a directory is never replaced.",
)
@click.option("-n", "--dry-run", is_flag=True, help="Move nothing; print what would be moved.")
@path_arguments()
@path_argument("destination")
@printing
@signing_in
def mv(
    session: Session,
    out: Output,
    paths: tuple[str, ...],
    destination: str,
    *,
    if_exists: str,
    dry_run: bool,
) -> None:
    """Move files and directories: by renames, which are atomic, inside an account.

    What is moved to an existing directory, or to a name with a slash at its end, goes into it. Whether
    anything is in the way is looked at before the first is moved.
    """
    from airflow_provider_adls.commands.lake import expanded

    sources = expanded(session.lake, paths)
    there = session.lake.find_status(destination)
    into = len(paths) > 1 or list(paths) != sources or (there is not None and there["type"] == "directory")
    target = f"{destination.rstrip('/')}/" if into else destination
    result = session.lake.move_paths(
        sources if into and len(sources) > 1 else sources[0],
        target,
        overwrite=if_exists == "overwrite",
        preview=dry_run,
    )
    if not dry_run:
        out.record(result, f"{counted(result['moved'], 'path')} moved to {out.name(result['path'])}")
        return
    moves = [f"{move['source']} -> {move['destination']}" for move in result["moves"]]
    out.record(result, _preview(out, "move", result["moved"], moves))
