"""`ls`, `stat`, `find` and `du`: what is in a lake."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from airflow_provider_adls.commands.command import Failures, command, path_arguments, printing, signing_in
from airflow_provider_adls.commands.output import counted, spelled
from airflow_provider_adls.commands.values import size as size_condition
from airflow_provider_adls.commands.values import span

if TYPE_CHECKING:
    from collections.abc import Callable

    from airflow_provider_adls.commands.output import Output
    from airflow_provider_adls.commands.sign_in import Session

Entry = dict[str, Any]


@command(
    "ls",
    examples="""
        adls-gen1 ls /raw
        adls-gen1 ls -lh '/raw/2026-*'
        adls-gen1 ls --json /raw | jq -r 'select(.size == 0) | .path'
    """,
)
@click.option("-l", "--long", "long", is_flag=True, help="Show permission, owner, group, size and time.")
@click.option("-h", "--human-readable", "human", is_flag=True, help="Show sizes as 1.5 GiB.")
@click.option("-R", "-r", "--recursive", is_flag=True, help="List what is in directories too.")
@click.option("-d", "--directory", is_flag=True, help="List directories themselves, not what is in them.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="List N entries of a path at most.")
@path_arguments(required=False)
@printing
@signing_in
def ls(
    session: Session,
    out: Output,
    paths: tuple[str, ...],
    *,
    long: bool,
    human: bool,
    recursive: bool,
    directory: bool,
    limit: int | None,
) -> None:
    """List directories, files, and what globs match.

    A glob lists its matches and not what is in them. Without a path the root is listed. Names of directories
    end with a slash.
    """
    from airflow_provider_adls.commands.lake import expanded

    failures = Failures()
    for path in paths or ("/",):
        with failures.noted():
            if directory:
                entries = [session.lake.get_status(one) for one in expanded(session.lake, [path])]
            else:
                entries = session.lake.list_entries(
                    path, recursive=recursive, include_directories=True, limit=limit
                )
                if not entries:
                    # An empty directory is listed as nothing; a glob that matches nothing is a mistake.
                    expanded(session.lake, [path])
            _print_entries(out, entries, long=long, human=human)
    failures.end()


def _print_entries(out: Output, entries: list[Entry], *, long: bool, human: bool) -> None:
    if not long or out.as_json:
        for entry in entries:
            out.record(entry, _name(out, entry))
        return
    sizes = [spelled(entry["size"], human=human) if entry["type"] == "file" else "-" for entry in entries]
    widths = [max((len(entry[key] or "") for entry in entries), default=0) for key in ("owner", "group")]
    width = max(map(len, sizes), default=0)
    for entry, size in zip(entries, sizes, strict=True):
        time = datetime.fromisoformat(entry["modified"]).astimezone().strftime("%Y-%m-%d %H:%M")
        out.line(
            f"{_mode(entry)}  {entry['owner'] or '':<{widths[0]}}  {entry['group'] or '':<{widths[1]}}"
            f"  {size:>{width}}  {time}  {_name(out, entry)}"
        )


def _name(out: Output, entry: Entry) -> str:
    end = "/" if entry["type"] == "directory" and entry["path"] != "/" else ""
    return f"{out.name(entry['path'])}{end}"


def _mode(entry: Entry) -> str:
    """Return a permission as `ls` shows it; a plus says that there is an access control list."""
    bits = int(entry["permission"], 8)
    letters = "".join(letter if bits >> 8 - index & 1 else "-" for index, letter in enumerate("rwxrwxrwx"))
    if bits & 0o1000:
        letters = letters[:-1] + ("t" if letters.endswith("x") else "T")
    kind = "d" if entry["type"] == "directory" else "-"
    return f"{kind}{letters}{'+' if entry['has_acl'] else ' '}"


@command("stat", examples="adls-gen1 stat /raw/day.csv\nadls-gen1 stat --json /raw/day.csv | jq .size")
@path_arguments()
@printing
@signing_in
def stat(session: Session, out: Output, paths: tuple[str, ...]) -> None:
    """Show all that the service says of files and directories.

    The exit status is 3 where nothing is, so that a script can ask whether a path exists.
    """
    from airflow_provider_adls.commands.lake import expanded

    failures = Failures()
    for path in paths:
        with failures.noted():
            for number, one in enumerate(expanded(session.lake, [path])):
                if not out.as_json and (number or path != paths[0]):
                    out.line("")
                out.properties(session.lake.get_status(one))
    failures.end()


@command(
    "find",
    examples="""
        adls-gen1 find /raw --name '*.csv' --size +1M
        adls-gen1 find /raw --type file --older 30d -0 | xargs -0 adls-gen1 rm --
    """,
)
@click.option("--name", metavar="GLOB", help="Only entries whose name matches: '*.csv'.")
@click.option("--type", "kind", type=click.Choice(["file", "directory"]), help="Only files, or directories.")
@click.option(
    "--size",
    type=size_condition,
    metavar="[+|-]SIZE",
    help="Only files larger (+1M), smaller (-1M) or as large (1M).",
)
@click.option(
    "--newer",
    type=span,
    metavar="SPAN",
    help="Only entries that were changed within a span: 90s, 15m, 12h, 7d.",
)
@click.option("--older", type=span, metavar="SPAN", help="Only entries that were changed before that.")
@click.option("-0", "--null", "null", is_flag=True, help="End each path with NUL, for `xargs -0`.")
@path_arguments()
@printing
@signing_in
def find(
    session: Session,
    out: Output,
    paths: tuple[str, ...],
    *,
    name: str | None,
    kind: str | None,
    size: Callable[[int], bool] | None,
    newer: timedelta | None,
    older: timedelta | None,
    null: bool,
) -> None:
    """Find files and directories below paths."""
    from fsspec.utils import glob_translate

    now = datetime.now(UTC)
    pattern = re.compile(glob_translate(name)) if name else None

    def wanted(entry: Entry) -> bool:
        age = now - datetime.fromisoformat(entry["modified"])
        return (
            (kind is None or entry["type"] == kind)
            and (pattern is None or bool(pattern.match(entry["path"].rpartition("/")[2])))
            and (size is None or (entry["type"] == "file" and size(entry["size"])))
            and (newer is None or age <= newer)
            and (older is None or age > older)
        )

    failures = Failures()
    for path in paths:
        with failures.noted():
            for entry in session.lake.list_entries(path, recursive=True, include_directories=True):
                if not wanted(entry):
                    continue
                if null:
                    out.line(entry["path"], end="\0")
                else:
                    out.record(entry, out.name(entry["path"]))
    failures.end()


@command("du", examples="adls-gen1 du -h /raw\nadls-gen1 du -h '/raw/*'")
@click.option("-h", "--human-readable", "human", is_flag=True, help="Show sizes as 1.5 GiB.")
@path_arguments(required=False)
@printing
@signing_in
def du(session: Session, out: Output, paths: tuple[str, ...], *, human: bool) -> None:
    """Count bytes, files and directories below paths.

    The service of Gen1 counts them; of Gen2 they are listed.
    """
    from airflow_provider_adls.commands.lake import expanded

    failures = Failures()
    for path in paths or ("/",):
        with failures.noted():
            for one in expanded(session.lake, [path]):
                summary = session.lake.content_summary(one)
                size = spelled(summary["bytes"], human=human)
                numbers = (
                    f"{counted(summary['files'], 'file')}, {counted(summary['directories'], 'directory')}"
                )
                out.record(summary, f"{size}\t{numbers}\t{out.name(summary['path'])}")
    failures.end()
