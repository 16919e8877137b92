"""`trash`: what was deleted, and can be restored."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from airflow_provider_adls.commands.command import command, path_argument, printing, signing_in

if TYPE_CHECKING:
    from airflow_provider_adls.commands.output import Output
    from airflow_provider_adls.commands.sign_in import Session
    from airflow_provider_adls.hooks.trash import RestoreIfExists


@click.group("trash")
def trash() -> None:
    """List and restore deleted files and directories.

    Only super users of an account may.
    """


@command("list", examples="adls-gen1 trash list /raw\nadls-gen1 trash list --json | jq -r .path")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Look for N items at most.")
@path_argument(required=False, default="/")
@printing
@signing_in
def list_(session: Session, out: Output, path: str, limit: int | None) -> None:
    """List deleted items, the last ones first. PATH is where they were, or a part of that."""
    items = session.lake.list_trash(path, limit=limit)
    out.records(items, ("deleted", "type", "token", "path"))


@command(
    "restore",
    examples="""
        adls-gen1 trash restore /raw/day.csv
        adls-gen1 trash restore /raw/day.csv --to /raw/day-before.csv
    """,
)
@click.option("--to", "destination", metavar="PATH", help="Path that it gets, in place of its own.")
@click.option("--token", help="Which of several items that had this path, as the list names it.")
@click.option(
    "--if-exists",
    type=click.Choice(["fail", "overwrite", "copy"]),
    default="fail",
    show_default=True,
    help="What to do where something is; a copy gets another name.",
)
@click.option("-n", "--dry-run", is_flag=True, help="Restore nothing; print what would be restored.")
@path_argument()
@printing
@signing_in
def restore(
    session: Session,
    out: Output,
    path: str,
    *,
    destination: str | None,
    token: str | None,
    if_exists: RestoreIfExists,
    dry_run: bool,
) -> None:
    """Bring a deleted file or directory back."""
    result = session.lake.restore_path(
        path, destination=destination, token=token, if_exists=if_exists, preview=dry_run
    )
    where = out.name(result["path"])
    if not result["restored"]:
        text = f"no deleted item of this path is known; {where} exists"
    else:
        text = f"{'would restore' if dry_run else 'restored'} {where}, deleted {result['deleted']}"
    out.record(result, text)


for _command in (list_, restore):
    trash.add_command(_command)
