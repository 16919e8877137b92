"""Operators for an account's encryption by a key of the user's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow_provider_adls.operators import arguments
from airflow_provider_adls.operators.arguments import ADLSGen1Operator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context


class ADLSGen1EnableKeyVaultOperator(ADLSGen1Operator):
    """Let an account use the key that it was made with, once its identity has the right to.

    .. code-block:: python

        create = ADLSGen1CreateAccountOperator(task_id="create", encryption="UserManaged", ...)
        create >> grant_the_right >> ADLSGen1EnableKeyVaultOperator(task_id="enable", account_name="mylake")

    The identity's object id is what `ADLSGen1GetAccountOperator` returns as ``identity``. To go over to
    another version of the key, give `key_version` to `ADLSGen1UpdateAccountOperator`.

    :param account_name: the account, short or full name. (templated)
    :param resource_group: resource group; None for the connection's. (templated)
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    :returns: id, name, resource_group, location, provisioning_state, state, endpoint, tags and encryption.
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
        """Enable the key vault."""
        return self.hook_for_execution().enable_key_vault(self.account_name, self.resource_group)
