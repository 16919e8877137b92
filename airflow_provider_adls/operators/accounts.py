"""Operators for accounts, through Azure Resource Manager: make, change, delete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.accounts.parameters import (
    ENCRYPTIONS,
    IDENTITIES,
    KEY_FIELDS,
    TIERS,
    AccountDefinition,
    AccountSettings,
    check_encryption,
)
from airflow_provider_adls.accounts.states import DELETED
from airflow_provider_adls.operators import account_arguments, arguments
from airflow_provider_adls.operators.account_waits import AccountWaitOperator
from airflow_provider_adls.operators.arguments import is_known

if TYPE_CHECKING:
    from datetime import datetime

    from airflow.providers.common.compat.sdk import Context

    from airflow_provider_adls.accounts.accounts import IfExists

_WAITING: Mapping[str, arguments.Rule] = {
    "account_name": arguments.account,
    "resource_group": arguments.text,
    "wait_for_completion": arguments.flag,
    "deferrable": arguments.flag,
    "poll_interval": account_arguments.interval,
    "adls_gen1_conn_id": arguments.text,
}
_NEEDED = ("account_name", "wait_for_completion", "deferrable", "poll_interval", "adls_gen1_conn_id")
#: What can be set of an account, when it is made and later.
_SETTINGS: Mapping[str, arguments.Rule] = {
    "tags": arguments.string_mapping,
    "tier": arguments.one_of(*TIERS),
    "default_group": arguments.text,
    "firewall_enabled": arguments.flag,
    "allow_azure_ips": arguments.flag,
    "trusted_id_providers_enabled": arguments.flag,
    "key_version": arguments.text,
}
_TEMPLATED_SETTINGS = ("tags", "tier", "default_group", "key_version")


class ADLSGen1CreateAccountOperator(AccountWaitOperator):
    """Create a Data Lake Storage Gen1 account, and wait until it can be used.

    .. code-block:: python

        ADLSGen1CreateAccountOperator(
            task_id="create_account",
            account_name="mylake",
            location="eastus2",
            tags={"team": "sales"},
            firewall_rules={"office": "203.0.113.0/24"},
            firewall_enabled=True,
            if_exists="update",
            deferrable=True,
        )

    A task that is tried again after it was stopped half way finds the account that it made itself: on a later
    try, an account that was made since the DAG run began is waited for and counts as created, whatever
    `if_exists` says.

    :param account_name: 3 to 24 lower-case letters and digits. (templated)
    :param location: Azure region. (templated)
    :param resource_group: resource group; None for the connection's. (templated)
    :param ensure_resource_group: whether the resource group is made, in the same region, if it is not there;
        needs the extra ``[resource]``.
    :param tags: the resource's tags. (templated)
    :param tier: commitment tier, ``Consumption`` or ``Commitment_1TB`` to ``Commitment_5PB``. (templated)
    :param default_group: object id of the group that owns new files and directories. (templated)
    :param encryption: ``ServiceManaged``, ``UserManaged`` or ``Disabled``; None leaves it to the service,
        which encrypts by keys of its own. (templated)
    :param key_vault_id: for ``UserManaged``, resource id of the key vault, (templated)
    :param key_name: name of the key in it, (templated)
    :param key_version: and the key's version. (templated)
    :param identity: ``SystemAssigned`` for an identity of the account's own; with ``UserManaged`` it has one
        anyway. (templated)
    :param firewall_rules: addresses that are let in, by the rules' names: ``"203.0.113.7"``,
        ``"203.0.113.0/24"``, ``"203.0.113.7-203.0.113.9"``, or first and last in a list. (templated)
    :param virtual_network_rules: resource ids of subnets that are let in, by the rules' names. (templated)
    :param firewall_enabled: whether none but these are let in; off, if nothing is said.
    :param allow_azure_ips: whether an enabled firewall lets addresses within Azure in.
    :param trusted_id_providers: URLs of id providers by their names. (templated)
    :param trusted_id_providers_enabled: whether their identities count.
    :param if_exists: what to do with an account of this name in the resource group: ``fail``, ``skip``
        it, or ``update`` its settings to what is given, and add and change its rules.
    :param wait_for_completion: whether to wait until the account can be used.
    :param deferrable: whether the triggerer waits, and no worker; by default what
        ``[operators] default_deferrable`` says.
    :param poll_interval: seconds between two looks of the triggerer; a worker looks as often as the service
        asks for.
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: id, name, resource_group, location, provisioning_state, state, endpoint, tags and created.
    """

    template_fields: Sequence[str] = (
        "account_name",
        "location",
        "resource_group",
        *_TEMPLATED_SETTINGS,
        "encryption",
        "key_vault_id",
        "key_name",
        "identity",
        "firewall_rules",
        "virtual_network_rules",
        "trusted_id_providers",
        "adls_gen1_conn_id",
    )
    needed = (*_NEEDED, "location", "if_exists", "ensure_resource_group")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        **_WAITING,
        **_SETTINGS,
        "location": arguments.text,
        "ensure_resource_group": account_arguments.ensured,
        "encryption": arguments.one_of(*ENCRYPTIONS),
        "key_vault_id": account_arguments.key_vault_id,
        "key_name": arguments.text,
        "identity": arguments.one_of(*IDENTITIES),
        "firewall_rules": account_arguments.firewall_rules,
        "virtual_network_rules": account_arguments.virtual_network_rules,
        "trusted_id_providers": account_arguments.trusted_id_providers,
        "if_exists": arguments.one_of("fail", "skip", "update"),
    }

    def __init__(
        self,
        *,
        account_name: str,
        location: str,
        ensure_resource_group: bool = False,
        tags: Mapping[str, str] | None = None,
        tier: str | None = None,
        default_group: str | None = None,
        encryption: str | None = None,
        key_vault_id: str | None = None,
        key_name: str | None = None,
        key_version: str | None = None,
        identity: str | None = None,
        firewall_rules: Mapping[str, Any] | None = None,
        virtual_network_rules: Mapping[str, str] | None = None,
        firewall_enabled: bool | None = None,
        allow_azure_ips: bool | None = None,
        trusted_id_providers: Mapping[str, str] | None = None,
        trusted_id_providers_enabled: bool | None = None,
        if_exists: IfExists = "fail",
        **kwargs: Any,
    ) -> None:
        super().__init__(account_name=account_name, **kwargs)
        self.location = location
        self.ensure_resource_group = ensure_resource_group
        self.tags = tags
        self.tier = tier
        self.default_group = default_group
        self.encryption = encryption
        self.key_vault_id = key_vault_id
        self.key_name = key_name
        self.key_version = key_version
        self.identity = identity
        self.firewall_rules = firewall_rules
        self.virtual_network_rules = virtual_network_rules
        self.firewall_enabled = firewall_enabled
        self.allow_azure_ips = allow_azure_ips
        self.trusted_id_providers = trusted_id_providers
        self.trusted_id_providers_enabled = trusted_id_providers_enabled
        self.if_exists: IfExists = if_exists
        self.judge()

    def judge(self, *, at_parse: bool = True) -> None:
        """Apply the rules, and see that encryption and key go together.

        :raises ValueError: naming the argument.
        """
        super().judge(at_parse=at_parse)
        values = {name: getattr(self, name) for name in ("encryption", *KEY_FIELDS)}
        if at_parse and not all(value is None or is_known(value) for value in values.values()):
            return
        try:
            check_encryption(values)
        except ValueError as error:
            raise ValueError(
                f"{type(self).__name__} {self.task_id!r}, argument 'encryption': {error}"
            ) from None

    def execute(self, context: Context) -> dict[str, Any]:
        """Create the account."""
        hook = self.hook_for_execution()
        if self.ensure_resource_group:
            hook.ensure_resource_group(self.location, self.resource_group)
        account = self._create(wait=self.waits_here, own_since=_earlier_try(context))
        return self.ended(account, {"created": account["created"]})

    def execute_complete(
        self, context: Context, event: dict[str, Any], result: dict[str, Any]
    ) -> dict[str, Any]:
        """Give the result; an account that was there, and had to be waited for, is taken as it is now."""
        complete = super().execute_complete(context, event, result)
        if result["created"]:
            return complete
        return self._create(wait=True)

    def _create(self, *, wait: bool, own_since: datetime | None = None) -> dict[str, Any]:
        definition = {name: getattr(self, name) for name in _names(AccountDefinition)}
        return self.hook.create_account(
            self.account_name,
            self.location,
            self.resource_group,
            if_exists=self.if_exists,
            wait_for_completion=wait,
            own_since=own_since,
            **definition,
        )


class ADLSGen1UpdateAccountOperator(AccountWaitOperator):
    """Change an account; what is not given stays as it is.

    .. code-block:: python

        ADLSGen1UpdateAccountOperator(
            task_id="rotate", account_name="mylake", key_version="{{ params.version }}"
        )

    Rules of the firewall, of networks and of id providers have operators of their own, in
    `airflow_provider_adls.operators.account_rules`.

    :param account_name: the account, short or full name. (templated)
    :param resource_group: resource group; None for the connection's. (templated)
    :param tags: the resource's tags, replaced as a whole; ``{}`` for none. (templated)
    :param tier: commitment tier from next month on. (templated)
    :param default_group: object id of the group that owns new files and directories. (templated)
    :param firewall_enabled: whether only addresses and subnets of the account's rules are let in.
    :param allow_azure_ips: whether an enabled firewall lets addresses within Azure in.
    :param trusted_id_providers_enabled: whether identities of its trusted id providers count.
    :param key_version: version of the key to go over to, if the account is encrypted by a key of the
        user's. (templated)
    :param wait_for_completion: whether to wait until it is done.
    :param deferrable: whether the triggerer waits, and no worker; by default what
        ``[operators] default_deferrable`` says.
    :param poll_interval: seconds between two looks of the triggerer.
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: id, name, resource_group, location, provisioning_state, state, endpoint and tags.
    """

    template_fields: Sequence[str] = (
        "account_name",
        "resource_group",
        *_TEMPLATED_SETTINGS,
        "adls_gen1_conn_id",
    )
    needed = _NEEDED
    rules: ClassVar[Mapping[str, arguments.Rule]] = {**_WAITING, **_SETTINGS}

    def __init__(
        self,
        *,
        account_name: str,
        tags: Mapping[str, str] | None = None,
        tier: str | None = None,
        default_group: str | None = None,
        firewall_enabled: bool | None = None,
        allow_azure_ips: bool | None = None,
        trusted_id_providers_enabled: bool | None = None,
        key_version: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(account_name=account_name, **kwargs)
        self.tags = tags
        self.tier = tier
        self.default_group = default_group
        self.firewall_enabled = firewall_enabled
        self.allow_azure_ips = allow_azure_ips
        self.trusted_id_providers_enabled = trusted_id_providers_enabled
        self.key_version = key_version
        self.judge()

    def judge(self, *, at_parse: bool = True) -> None:
        """Apply the rules, and see that there is something to change.

        :raises ValueError: naming the argument.
        """
        super().judge(at_parse=at_parse)
        if all(value is None for value in self._settings().values()):
            raise ValueError(
                f"{type(self).__name__} {self.task_id!r}: one of the arguments"
                f" {', '.join(map(repr, _SETTINGS))} must have a value"
            )

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Change the account."""
        account = self.hook_for_execution().update_account(
            self.account_name, self.resource_group, wait_for_completion=self.waits_here, **self._settings()
        )
        return self.ended(account, {})

    def _settings(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _names(AccountSettings)}


