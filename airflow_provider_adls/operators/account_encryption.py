"""Operators for an account's encryption by a key of the user's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow_provider_adls.operators.base import AccountOperator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context


class ADLSGen1EnableKeyVaultOperator(AccountOperator):
    """Enable the key vault of an account, once the account's identity has rights on it.

    .. code-block:: python

        create = ADLSGen1CreateAccountOperator(
            task_id="create",
            account_name="mylake",
            location="eastus2",
            encryption="UserManaged",
            key_vault_id="/subscriptions/{{ params.subscription }}/resourceGroups/keys"
            "/providers/Microsoft.KeyVault/vaults/lake",
            key_name="lake",
            key_version="0f6c1e2d3b4a59687766554433221100",
        )
        enable = ADLSGen1EnableKeyVaultOperator(task_id="enable", account_name="mylake")
        create >> grant_the_right() >> enable

    `ADLSGen1GetAccountOperator` returns the identity's object id as ``identity``. To change to another
    version of the key, give `key_version` to `ADLSGen1UpdateAccountOperator`.

    :returns: id, name, resource_group, location, provisioning_state, state, endpoint, tags and encryption.
    """

    def execute(self, context: Context) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Enable the key vault."""
        return self.hook_for_execution().enable_key_vault(self.account_name, self.resource_group)
