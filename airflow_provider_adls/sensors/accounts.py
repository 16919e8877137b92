"""Sensors for accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from airflow_provider_adls.accounts.states import FAILED, SUCCEEDED, reached, states
from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import NAMED_ACCOUNT, RESOURCE_GROUP, templated
from airflow_provider_adls.sensors.looking import LookingSensor

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context


class ADLSGen1AccountStateSensor(LookingSensor):
    """Wait until an account is in a state; by default, until it is ready.

    .. code-block:: python

        ADLSGen1AccountStateSensor(task_id="usable", account_name="mylake", deferrable=True)
        ADLSGen1AccountStateSensor(task_id="gone", account_name="old", target_states=["Deleted"])

    A missing account counts as ``Deleted``. Transient failures are waited out, as `LookingSensor` says; the
    task fails at one of `failure_states`.

    :returns: id, name, resource_group, location, provisioning_state, state, endpoint and tags; or only
        ``name`` and ``provisioning_state``, ``Deleted``.
    """

    arguments = (
        NAMED_ACCOUNT,
        RESOURCE_GROUP,
        templated(
            "target_states",
            kinds.states,
            "expected states, one or more of ``Failed``, ``Creating``, ``Running``, ``Succeeded``, "
            "``Patching``, ``Suspending``, ``Resuming``, ``Deleting``, ``Deleted``, ``Undeleting``, "
            "``Canceled`` (provisioning) and ``Active``, ``Suspended`` (the account)",
            required=True,
        ),
        templated(
            "failure_states",
            kinds.some_states,
            "states at which the task fails, unless they are among `target_states`",
            required=True,
        ),
    )

    pushes_keys = True
    trigger_module = "airflow_provider_adls.triggers.accounts"
    trigger_name = "ADLSGen1AccountStateTrigger"
    place = "account_name"
    unknown = "account"

    def __init__(
        self,
        *,
        account_name: str,
        resource_group: str | None = None,
        target_states: Sequence[str] = (SUCCEEDED,),
        failure_states: Sequence[str] = FAILED,
        **kwargs: Any,
    ) -> None:
        super().__init__(account_name=account_name, **kwargs)
        self.resource_group = resource_group
        self.target_states = target_states
        self.failure_states = failure_states
        self.validate()

    def look(self, context: Context) -> Any:  # noqa: ARG002 - the base class's signature
        """Look once."""
        account = self.hook.find_account(self.account_name, self.resource_group)
        self.log_look(f"State of account {self.account_name}: {', '.join(sorted(states(account)))}")
        if reached(self.account_name, account, self.target_states, self.failure_states):
            return self._described(account)
        return None

    def result(self, event: dict[str, Any]) -> Any:
        """Return the account as the trigger last saw it."""
        return self._described(event["account"])

    def waited_for(self) -> dict[str, Any]:
        """Return the resource group and the states."""
        return {
            "resource_group": self.resource_group,
            "target_states": list(self.target_states),
            "failure_states": list(self.failure_states),
        }

    def _described(self, account: dict[str, Any] | None) -> dict[str, Any]:
        return account or {"name": self.account_name, "provisioning_state": "Deleted"}
