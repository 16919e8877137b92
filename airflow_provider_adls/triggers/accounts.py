"""Triggers for accounts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from typing import Any

from airflow.triggers.base import BaseTrigger, TriggerEvent

from airflow_provider_adls.accounts.states import FAILED, SUCCEEDED, reached, states
from airflow_provider_adls.connection_form import DEFAULT_CONNECTION_ID
from airflow_provider_adls.triggers.rendering import StrictRendering
from airflow_provider_adls.waiting.conditions import seconds
from airflow_provider_adls.waiting.intervals import Intervals
from airflow_provider_adls.waiting.log import ChangeLog
from airflow_provider_adls.waiting.transient import is_transient


class ADLSGen1AccountStateTrigger(Intervals, ChangeLog, StrictRendering, BaseTrigger):
    """Wait until an account is in a state.

    It ends with one event. ``{"status": "success", "account": …}`` has `describe_account` of the account, or
    None if it does not exist. ``{"status": "error", "error": CLASS, "message": TEXT}`` names a lasting
    failure, such as a missing right or a wrong secret, by its class in `model.errors`. Transient failures,
    such as a throttle, are logged and waited out.

    :param account_name: the account, short or full name. (templated with ``start_from_trigger``)
    :param resource_group: resource group; None for the connection's.
    :param target_states: expected states, of `accounts.states.STATES`.
    :param failure_states: states at which the task fails.
    :param adls_gen1_conn_id: id of the connection.
    :param poke_interval: seconds between two looks, a tenth more or less.
    :param exponential_backoff: whether the interval doubles after each look, as Airflow's does.
    :param max_wait: seconds that the interval grows to at most; None for no limit.
    :param silent_fail: whether lasting failures are waited out too, but for `failure_states`.
    :param carried: value that the event gives back to the task as ``carried``, since `dag.test()` loses the
        arguments that a task defers with.
    """

    def __init__(
        self,
        account_name: str,
        resource_group: str | None = None,
        target_states: Sequence[str] = (SUCCEEDED,),
        failure_states: Sequence[str] = FAILED,
        adls_gen1_conn_id: str = DEFAULT_CONNECTION_ID,
        poke_interval: float | timedelta = 60.0,
        exponential_backoff: bool = False,  # noqa: FBT001, FBT002 - made again from its serialised form
        max_wait: float | timedelta | None = None,
        silent_fail: bool = False,  # noqa: FBT001, FBT002 - as above
        carried: dict[str, Any] | None = None,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # Airflow's has no types
        self.account_name = account_name
        self.resource_group = resource_group
        self.target_states = list(target_states)
        self.failure_states = list(failure_states)
        self.adls_gen1_conn_id = adls_gen1_conn_id
        self.poke_interval = seconds("poke_interval", poke_interval) or 0.0
        self.exponential_backoff = exponential_backoff
        self.max_wait = seconds("max_wait", max_wait)
        self.silent_fail = silent_fail
        self.carried = carried

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return the class and the arguments to make it again; no secret is among them."""
        return (
            f"{type(self).__module__}.{type(self).__qualname__}",
            {
                "account_name": self.account_name,
                "resource_group": self.resource_group,
                "target_states": self.target_states,
                "failure_states": self.failure_states,
                "adls_gen1_conn_id": self.adls_gen1_conn_id,
                "poke_interval": self.poke_interval,
                "exponential_backoff": self.exponential_backoff,
                "max_wait": self.max_wait,
                "silent_fail": self.silent_fail,
                "carried": self.carried,
            },
        )

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Wait and yield one event."""
        try:
            self.check_rendered()
            event = {"status": "success", "account": await self._wait()}
        except Exception as error:  # noqa: BLE001 - the task raises it
            event = {"status": "error", "error": type(error).__name__, "message": str(error) or repr(error)}
        if self.carried is not None:
            event["carried"] = self.carried
        yield TriggerEvent(event)  # type: ignore[no-untyped-call] # as above

    async def _wait(self) -> dict[str, Any] | None:
        # A DAG that names this trigger needs nothing of the network.
        from airflow_provider_adls.triggers.shared import shared_lakes

        shared = shared_lakes(self.adls_gen1_conn_id)
        looks = 0
        while True:
            try:
                account = await self._look(shared)
            except Exception as error:
                if not (self.silent_fail or is_transient(error)):
                    raise
                # Each error has a request id of its own in its text.
                key = type(error).__name__
                state = f"unknown, will look again: {key}: {error}"
            else:
                if reached(self.account_name, account, self.target_states, self.failure_states):
                    return account
                key = state = ", ".join(sorted(states(account)))
            await self.log_change(f"State of account {self.account_name}: {state}", key=key)
            await asyncio.sleep(self.interval(looks))
            looks += 1

    async def _look(self, shared: Any) -> dict[str, Any] | None:
        from asgiref.sync import sync_to_async

        hook = await shared.hook()
        # The SDK blocks; a thread of its own keeps a slow answer from delaying other looks.
        look = sync_to_async(hook.find_account, thread_sensitive=False)
        account: dict[str, Any] | None = await look(self.account_name, self.resource_group)
        return account
