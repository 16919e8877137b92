"""Operators that ask Resource Manager about accounts, names of accounts and regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import (
    NAMED_ACCOUNT,
    UNUSED_ACCOUNT,
    templated,
)
from airflow_provider_adls.operators.base import AccountOperator, ADLSGen1Operator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context


class ADLSGen1GetAccountOperator(AccountOperator):
    """Return the description of an account, with its settings and rules.

    .. code-block:: python

        account = ADLSGen1GetAccountOperator(task_id="account", account_name="mylake")
        report(account.output["firewall_rules"])

    :returns: id, name, resource_group, location, provisioning_state, state, endpoint, tags, account_id,
        created_at, modified_at, tier, current_tier, default_group, identity, encryption, firewall_enabled,
        allow_azure_ips, firewall_rules, virtual_network_rules, trusted_id_providers_enabled and
        trusted_id_providers.
    """

    pushes_keys = True

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Describe the account."""
        return self.hook_for_execution().describe(self.account_name, self.resource_group)


class ADLSGen1ListAccountsOperator(ADLSGen1Operator):
    """List the accounts of the subscription, or of a resource group.

    .. code-block:: python

        accounts = ADLSGen1ListAccountsOperator(task_id="accounts", resource_group="sales")
        ADLSGen1GetAccountOperator.partial(task_id="each", resource_group="sales").expand(
            account_name=accounts.output.map(lambda account: account["name"])
        )

    :returns: a list, with the id of each account, name, resource_group, location, provisioning_state, state,
        endpoint and tags.
    """

    arguments = (
        templated("resource_group", kinds.text, "resource group; None for the whole subscription"),
        templated("filter_by", kinds.text, "OData filter, such as ``name eq 'mylake'``"),
        templated("top", kinds.count, "most accounts to return"),
        UNUSED_ACCOUNT,
    )

    def __init__(
        self,
        *,
        resource_group: str | None = None,
        filter_by: str | None = None,
        top: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.resource_group = resource_group
        self.filter_by = filter_by
        self.top = top
        self.validate()

    def execute(self, context: Context) -> list[dict[str, Any]]:  # noqa: ARG002 - Airflow's signature
        """List the accounts."""
        return self.hook_for_execution().list_accounts(
            self.resource_group, filter_by=self.filter_by, top=self.top
        )


class ADLSGen1CheckAccountNameOperator(ADLSGen1Operator):
    """Check whether a name is free: account names are unique in the world.

    .. code-block:: python

        free = ADLSGen1CheckAccountNameOperator(task_id="free", account_name="mylake", location="eastus2")
        ask_for_another_name.override(trigger_rule="none_failed")(free.output["available"])

    :returns: ``name``, whether it is ``available``, and if not ``reason`` and ``message``.
    """

    pushes_keys = True
    arguments = (
        NAMED_ACCOUNT,
        templated("location", kinds.text, "Azure region", required=True),
    )

    def __init__(self, *, account_name: str, location: str, **kwargs: Any) -> None:
        super().__init__(account_name=account_name, **kwargs)
        self.location = location
        self.validate()

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Check the name."""
        return self.hook_for_execution().check_name(self.account_name, self.location)


class _LocationOperator(ADLSGen1Operator):
    """Base of the operators that ask about a region."""

    arguments = (templated("location", kinds.text, "Azure region", required=True), UNUSED_ACCOUNT)

    def __init__(self, *, location: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.location = location
        self.validate()


class ADLSGen1LocationCapabilityOperator(_LocationOperator):
    """Return whether the subscription may have accounts in a region, and how many.

    .. code-block:: python

        ADLSGen1LocationCapabilityOperator(task_id="capability", location="eastus2")

    :returns: location, subscription_id, its state, max_account_count, account_count and migration_state.
    """

    pushes_keys = True

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Ask for the capability."""
        return self.hook_for_execution().location_capability(self.location)


class ADLSGen1LocationUsagesOperator(_LocationOperator):
    """Return how much of its quotas the subscription uses in a region.

    .. code-block:: python

        ADLSGen1LocationUsagesOperator(task_id="usages", location="eastus2")

    :returns: a list, with the name of each quota, current_value, limit and unit.
    """

    def execute(self, context: Context) -> list[dict[str, Any]]:  # noqa: ARG002 - Airflow's signature
        """Ask for the usages."""
        return self.hook_for_execution().location_usages(self.location)
