"""`put`, `get`, `cp` and `sync`: files between this machine, lakes, and other stores."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from airflow_provider_adls.commands.command import (
    Failures,
    command,
    complain,
    path_argument,
    path_arguments,
    printing,
    signing_in,
)
from airflow_provider_adls.commands.content import print_files
from airflow_provider_adls.commands.output import counted, spelled
from airflow_provider_adls.commands.progress import Progress
from airflow_provider_adls.commands.statuses import Status

if TYPE_CHECKING:
    from airflow_provider_adls.commands.output import Output
    from airflow_provider_adls.commands.sign_in import Session
    from airflow_provider_adls.transfer.stores import End

#: Stands for the standard input or output.
PIPE = "-"
_BLOCK = 4 * 2**20


def _choosing(function: Any) -> Any:
    """Add the options that choose files by their times, and those of reliable copies."""
    for option in (
        click.option(
            "--resume", is_flag=True, help="Go on inside big files where a killed run of the same ended."
        ),
        click.option(
            "--verify",
            type=click.Choice(["length", "content"]),
            default="length",
            show_default=True,
            help="What is compared; content reads each copy back before it gets its name.",
        ),
        click.option(
            "--older-than", metavar="SPAN", help="Only files not modified for so long: seconds, PT12H, P30D."
        ),
        click.option("--modified-before", metavar="TIME", help="Only files modified before a time."),
        click.option(
            "--modified-after", metavar="TIME", help="Only files modified since a time, 2026-01-31T12:00Z."
        ),
    ):
        function = option(function)
    return function


def _without_times(options: dict[str, Any]) -> dict[str, Any]:
    """Return options with the period that their times give in place of the times.

    :raises UsageError: naming the time that is wrong.
    """
    from airflow_provider_adls.model.times import Period, Times

    times = {name: options.pop(name) for name in Times.__annotations__}
    try:
        return options | {"period": Period.of(**times)}
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _refuse_of_pipe(options: dict[str, Any]) -> None:
    for name in ("resume", "modified_after", "modified_before", "older_than"):
        if options[name]:
            raise click.UsageError(f"--{name.replace('_', '-')} is for files, and - is a pipe")
    if options["verify"] != "length":
        raise click.UsageError("--verify is for files, and - is a pipe")


def _copying(function: Any) -> Any:
    function = _choosing(function)
    for option in (
        click.option("-q", "--quiet", is_flag=True, help="Show no progress."),
        click.option("--dry-run", is_flag=True, help="Copy nothing; print what would be copied."),
        click.option("--continue", "go_on", is_flag=True, help="Go on where a file cannot be copied."),
        click.option(
            "--delete-source", is_flag=True, help="Delete each file when its copy exists and was found whole."
        ),
        click.option("--flat", is_flag=True, help="Copy all files of a tree into one directory."),
        click.option(
            "--if-exists",
            type=click.Choice(["overwrite", "skip", "fail"]),
            default="overwrite",
            show_default=True,
            help="What to do with an existing file; fail copies nothing.",
        ),
        click.option(
            "-r", "-R", "--recursive", is_flag=True, help="Taken for habit: directories are copied."
        ),
    ):
        function = option(function)
    return function


@command(
    "put",
    examples="""
        adls-gen1 put day.csv /raw/
        adls-gen1 put ./out /raw/2026-01-31
        pg_dump mydb | gzip | adls-gen1 put - /backup/mydb.sql.gz
    """,
)
@_copying
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", type=click.Path())
@path_argument("destination")
@printing
@signing_in
def put(
    session: Session,
    out: Output,
    sources: tuple[str, ...],
    destination: str,
    **options: Any,
) -> None:
    """Copy files and directories of this machine into a lake.

    - is the standard input.
    """
    if PIPE in sources:
        if len(sources) > 1:
            raise click.UsageError("- is the standard input, and the only source")
        _refuse_of_pipe(options)
        _put_pipe(session, out, destination, if_exists=options["if_exists"], dry_run=options["dry_run"])
        return
    from airflow_provider_adls.commands.ends import lake_path, local_path

    ends = [local_path(source) for source in sources]
    _copy(out, ends, lake_path(session, destination), **options)


@command(
    "get",
    examples="""
        adls-gen1 get /raw/day.csv .
        adls-gen1 get '/raw/*/day.csv' ./days
        adls-gen1 get /raw/day.csv - | wc -l
    """,
)
@_copying
@path_arguments()
@click.argument("destination", type=click.Path())
@printing
@signing_in
def get(
    session: Session,
    out: Output,
    paths: tuple[str, ...],
    destination: str,
    **options: Any,
) -> None:
    """Copy files and directories of a lake to this machine.

    - is the standard output.
    """
    if destination == PIPE:
        _refuse_of_pipe(options)
        print_files(session, paths)
        return
    from airflow_provider_adls.commands.ends import lake_path, local_path

    ends = [lake_path(session, path) for path in paths]
    _copy(out, ends, local_path(destination), **options)


@command(
    "cp",
    examples="""
        adls-gen1 cp /raw/day.csv /curated/
        adls-gen1 cp s3://bucket/in /raw/in
        adls-gen1 cp /raw/day.csv file:///data/day.csv
    """,
)
@_copying
@path_arguments()
@path_argument("destination")
@printing
@signing_in
def cp(
    session: Session,
    out: Output,
    paths: tuple[str, ...],
    destination: str,
    **options: Any,
) -> None:
    """Copy files and directories between lakes, this machine and other stores.

    /raw and adl://account/raw are of a lake, ./raw and file:///raw of this machine, and any other URL of the
    store that fsspec, or with --conn-id Airflow, has for it. Copies go by way of this machine.
    """
    from airflow_provider_adls.commands.ends import any_path

    ends = [any_path(session, path) for path in paths]
    _copy(out, ends, any_path(session, destination), **options)


@command(
    "sync",
    examples="""
        adls-gen1 sync ./out /raw/out
        adls-gen1 sync --delete --dry-run ./out /raw/out
        adls-gen1 sync --include '*.csv' /raw s3://bucket/raw
    """,
)
@click.option("--delete", is_flag=True, help="Delete files that the source does not have.")
@click.option(
    "--compare",
    type=click.Choice(["size_and_time", "size", "checksum"]),
    default="size_and_time",
    show_default=True,
    help="How a changed file is noticed; checksum reads both sides.",
)
@click.option("--include", multiple=True, metavar="GLOB", help="Only files that match; repeat it for more.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Not these files; repeat it for more.")
@click.option("--continue", "go_on", is_flag=True, help="Go on where a file cannot be copied.")
@click.option("-n", "--dry-run", is_flag=True, help="Change nothing; print what would be changed.")
@click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
@_choosing
@path_argument("source")
@path_argument("destination")
@printing
@signing_in
def sync(
    session: Session,
    out: Output,
    source: str,
    destination: str,
    *,
    go_on: bool,
    dry_run: bool,
    quiet: bool,
    **options: Any,
) -> None:
    """Make a directory like another, one way; paths are those of cp.

    What is new or changed is copied, and with --delete what is extraneous goes, once all is copied.
    """
    from airflow_provider_adls.commands.ends import any_path
    from airflow_provider_adls.hooks.running import run
    from airflow_provider_adls.transfer.sync import SyncOptions, sync_trees

    ends = any_path(session, source), any_path(session, destination)
    settings = SyncOptions(ignore_failures=go_on, preview=dry_run, **_without_times(options))
    with Progress(quiet=quiet or dry_run) as progress:
        summary = run(sync_trees(*ends, settings, progress.log, _ignore, progress.begin))
    _print(out, summary)
    _end(out, summary)


def _copy(
    out: Output,
    sources: list[End],
    target: End,
    *,
    if_exists: str,
    flat: bool,
    delete_source: bool,
    go_on: bool,
    dry_run: bool,
    quiet: bool,
    recursive: bool,  # noqa: ARG001 - users of cp type -r; trees are copied anyway
    **more: Any,
) -> None:
    """Copy each source to its place at the target, and print what was done."""
    from airflow_provider_adls.commands.ends import placed
    from airflow_provider_adls.hooks.running import run
    from airflow_provider_adls.transfer.options import Options
    from airflow_provider_adls.transfer.run import transfer

    options = Options(
        overwrite=if_exists == "overwrite",
        if_exists="skip" if if_exists == "skip" else "fail",
        keep_directory_structure=not flat,
        delete_source=delete_source,
        ignore_failures=go_on,
        preview=dry_run,
        **_without_times(more),
    )
    failures = Failures()
    failed = None
    for source in sources:
        with failures.noted(), Progress(quiet=quiet or dry_run) as progress:
            place = run(placed(source, target, several=len(sources) > 1))
            summary = run(transfer(source, place, options, progress.log, _ignore, progress.begin))
            _print(out, summary)
            failed = summary if summary["failed"] else failed
    failures.end()
    if failed:
        _end(out, failed)


def _ignore(read: str, written: str) -> None:
    """Do nothing for a file that was copied: lineage is Airflow's."""