class ADLSGen1DeleteAccountOperator(AccountWaitOperator):
    """Delete a Data Lake Storage Gen1 account, with everything that is in it.

    .. code-block:: python

        ADLSGen1DeleteAccountOperator(task_id="delete_account", account_name="mylake")

    :param account_name: the account, short or full name. (templated)
    :param resource_group: resource group; None for the connection's. (templated)
    :param ignore_if_missing: whether an account that is not there is right, as it is for a task that is
        tried again.
    :param wait_for_completion: whether to wait until it is gone.
    :param deferrable: whether the triggerer waits, and no worker; by default what
        ``[operators] default_deferrable`` says.
    :param poll_interval: seconds between two looks of the triggerer.
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: ``name``, and whether it was ``deleted`` now.
    """

    template_fields: Sequence[str] = ("account_name", "resource_group", "adls_gen1_conn_id")
    needed = (*_NEEDED, "ignore_if_missing")
    rules: ClassVar[Mapping[str, arguments.Rule]] = {**_WAITING, "ignore_if_missing": arguments.flag}

    def __init__(self, *, account_name: str, ignore_if_missing: bool = True, **kwargs: Any) -> None:
        super().__init__(account_name=account_name, **kwargs)
        self.ignore_if_missing = ignore_if_missing
        self.judge()

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Delete the account."""
        hook = self.hook_for_execution()
        result = hook.delete_account(
            self.account_name,
            self.resource_group,
            ignore_if_missing=self.ignore_if_missing,
            wait_for_completion=self.waits_here,
        )
        if self.deferrable and self.wait_for_completion:
            self.ended(hook.find_account(self.account_name, self.resource_group), result, DELETED)
        return result

    def execute_complete(
        self, context: Context, event: dict[str, Any], result: dict[str, Any]
    ) -> dict[str, Any]:
        """Give the result, or raise what the trigger met."""
        super().execute_complete(context, event, result)
        return result


def _names(settings: type) -> tuple[str, ...]:
    """Names of what can be set, those of a base too."""
    return tuple(settings.__annotations__)


def _earlier_try(context: Context) -> datetime | None:
    """When the DAG run began, if this is not the task's first try; None otherwise."""
    task_instance, run = context.get("ti"), context.get("dag_run")
    if task_instance is None or run is None or task_instance.try_number < 2:
        return None
    return run.start_date
