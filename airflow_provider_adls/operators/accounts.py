"""Operators for accounts, through Azure Resource Manager."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.hooks.accounts import ENCRYPTIONS, TIERS, IfExists
from airflow_provider_adls.operators import arguments
from airflow_provider_adls.operators.arguments import ADLSGen1Operator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context


class ADLSGen1CreateAccountOperator(ADLSGen1Operator):
    """Create a Data Lake Storage Gen1 account, and wait until it can be used.

    .. code-block:: python

        ADLSGen1CreateAccountOperator(
            task_id="create_account",
            account_name="mylake",
            location="eastus2",
            tags={"team": "sales"},
            if_exists="skip",
        )

    A task that is tried again after it was stopped half way finds the account that it made itself: with
    ``if_exists`` of ``skip`` or ``update`` it waits for that account and succeeds.

    :param account_name: 3 to 24 lower-case letters and digits. (templated)
    :param location: Azure region. (templated)
    :param resource_group: resource group; None for the connection's. (templated)
    :param tags: the resource's tags. (templated)
    :param tier: commitment tier, ``Consumption`` or ``Commitment_1TB`` to ``Commitment_5PB``. (templated)
    :param default_group: object id of the group that owns new files and directories. (templated)
    :param encryption: ``ServiceManaged`` or ``Disabled``; None leaves it to the service, which encrypts.
    :param if_exists: what to do with an account of this name in the resource group: ``fail``, ``skip``
        it, or ``update`` its tags, tier and default group.
    :param wait_for_completion: whether to wait until the account can be used.
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: id, name, resource_group, location, provisioning_state, state, endpoint, tags and created.
    """

    template_fields: Sequence[str] = (
        "account_name",
        "location",
        "resource_group",
        "tags",
        "tier",
        "default_group",
        "adls_gen1_conn_id",
    )
    needed = ("account_name", "location", "if_exists", "wait_for_completion", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "account_name": arguments.account,
        "location": arguments.text,
        "resource_group": arguments.text,
        "tags": arguments.string_mapping,
        "tier": arguments.one_of(*TIERS),
        "default_group": arguments.text,
        "encryption": arguments.one_of(*ENCRYPTIONS),
        "if_exists": arguments.one_of("fail", "skip", "update"),
        "wait_for_completion": arguments.flag,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(
        self,
        *,
        account_name: str,
        location: str,
        resource_group: str | None = None,
        tags: Mapping[str, str] | None = None,
        tier: str | None = None,
        default_group: str | None = None,
        encryption: str | None = None,
        if_exists: IfExists = "fail",
        wait_for_completion: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.account_name = account_name
        self.location = location
        self.resource_group = resource_group
        self.tags = tags
        self.tier = tier
        self.default_group = default_group
        self.encryption = encryption
        self.if_exists: IfExists = if_exists
        self.wait_for_completion = wait_for_completion
        self.judge()

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Create the account."""
        return self.hook_for_execution().create_account(
            self.account_name,
            self.location,
            self.resource_group,
            tags=self.tags,
            tier=self.tier,
            default_group=self.default_group,
            encryption=self.encryption,
            if_exists=self.if_exists,
            wait_for_completion=self.wait_for_completion,
        )


class ADLSGen1DeleteAccountOperator(ADLSGen1Operator):
    """Delete a Data Lake Storage Gen1 account, with everything that is in it.

    .. code-block:: python

        ADLSGen1DeleteAccountOperator(task_id="delete_account", account_name="mylake")

    :param account_name: the account, short or full name. (templated)
    :param resource_group: resource group; None for the connection's. (templated)
    :param ignore_if_missing: whether an account that is not there is right, as it is for a task that is
        tried again.
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: ``name``, and whether it was ``deleted`` now.
    """

    template_fields: Sequence[str] = ("account_name", "resource_group", "adls_gen1_conn_id")
    needed = ("account_name", "ignore_if_missing", "adls_gen1_conn_id")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "account_name": arguments.account,
        "resource_group": arguments.text,
        "ignore_if_missing": arguments.flag,
        "adls_gen1_conn_id": arguments.text,
    }

    def __init__(
        self,
        *,
        account_name: str,
        resource_group: str | None = None,
        ignore_if_missing: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.account_name = account_name
        self.resource_group = resource_group
        self.ignore_if_missing = ignore_if_missing
        self.judge()

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Delete the account."""
        return self.hook_for_execution().delete_account(
            self.account_name, self.resource_group, ignore_if_missing=self.ignore_if_missing
        )
