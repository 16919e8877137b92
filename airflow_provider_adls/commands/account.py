"""`account`: the accounts of a subscription."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from airflow_provider_adls.accounts.parameters import ENCRYPTIONS, TIERS
from airflow_provider_adls.commands.command import command, printing, signing_in_for_accounts
from airflow_provider_adls.commands.values import tag

if TYPE_CHECKING:
    from airflow_provider_adls.accounts.accounts import IfExists
    from airflow_provider_adls.commands.output import Output
    from airflow_provider_adls.commands.sign_in import Session


@click.group("account")
def account() -> None:
    """Show, create, change and delete accounts, by Azure Resource Manager."""


@command("list", examples="adls-gen1 account list\nadls-gen1 account list --json | jq -r .name")
@click.option("--filter", "filter_by", metavar="ODATA", help="OData filter: \"location eq 'eastus2'\".")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="List N accounts at most.")
@printing
@signing_in_for_accounts
def list_(session: Session, out: Output, *, filter_by: str | None, limit: int | None) -> None:
    """List the accounts of a subscription, or of the resource group that an option names."""
    accounts = session.lake.list_accounts(session.resource_group, filter_by=filter_by, top=limit)
    out.records(accounts, ("name", "resource_group", "location", "provisioning_state", "state"))


@command("show", examples="adls-gen1 account show mylake --resource-group analytics")
@click.argument("name")
@printing
@signing_in_for_accounts
def show(session: Session, out: Output, name: str) -> None:
    """Show an account with all its settings and rules."""
    out.properties(session.lake.describe(name, session.resource_group))


def _settings(function: Any) -> Any:
    for option in (
        click.option("--no-wait", is_flag=True, help="Return before the service has done it."),
        click.option(
            "--firewall/--no-firewall", "firewall_enabled", default=None, help="Switch the firewall."
        ),
        click.option("--default-group", metavar="ID", help="Group that owns new files and directories."),
        click.option("--tier", type=click.Choice(TIERS), help="Commitment tier, from next month on."),
        click.option(
            "--tag", "tags", type=tag, metavar="NAME=VALUE", multiple=True, help="A tag; repeat it for more."
        ),
    ):
        function = option(function)
    return function


@command(
    "create",
    examples="""
        adls-gen1 account create mylake --location eastus2 --resource-group analytics
        adls-gen1 account create mylake --location eastus2 --tag team=etl --if-exists skip
    """,
)
@click.argument("name")
@click.option("--location", required=True, help="Azure region, eastus2 for instance.")
@click.option("--encryption", type=click.Choice(ENCRYPTIONS[:2]), help="Whether files are encrypted.")
@click.option(
    "--if-exists",
    type=click.Choice(["fail", "skip", "update"]),
    default="fail",
    show_default=True,
    help="What to do with an existing account.",
)
@_settings
@printing
@signing_in_for_accounts
def create(
    session: Session,
    out: Output,
    name: str,
    *,
    location: str,
    if_exists: IfExists,
    no_wait: bool,
    tags: tuple[tuple[str, str], ...],
    **definition: Any,
) -> None:
    """Create an account."""
    result = session.lake.create_account(
        name,
        location,
        session.resource_group,
        if_exists=if_exists,
        wait_for_completion=not no_wait,
        tags=dict(tags) or None,
        **definition,
    )
    out.properties(result)


@command("update", examples="adls-gen1 account update mylake --tag team=etl --firewall")
@click.argument("name")
@_settings
@printing
@signing_in_for_accounts
def update(
    session: Session,
    out: Output,
    name: str,
    *,
    no_wait: bool,
    tags: tuple[tuple[str, str], ...],
    **settings: Any,
) -> None:
    """Change an account. What is not given stays as it is; tags are replaced as a whole."""
    if not tags and all(value is None for value in settings.values()):
        raise click.UsageError("nothing to change: give --tag, --tier, --default-group or --firewall")
    result = session.lake.update_account(
        name, session.resource_group, wait_for_completion=not no_wait, tags=dict(tags) or None, **settings
    )
    out.properties(result)


@command("delete", examples="adls-gen1 account delete mylake --yes")
@click.argument("name")
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option("-n", "--dry-run", is_flag=True, help="Delete nothing; print what would be deleted.")
@click.option("--no-wait", is_flag=True, help="Return before the service has done it.")
@printing
@signing_in_for_accounts
def delete(session: Session, out: Output, name: str, *, yes: bool, dry_run: bool, no_wait: bool) -> None:
    """Delete an account with all that is in it.

    A terminal asks for the account's name; elsewhere --yes is needed.
    """
    found = session.lake.describe(name, session.resource_group)
    if dry_run:
        out.record(
            {"preview": True, "name": found["name"]},
            f"would delete account {found['name']} in {found['resource_group']}",
        )
        return
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("all that is in the account would go: give --yes")
        typed = click.prompt(f"All that is in {found['name']} goes. Its name, to delete it", err=True)
        if typed.strip() != found["name"]:
            raise click.UsageError("that is another name: nothing was deleted")
    result = session.lake.delete_account(
        name, session.resource_group, ignore_if_missing=False, wait_for_completion=not no_wait
    )
    out.record(result, f"deleted account {result['name']}")


@command("check-name", examples="adls-gen1 account check-name mylake --location eastus2")
@click.argument("name")
@click.option("--location", required=True, help="Azure region, eastus2 for instance.")
@printing
@signing_in_for_accounts
def check_name(session: Session, out: Output, name: str, location: str) -> None:
    """Show whether an account can be called so; names are unique in the world."""
    out.properties(session.lake.check_name(name, location))


@command("usage", examples="adls-gen1 account usage eastus2")
@click.argument("location")
@printing
@signing_in_for_accounts
def usage(session: Session, out: Output, location: str) -> None:
    """Show how much of its quotas the subscription uses in a region."""
    rows = session.lake.location_usages(location)
    out.records(rows, ("name", "current_value", "limit", "unit"), right=("current_value", "limit"))


for _command in (list_, show, create, update, delete, check_name, usage):
    account.add_command(_command)
