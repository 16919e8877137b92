"""An account's whole life: make it, open it to some addresses, look at it, change it, delete it.

It runs wherever a connection `adls_gen1_default` leads to a Resource Manager. It makes an account of its own
in the connection's resource group, and deletes it.
"""

from __future__ import annotations

from typing import Any

from airflow.providers.common.compat.sdk import Param, chain, dag, task

from airflow_provider_adls.operators.account_queries import (
    ADLSGen1CheckAccountNameOperator,
    ADLSGen1GetAccountOperator,
    ADLSGen1ListAccountsOperator,
    ADLSGen1LocationUsagesOperator,
)
from airflow_provider_adls.operators.account_rules import (
    ADLSGen1SetFirewallRulesOperator,
    ADLSGen1SetTrustedIdProvidersOperator,
)
from airflow_provider_adls.operators.accounts import (
    ADLSGen1CreateAccountOperator,
    ADLSGen1DeleteAccountOperator,
    ADLSGen1UpdateAccountOperator,
)
from airflow_provider_adls.sensors.accounts import ADLSGen1AccountStateSensor

ACCOUNT = "{{ params.account_name }}"


@task
def compare(
    free: dict[str, Any],
    preview: dict[str, Any],
    declared: dict[str, Any],
    described: list[dict[str, Any]],
    account: str,
) -> None:
    """Fail unless the account became what it was asked to be."""
    if not free["available"]:
        raise ValueError(f"the name {account} was not free: {free['message']}")
    if {**preview, "preview": False} != declared or declared["removed"] != ["old"]:
        raise ValueError(f"{declared} was done, and {preview} was foretold")
    (found,) = [one for one in described if one["name"] == account]
    expected = {
        "tags": {"team": "sales", "stage": "test"},
        "firewall_enabled": True,
        "firewall_rules": {"office": ["203.0.113.0", "203.0.113.255"], "workers": ["127.0.0.1", "127.0.0.9"]},
        "trusted_id_providers": {"partner": "https://sts.windows.net/9d5b43a0-804c-4c82-8791-36aca2f72342"},
    }
    if {key: found[key] for key in expected} != expected:
        raise ValueError(f"the account is {found}")


@dag(
    schedule=None,
    max_active_runs=1,
    tags=["example", "adls_gen1"],
    params={"account_name": Param("accountsexample", type="string", description="Account to make")},
    default_args={"account_name": ACCOUNT},
    doc_md=__doc__,
)
def adls_gen1_accounts():
    """Make, declare, look, change, delete."""
    # [START check_name]
    free = ADLSGen1CheckAccountNameOperator(task_id="free", location="eastus2")
    # [END check_name]

    # [START usages]
    usages = ADLSGen1LocationUsagesOperator(task_id="usages", location="eastus2")
    # [END usages]

    # [START create]
    create = ADLSGen1CreateAccountOperator(
        task_id="create",
        location="eastus2",
        tags={"team": "sales"},
        encryption="ServiceManaged",
        firewall_rules={"old": "192.0.2.1"},
        deferrable=True,
        poll_interval=2,
    )
    # [END create]

    # [START state]
    usable = ADLSGen1AccountStateSensor(
        task_id="usable", target_states=["Active"], deferrable=True, poke_interval=2, timeout=600
    )
    # [END state]

    # [START firewall]
    @task
    def addresses() -> dict[str, str]:
        """Who is let in: from a file, a database, or wherever it is kept."""
        return {"office": "203.0.113.0/24", "workers": "127.0.0.1-127.0.0.9"}

    firewall = {"firewall_rules": addresses(), "enabled": True, "purge": True}
    preview = ADLSGen1SetFirewallRulesOperator(task_id="preview", preview=True, **firewall)
    declare = ADLSGen1SetFirewallRulesOperator(task_id="declare", **firewall)
    # [END firewall]

    # [START providers]
    providers = ADLSGen1SetTrustedIdProvidersOperator(
        task_id="providers",
        trusted_id_providers={"partner": "https://sts.windows.net/9d5b43a0-804c-4c82-8791-36aca2f72342"},
        enabled=True,
    )
    # [END providers]

    # [START update]
    update = ADLSGen1UpdateAccountOperator(
        task_id="update", tags={"team": "sales", "stage": "test"}, allow_azure_ips=False
    )
    # [END update]

    # [START list]
    accounts = ADLSGen1ListAccountsOperator(task_id="accounts", filter_by=f"name eq '{ACCOUNT}'")
    describe = ADLSGen1GetAccountOperator.partial(task_id="describe").expand(
        account_name=accounts.output.map(lambda account: account["name"])
    )
    # [END list]

    # [START delete]
    delete = ADLSGen1DeleteAccountOperator(task_id="delete")
    # [END delete]

    compared = compare(free.output, preview.output, declare.output, describe.output, ACCOUNT)
    chain([free, usages], create, usable, preview, declare, providers, update, accounts, describe, compared)
    # It cleans up whatever happens in between, and `compare` decides whether the run is a success.
    chain(compared, delete.as_teardown(setups=create))


adls_gen1_accounts()
