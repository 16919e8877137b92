"""Operators that create, update and delete accounts through Azure Resource Manager."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.accounts.parameters import (
    ENCRYPTIONS,
    IDENTITIES,
    KEY_FIELDS,
    SKUS,
    TIERS,
    AccountDefinition,
    AccountSettings,
    check_encryption,
)
from airflow_provider_adls.accounts.states import DELETED
from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.account_waits import AccountWaitOperator
from airflow_provider_adls.operators.arguments import fixed, flag, is_known, templated

if TYPE_CHECKING:
    from datetime import datetime

    from airflow.providers.common.compat.sdk import Context

    from airflow_provider_adls.accounts.accounts import IfExists


class ADLSGen1CreateAccountOperator(AccountWaitOperator):
    """Create an account, and wait until it can be used.

    With a container in the connection it is a storage account with hierarchical namespace (Gen2), which gets
    that container too; `tier`, `default_group` and trusted id providers are of Gen1, and `sku` is of Gen2.
    Without one it is a Data Lake Storage Gen1 account.

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

    A retry finds the account that an earlier try created: an account that was created since the DAG run began
    is waited for and counts as created, whatever `if_exists` says.

    :returns: id, name, resource_group, location, provisioning_state, state, endpoint, tags and created.
    """

    arguments = (
        templated("location", kinds.text, "Azure region", required=True),
        templated(
            "ensure_resource_group",
            kinds.ensured,
            "whether a missing resource group is created, in the same region; needs the extra ``[resource]``",
            required=True,
        ),
        templated("tags", kinds.string_mapping, "the resource's tags"),
        templated(
            "tier",
            kinds.one_of(*TIERS),
            "Gen1: commitment tier, ``Consumption`` or ``Commitment_1TB`` to ``Commitment_5PB``",
        ),
        templated(
            "sku",
            kinds.one_of(*SKUS),
            "Gen2: SKU of the storage account, such as ``Standard_ZRS``; None for ``Standard_LRS``",
        ),
        templated("default_group", kinds.text, "object id of the group that owns new files and directories"),
        templated(
            "encryption",
            kinds.one_of(*ENCRYPTIONS),
            "``ServiceManaged``, and for Gen1 ``UserManaged`` or ``Disabled``; None leaves it to the "
            "service, which encrypts by keys of its own",
        ),
        templated("key_vault_id", kinds.key_vault_id, "for ``UserManaged``, resource id of the key vault"),
        templated("key_name", kinds.text, "for ``UserManaged``, name of the key in the key vault"),
        templated("key_version", kinds.text, "for ``UserManaged``, version of the key"),
        templated(
            "identity",
            kinds.one_of(*IDENTITIES),
            "``SystemAssigned`` for an identity of the account's own; with ``UserManaged`` it has one anyway",
        ),
        templated(
            "firewall_rules",
            kinds.firewall_rules,
            'addresses that are let in, by the rules\' names: ``"203.0.113.7"``, ``"203.0.113.0/24"``, '
            '``"203.0.113.7-203.0.113.9"``, or first and last in a list',
        ),
        templated(
            "virtual_network_rules",
            kinds.virtual_network_rules,
            "resource ids of subnets that are let in, by the rules' names",
        ),
        flag(
            "firewall_enabled", "whether none but these are let in; off, if nothing is said", required=False
        ),
        flag("allow_azure_ips", "whether an enabled firewall lets addresses within Azure in", required=False),
        templated("trusted_id_providers", kinds.trusted_id_providers, "URLs of id providers by their names"),
        flag("trusted_id_providers_enabled", "whether their identities count", required=False),
        fixed(
            "if_exists",
            kinds.one_of("fail", "skip", "update"),
            "what to do with an account of this name in the resource group: ``fail``, ``skip`` it, or "
            "``update`` its settings to what is given, and add and change its rules",
            required=True,
        ),
    )

    def __init__(
        self,
        *,
        account_name: str,
        location: str,
        ensure_resource_group: bool = False,
        tags: Mapping[str, str] | None = None,
        tier: str | None = None,
        sku: str | None = None,
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
        self.sku = sku
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
        self.validate()

    def validate_together(self) -> None:
        """Refuse an encryption without its key, and a key without its encryption."""
        values = {name: getattr(self, name) for name in ("encryption", *KEY_FIELDS)}
        if is_known(values):
            try:
                check_encryption(values)
            except ValueError as error:
                raise self.error("encryption", str(error)) from None

    def execute(self, context: Context) -> dict[str, Any]:
        """Create the account."""
        hook = self.hook_for_execution()
        if self.ensure_resource_group:
            hook.ensure_resource_group(self.location, self.resource_group)
        account = self._create(wait=self.waits_here, own_since=_earlier_try(context))
        return self.ended(account, {"created": account["created"]})

    def execute_complete(self, context: Context, event: dict[str, Any]) -> dict[str, Any]:
        """Return the result; an account that existed already is updated or skipped once it is ready."""
        complete = super().execute_complete(context, event)
        if not event["carried"]["created"]:
            return self._create(wait=True)
        self.hook.complete_account(self.account_name, self.resource_group)
        return complete

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
    """Change an account; settings that are not given stay as they are.

    .. code-block:: python

        ADLSGen1UpdateAccountOperator(
            task_id="rotate", account_name="mylake", key_version="{{ params.version }}"
        )

    Rules of the firewall, of networks and of id providers have operators of their own, in
    `airflow_provider_adls.operators.account_rules`.

    :returns: id, name, resource_group, location, provisioning_state, state, endpoint and tags.
    """

    arguments = (
        templated("tags", kinds.string_mapping, "the resource's tags, replaced as a whole; ``{}`` for none"),
        templated("tier", kinds.one_of(*TIERS), "commitment tier from next month on"),
        templated("default_group", kinds.text, "object id of the group that owns new files and directories"),
        flag(
            "firewall_enabled",
            "whether only addresses and subnets of the account's rules are let in",
            required=False,
        ),
        flag("allow_azure_ips", "whether an enabled firewall lets addresses within Azure in", required=False),
        flag(
            "trusted_id_providers_enabled",
            "whether identities of its trusted id providers count",
            required=False,
        ),
        templated(
            "key_version",
            kinds.text,
            "version of the key to go over to, if the account is encrypted by a key of the user's",
        ),
    )

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
        self.validate()

    def validate_together(self) -> None:
        """Refuse an update without anything to change."""
        if all(value is None for value in self._settings().values()):
            names = _names(AccountSettings)
            raise self.error(names[0], f"set it or another setting: {', '.join(names[1:])}")

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Change the account."""
        account = self.hook_for_execution().update_account(
            self.account_name, self.resource_group, wait_for_completion=self.waits_here, **self._settings()
        )
        return self.ended(account, {})

    def _settings(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _names(AccountSettings)}


