"""`doctor`: what is wrong with a connection of Airflow's."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

import click

from airflow_provider_adls.commands.command import LakeCommand, fail, printing
from airflow_provider_adls.commands.statuses import Status

if TYPE_CHECKING:
    from airflow_provider_adls.commands.output import Output


@click.command(
    "doctor",
    cls=LakeCommand,
    examples="adls-gen1 doctor --conn-id adls_gen1_default\nadls-gen1 doctor --conn-id lake --json",
)
@click.option(
    "--conn-id", required=True, metavar="ID", help="The connection's id, adls_gen1_default for instance."
)
@click.option(
    "--path",
    default="/",
    show_default=True,
    metavar="PATH",
    help="Directory of the lake to write a file in, and delete it.",
)
@printing
def doctor(out: Output, conn_id: str, path: str) -> None:
    """Find out what is wrong with an Airflow connection, step by step.

    The exit status is 1 if a step failed.
    """
    from airflow_provider_adls.commands.airflow_connection import reading_the_database

    with reading_the_database(), contextlib.redirect_stdout(sys.stderr):
        try:
            from airflow_provider_adls.hooks.adls_gen1 import ADLSGen1Hook
            from airflow_provider_adls.hooks.doctor import examine
        except ImportError as error:
            fail(f"the doctor needs Airflow: {error}", Status.USAGE)
        failed = 0
        remarks = []
        for finding in examine(ADLSGen1Hook(conn_id), path):
            record = {"step": finding.step, "ok": finding.well, "message": finding.said}
            out.record({**record, "remark": finding.remark or None}, str(finding))
            out.flush()
            failed += not finding.well
            remarks += [finding.remark] if finding.remark else []
    if not out.as_json:
        out.line(_summary(failed, remarks))
    if failed:
        click.get_current_context().exit(Status.FAILED)


def _summary(failed: int, remarks: list[str]) -> str:
    if failed:
        return f"{failed} of the steps failed."
    if remarks:
        return f"No step failed, but look at this: {'; '.join(remarks)}."
    return "All is well."
