"""`expiry`: when the service deletes files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from airflow_provider_adls.commands.command import Failures, command, path_arguments, printing, signing_in
from airflow_provider_adls.commands.rights import changing, report
from airflow_provider_adls.commands.values import moment, span

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from airflow_provider_adls.commands.output import Output
    from airflow_provider_adls.commands.sign_in import Session


@click.group("expiry")
def expiry() -> None:
    """Show and set when the service deletes files."""


@command("get", examples="adls-gen1 expiry get /raw/day.csv")
@path_arguments()
@printing
@signing_in
def get(session: Session, out: Output, paths: tuple[str, ...]) -> None:
    """Show when files expire; a dash stands for never."""
    from airflow_provider_adls.commands.lake import expanded

    failures = Failures()
    for path in paths:
        with failures.noted():
            for one in expanded(session.lake, [path]):
                status = session.lake.get_status(one)
                record = {"path": status["path"], "expires": status["expires"]}
                out.record(record, f"{record['expires'] or '-'}\t{out.name(record['path'])}")
    failures.end()


@command(
    "set",
    examples="""
        adls-gen1 expiry set --in 7d /raw/day.csv
        adls-gen1 expiry set -R --in 30d --since-creation /tmp
        adls-gen1 expiry set --at 2027-01-01T00:00:00+00:00 /raw/day.csv
    """,
)
@changing
@click.option("--in", "expires_in", type=span, metavar="SPAN", help="How long from now: 90s, 15m, 12h, 7d.")
@click.option("--at", "expires_at", type=moment, metavar="TIME", help="When: 2027-01-01T00:00:00+00:00.")
@click.option("--since-creation", is_flag=True, help="Let the span begin at each file's creation.")
@path_arguments()
@printing
@signing_in
def set_(
    session: Session,
    out: Output,
    paths: tuple[str, ...],
    *,
    expires_in: timedelta | None,
    expires_at: datetime | None,
    since_creation: bool,
    **options: bool,
) -> None:
    """Say when files expire. Only files do: with -R directories stand for the files in them."""
    from airflow_provider_adls.commands.lake import expanded

    if (expires_in is None) == (expires_at is None):
        raise click.UsageError("give --in SPAN or --at TIME")
    if since_creation and expires_in is None:
        raise click.UsageError("--since-creation goes with --in")
    result = session.lake.set_expiry(
        expanded(session.lake, paths),
        expires_at=expires_at,
        expires_in=expires_in,
        since_creation=since_creation,
        **options,
    )
    report(out, result)


@command("clear", examples="adls-gen1 expiry clear /raw/day.csv")
@changing
@path_arguments()
@printing
@signing_in
def clear(session: Session, out: Output, paths: tuple[str, ...], **options: bool) -> None:
    """Let files stay for good."""
    from airflow_provider_adls.commands.lake import expanded

    report(out, session.lake.clear_expiry(expanded(session.lake, paths), **options))


for _command in (get, set_, clear):
    expiry.add_command(_command)