class ADLSGen1DeleteAccountOperator(AccountWaitOperator):
    """Delete an account, and everything in it.

    .. code-block:: python

        ADLSGen1DeleteAccountOperator(task_id="delete_account", account_name="mylake")

    :returns: ``name``, and whether it was ``deleted`` now.
    """

    arguments = (
        flag(
            "ignore_if_missing",
            "whether the task succeeds if the account does not exist, as on a retry",
        ),
    )

    def __init__(self, *, account_name: str, ignore_if_missing: bool = True, **kwargs: Any) -> None:
        super().__init__(account_name=account_name, **kwargs)
        self.ignore_if_missing = ignore_if_missing
        self.validate()

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

    def execute_complete(self, context: Context, event: dict[str, Any]) -> dict[str, Any]:
        """Return the result, or raise the error that the trigger met."""
        super().execute_complete(context, event)
        result: dict[str, Any] = event["carried"]
        return result


def _names(settings: type) -> tuple[str, ...]:
    """Return the names of the settings, those of a base too."""
    return tuple(settings.__annotations__)


def _earlier_try(context: Context) -> datetime | None:
    """Return when the DAG run began; None on the task's first try."""
    task_instance, run = context.get("ti"), context.get("dag_run")
    if task_instance is None or run is None or task_instance.try_number < 2:
        return None
    return run.start_date