def _print(out: Output, summary: dict[str, Any]) -> None:
    numbers = f"{counted(summary['files'], 'file')}, {spelled(summary['bytes'])}"
    others = [f"{summary[name]:,} {name}" for name in ("skipped", "failed", "deleted") if summary[name]]
    if not summary.get("preview"):
        text = f"{numbers} copied to {out.name(summary['path'])}"
        out.record(summary, "; ".join([text, *others]))
        return
    if summary["overwritten"]:
        others.append(f"{summary['overwritten']:,} overwritten")
    lines = ["; ".join([f"would copy {numbers} to {out.name(summary['path'])}", *others])]
    for kind, verb in (("paths", "copy"), ("deleted_paths", "delete")):
        named = summary.get(kind, [])
        lines += [f"  {verb}  {out.name(path)}" for path in named]
        more = (summary["files"] if kind == "paths" else summary["deleted"]) - len(named)
        lines += [f"  {verb}  {more:,} more"] if more else []
    out.record(summary, "\n".join(lines))


def _end(out: Output, summary: dict[str, Any]) -> None:
    """End a command by status 8 if files failed."""
    if summary["failed"]:
        out.flush()
        for failure in summary.get("failed_paths", []):
            complain(f"{failure['path']}: {failure['error']}")
        complain(f"{counted(summary['failed'], 'file')} could not be copied")
        click.get_current_context().exit(Status.PARTLY)


def _put_pipe(session: Session, out: Output, path: str, *, if_exists: str, dry_run: bool) -> None:
    """Copy the standard input to a file, which appears when all of it is there."""
    from airflow_provider_adls.commands.lake import located
    from airflow_provider_adls.model.errors import PathExistsError

    if path.endswith("/"):
        raise click.UsageError("the standard input has no name: give a file's path")
    filesystem, name = located(session.lake, path)
    there = session.lake.find_status(path)
    if there and there["type"] == "directory":
        raise IsADirectoryError(f"{path} is a directory: give a file's path")
    if there and if_exists == "fail":
        raise PathExistsError("it exists and may not be overwritten", path=name)
    size = 0
    skipped = int(bool(there) and if_exists == "skip")
    if not (skipped or dry_run):
        read: Callable[[int], bytes] = sys.stdin.buffer.read
        with filesystem.open(name, "wb" if if_exists == "overwrite" else "xb") as file:
            while block := read(_BLOCK):
                file.write(block)
                size += len(block)
    _print(
        out,
        {"files": 1 - skipped, "bytes": size, "skipped": skipped, "failed": 0, "deleted": 0, "path": path}
        | ({"preview": True, "overwritten": int(bool(there)), "paths": [path]} if dry_run else {}),
    )
