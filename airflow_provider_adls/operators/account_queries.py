"""Operators that ask the Resource Manager: for accounts, for a name, for what a region offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.operators import account_arguments, arguments
from airflow_provider_adls.operators.arguments import ADLSGen1Operator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context


class ADLSGen1GetAccountOperator(ADLSGen1Operator):
    """Describe an account, with its settings and rules.

    .. code-block:: python

        account = ADLSGen1GetAccountOperator(task_id="account", account_name="mylake")
        report(account.output["firewall_rules"])

    :param account_name: the account, short or full name. (templated)
    :param resource_group: resource group; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: id, name, resource_group, location, provisioning_state, state, endpoint, tags, account_id,
        created_at, modified_at, tier, current_tier, default_group, identity, encryption, firewall_enabled,
        allow_azure_ips, firewall_rules, virtual_network_rules, trusted_id_providers_enabled and
        trusted_id_providers.
    """

    template_fields: Sequence[str] = ("account_name", "resource_group", "adls_gen1_conn_id")
    needed = ("account_name", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "account_name": arguments.account,
        "resource_group": arguments.text,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(self, *, account_name: str, resource_group: str | None = None, **kwargs: Any) -> None:
        super().__init__(account_name=account_name, **kwargs)
        self.resource_group = resource_group
        self.judge()

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Describe the account."""
        return self.hook_for_execution().describe(self.account_name, self.resource_group)


class ADLSGen1ListAccountsOperator(ADLSGen1Operator):
    """List the accounts of the subscription, or of a resource group.

    .. code-block:: python

        accounts = ADLSGen1ListAccountsOperator(task_id="accounts", resource_group="sales")
        ADLSGen1GetAccountOperator.partial(task_id="each").expand(
            account_name=accounts.output.map(lambda account: account["name"])
        )

    :param resource_group: resource group; None for all of the subscription. (templated)
    :param filter_by: OData filter, ``name eq 'mylake'`` for instance. (templated)
    :param top: how many at most.
    :param account_name: not looked at; a DAG's default arguments may have it. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: a list, of each account id, name, resource_group, location, provisioning_state, state, endpoint
        and tags.
    """

    template_fields: Sequence[str] = ("resource_group", "filter_by", "account_name", "adls_gen1_conn_id")
    needed = ("adls_gen1_conn_id",)
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "resource_group": arguments.text,
        "filter_by": arguments.text,
        "top": account_arguments.count,
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

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
        self.judge()

    def execute(self, context: Context) -> list[dict[str, Any]]:  # noqa: ARG002 - Airflow's signature
        """List the accounts."""
        return self.hook_for_execution().list_accounts(
            self.resource_group, filter_by=self.filter_by, top=self.top
        )


class ADLSGen1CheckAccountNameOperator(ADLSGen1Operator):
    """Ask whether an account can be called so: names are unique in the world.

    .. code-block:: python

        free = ADLSGen1CheckAccountNameOperator(task_id="free", account_name="mylake", location="eastus2")
        ask_for_another_name.override(trigger_rule="none_failed")(free.output["available"])

    :param account_name: the name, 3 to 24 lower-case letters and digits. (templated)
    :param location: Azure region. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: ``name``, whether it is ``available``, and if not ``reason`` and ``message``.
    """

    template_fields: Sequence[str] = ("account_name", "location", "adls_gen1_conn_id")
    needed = template_fields
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "account_name": arguments.account,
        "location": arguments.text,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(self, *, account_name: str, location: str, **kwargs: Any) -> None:
        super().__init__(account_name=account_name, **kwargs)
        self.location = location
        self.judge()

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Check the name."""
        return self.hook_for_execution().check_name(self.account_name, self.location)


class _LocationOperator(ADLSGen1Operator):
    """Asks for something of a region."""

    template_fields: Sequence[str] = ("location", "account_name", "adls_gen1_conn_id")
    needed = ("location", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "location": arguments.text,
        "account_name": arguments.account,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(self, *, location: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.location = location
        self.judge()


class ADLSGen1LocationCapabilityOperator(_LocationOperator):
    """Ask what the subscription may have in a region.

    .. code-block:: python

        ADLSGen1LocationCapabilityOperator(task_id="capability", location="eastus2")

    :param location: Azure region. (templated)
    :param account_name: not looked at; a DAG's default arguments may have it. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: location, subscription_id, its state, max_account_count, account_count and migration_state.
    """

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Ask for the capability."""
        return self.hook_for_execution().location_capability(self.location)


class ADLSGen1LocationUsagesOperator(_LocationOperator):
    """Ask how much of its quotas the subscription uses in a region.

    .. code-block:: python

        ADLSGen1LocationUsagesOperator(task_id="usages", location="eastus2")

    :param location: Azure region. (templated)
    :param account_name: not looked at; a DAG's default arguments may have it. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: a list, of each quota name, current_value, limit and unit.
    """

    def execute(self, context: Context) -> list[dict[str, Any]]:  # noqa: ARG002 - Airflow's signature
        """Ask for the usages."""
        return self.hook_for_execution().location_usages(self.location)
