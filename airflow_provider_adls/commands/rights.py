"""`chmod`, `chown` and `acl`: permissions, owners and access control lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from airflow_provider_adls.commands.command import (
    Failures,
    command,
    complain,
    path_arguments,
    printing,
    signing_in,
)
from airflow_provider_adls.commands.output import counted
from airflow_provider_adls.commands.statuses import Status

if TYPE_CHECKING:
    from airflow_provider_adls.commands.output import Output
    from airflow_provider_adls.commands.sign_in import Session

Changing = Callable[..., Any]


def changing(function: Changing) -> Changing:
    """Give a command the options of changes to many paths, and their result its output."""
    for option in (
        click.option(
            "-n", "--dry-run", "preview", is_flag=True, help="Change nothing; print what would be changed."
        ),
        click.option(
            "--continue", "continue_on_failure", is_flag=True, help="Go on where one cannot be changed."
        ),
        click.option("-R", "-r", "--recursive", is_flag=True, help="Change what is in directories too."),
    ):
        function = option(function)
    return function


def report(out: Output, result: dict[str, Any]) -> None:
    """Print what a change has done, and end the command by status 8 if part of it failed."""
    numbers = f"{counted(result['files'], 'file')} and {counted(result['directories'], 'directory')}"
    if result.get("preview"):
        lines = [f"would change {numbers}", *(f"  {out.name(path)}" for path in result["paths"])]
        more = result["files"] + result["directories"] - len(result["paths"])
        out.record(result, "\n".join([*lines, f"  and {more:,} more"] if more else lines))
    else:
        out.record(result, f"{numbers} changed")
    if result["failed"]:
        out.flush()
        for failure in result["failures"]:
            complain(failure["error"])
        complain(f"{counted(result['failed'], 'path')} could not be changed")
        click.get_current_context().exit(Status.PARTLY)


@command(
    "chmod",
    examples="adls-gen1 chmod 750 /raw\nadls-gen1 chmod -R u=rwX,g=rX,o= /curated",
)
@changing
@click.argument("mode")
@path_arguments()
@printing
@signing_in
def chmod(session: Session, out: Output, mode: str, paths: tuple[str, ...], **options: bool) -> None:
    """Set permissions, by octal digits or in the words of chmod.

    With X only directories, and files that are executable already, become executable.
    """
    from airflow_provider_adls.commands.lake import expanded

    report(out, session.lake.set_permission(expanded(session.lake, paths), mode, **options))


@command(
    "chown",
    examples="adls-gen1 chown 11111111-2222-3333-4444-555555555555 /raw\nadls-gen1 chown -R :GROUP-ID /raw",
)
@changing
@click.argument("owner", metavar="[OWNER][:GROUP]")
@path_arguments()
@printing
@signing_in
def chown(session: Session, out: Output, owner: str, paths: tuple[str, ...], **options: bool) -> None:
    """Set owner, owning group, or both, by object id.

    Only a super user may change the owner.
    """
    from airflow_provider_adls.commands.lake import expanded

    user, _, group = owner.partition(":")
    if not (user or group):
        raise click.BadParameter("give OWNER, :GROUP, or OWNER:GROUP", param_hint="OWNER")
    result = session.lake.set_owner(
        expanded(session.lake, paths), owner=user or None, group=group or None, **options
    )
    report(out, result)


@click.group("acl")
def acl() -> None:
    """Show and change access control lists."""


@command("get", examples="adls-gen1 acl get /raw\nadls-gen1 acl get --json /raw | jq -r '.entries[]'")
@path_arguments()
@printing
@signing_in
def acl_get(session: Session, out: Output, paths: tuple[str, ...]) -> None:
    """Show owner, group and the entries of access control lists."""
    from airflow_provider_adls.commands.lake import expanded

    failures = Failures()
    for path in paths:
        with failures.noted():
            for one in expanded(session.lake, [path]):
                found = session.lake.get_acl(one)
                head = [f"# {name}: {out.name(str(found[name]))}" for name in ("path", "owner", "group")]
                out.record(found, "\n".join([*head, *found["entries"], ""]))
    failures.end()


def _declare_change(name: str, method: str, examples: str, text: str) -> None:
    """Declare a command that takes entries."""

    @command(name, examples=examples, help=text)
    @changing
    @click.argument("entries")
    @path_arguments()
    @printing
    @signing_in
    def change(
        session: Session,
        out: Output,
        entries: str,
        paths: tuple[str, ...],
        **options: bool,
    ) -> None:
        from airflow_provider_adls.commands.lake import expanded

        report(out, getattr(session.lake, method)(expanded(session.lake, paths), entries, **options))

    acl.add_command(change)


def _declare_removal(name: str, method: str, examples: str, text: str) -> None:
    """Declare a command that takes no entries."""

    @command(name, examples=examples, help=text)
    @changing
    @path_arguments()
    @printing
    @signing_in
    def remove(session: Session, out: Output, paths: tuple[str, ...], **options: bool) -> None:
        from airflow_provider_adls.commands.lake import expanded

        report(out, getattr(session.lake, method)(expanded(session.lake, paths), **options))

    acl.add_command(remove)


acl.add_command(acl_get)
_declare_change(
    "set",
    "set_acl",
    "adls-gen1 acl set user::rwx,group::r-x,other::--- /raw",
    "Replace access control lists; user::, group:: and other:: must be among the entries.",
)
_declare_change(
    "modify",
    "modify_acl",
    "adls-gen1 acl modify -R user:OBJECT-ID:r-x,default:user:OBJECT-ID:r-x /raw",
    "Add entries to access control lists, or change those that are there.",
)
_declare_change(
    "remove",
    "remove_acl_entries",
    "adls-gen1 acl remove -R user:OBJECT-ID,default:user:OBJECT-ID /raw",
    "Remove entries of access control lists; their rights may be left out.",
)
_declare_removal(
    "remove-default",
    "remove_default_acl",
    "adls-gen1 acl remove-default /raw",
    "Remove all default entries of directories, so that new children get none.",
)
_declare_removal(
    "strip",
    "remove_acl",
    "adls-gen1 acl strip -R /raw",
    "Remove all entries but those of owner, owning group and other.",
)
