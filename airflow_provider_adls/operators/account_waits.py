"""`AccountWaitOperator`, the base of operators that start a long operation and wait for its end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.providers.common.compat.sdk import conf

from airflow_provider_adls.accounts.states import DELETED, FAILED, SUCCEEDED, reached
from airflow_provider_adls.connection.stored import error_of_event
from airflow_provider_adls.operators import kinds
from airflow_provider_adls.operators.arguments import NAMED_ACCOUNT, RESOURCE_GROUP, Argument, flag, templated
from airflow_provider_adls.operators.base import ADLSGen1Operator

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context


class AccountWaitOperator(ADLSGen1Operator):
    """Base of the operators that wait until an operation at an account has ended.

    A task that is cancelled stops waiting; the operation goes on.
    """

    arguments: ClassVar[Sequence[Argument]] = (
        NAMED_ACCOUNT,
        RESOURCE_GROUP,
        flag("wait_for_completion", "whether to wait until the operation has ended"),
        flag(
            "deferrable",
            "whether the triggerer waits instead of a worker; by default what"
            " ``[operators] default_deferrable`` says",
            final=True,
        ),
        templated(
            "poll_interval",
            kinds.seconds,
            "seconds between two looks of the triggerer; a worker looks as often as the service asks for",
            required=True,
        ),
    )

    def __init__(
        self,
        *,
        resource_group: str | None = None,
        wait_for_completion: bool = True,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        poll_interval: float = 10.0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.resource_group = resource_group
        self.wait_for_completion = wait_for_completion
        self.deferrable = deferrable
        self.poll_interval = poll_interval

    @property
    def waits_here(self) -> bool:
        """Whether this process waits, and not the triggerer."""
        return self.wait_for_completion and not self.deferrable

    def ended(
        self, account: dict[str, Any] | None, result: dict[str, Any], target: str = SUCCEEDED
    ) -> dict[str, Any]:
        """Return the result once the account is in the target state; until then defer the task.

        :param account: `describe_account` of it now; None if it does not exist.
        :param result: keys that the operator returns beside those of the account.
        :param target: the expected state.
        """
        failures = [*FAILED, DELETED] if target != DELETED else list(FAILED)
        if self.wait_for_completion and not reached(self.account_name, account, [target], failures):
            self._defer([target], failures, result)
        return {**(account or {}), **result}

    def execute_complete(self, context: Context, event: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002 - Airflow's signature
        """Return the result, or raise the error that the trigger met.

        :raises ADLSGen1Error: of the class that the trigger met.
        """
        if event["status"] != "success":
            raise error_of_event(event["error"], event["message"])
        return {**(event["account"] or {}), **event["carried"]}

    def _defer(self, targets: Collection[str], failures: Collection[str], result: dict[str, Any]) -> None:
        # The base of all triggers is slow to import, and a DAG is parsed far more often than deferred.
        from airflow_provider_adls.triggers.accounts import ADLSGen1AccountStateTrigger

        self.defer(
            trigger=ADLSGen1AccountStateTrigger(
                account_name=self.account_name,
                resource_group=self.resource_group,
                target_states=list(targets),
                failure_states=list(failures),
                adls_gen1_conn_id=self.adls_gen1_conn_id,
                poke_interval=self.poll_interval,
                carried=result,
            ),
            method_name=AccountWaitOperator.execute_complete.__name__,
            timeout=self.execution_timeout,
        )
