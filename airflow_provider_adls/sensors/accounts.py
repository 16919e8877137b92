"""Sensors: tasks that wait for an account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from airflow_provider_adls.accounts.states import FAILED, SUCCEEDED, reached, states
from airflow_provider_adls.operators import account_arguments, arguments
from airflow_provider_adls.sensors.looking import LookingSensor


class ADLSGen1AccountStateSensor(LookingSensor):
    """Wait until an account is in a state: until it can be used, if nothing else is said.

    .. code-block:: python

        ADLSGen1AccountStateSensor(task_id="usable", account_name="mylake", deferrable=True)
        ADLSGen1AccountStateSensor(task_id="gone", account_name="old", target_states=["Deleted"])

    An account that is not there counts as ``Deleted``. What fails for a while is waited out, and what lasts
    is not, as `LookingSensor` says; nor is one of `failure_states`.

    :param account_name: the account, short or full name. (templated)
    :param resource_group: resource group; None for the connection's. (templated)
    :param target_states: what is waited for, one or more of ``Failed``, ``Creating``, ``Running``,
        ``Succeeded``, ``Patching``, ``Suspending``, ``Resuming``, ``Deleting``, ``Deleted``, ``Undeleting``,
        ``Canceled`` (what is done to the account) and ``Active``, ``Suspended`` (whether it may be used).
    :param failure_states: those that the task fails at; `target_states` come before them.
    :param kwargs: as `LookingSensor`, and as every sensor of Airflow.
    :returns: id, name, resource_group, location, provisioning_state, state, endpoint and tags; or only
        ``name`` and ``provisioning_state``, ``Deleted``.
    """

    template_fields: Sequence[str] = ("account_name", "resource_group", "adls_gen1_conn_id")
    needed = (
        "account_name",
        "target_states",
        "failure_states",
        "deferrable",
        "start_from_trigger",
        "adls_gen1_conn_id",
    )
    rules: ClassVar[Mapping[str, arguments.Rule]] = {
        "account_name": arguments.account,
        "resource_group": arguments.text,
        "target_states": account_arguments.states,
        "failure_states": account_arguments.some_states,
        "deferrable": arguments.flag,
        "start_from_trigger": arguments.flag,
        "adls_gen1_conn_id": arguments.text,
    }
    trigger_module = "airflow_provider_adls.triggers.accounts"
    trigger_name = "ADLSGen1AccountStateTrigger"
    place = "account_name"
    unknown = "what state is that of account"

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
        self.judge()

    def look(self) -> Any:
        """Look once."""
        account = self.hook.find_account(self.account_name, self.resource_group)
        self.log.info("State of account %s: %s", self.account_name, ", ".join(sorted(states(account))))
        if reached(self.account_name, account, self.target_states, self.failure_states):
            return self._described(account)
        return None

    def result(self, event: dict[str, Any]) -> Any:
        """The account as the trigger saw it last."""
        return self._described(event["account"])

    def waited_for(self) -> dict[str, Any]:
        """The account and its states."""
        return {
            "resource_group": self.resource_group,
            "target_states": list(self.target_states),
            "failure_states": list(self.failure_states),
        }

    def _described(self, account: dict[str, Any] | None) -> dict[str, Any]:
        return account or {"name": self.account_name, "provisioning_state": "Deleted"}
