"""Triggers: what the triggerer waits for of an account."""

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
from airflow_provider_adls.waiting.log import Saying
from airflow_provider_adls.waiting.transient import is_passing


class ADLSGen1AccountStateTrigger(Intervals, Saying, StrictRendering, BaseTrigger):
    """Wait until an account is in a state.

    It ends with one event. ``{"status": "success", "account": …}`` has `describe_account` of the account, or
    None if it is not there. ``{"status": "error", "error": CLASS, "message": TEXT}`` names a failure that
    lasts, a missing right or a wrong secret for instance, by its class in `gen1.errors`. What passes, a
    throttle for instance, is logged and waited out.

    :param account_name: the account, short or full name. (templated with ``start_from_trigger``)
    :param resource_group: resource group; None for the connection's.
    :param target_states: states that end it well, of `hooks.account_states.STATES`.
    :param failure_states: states that end it as a failure.
    :param adls_gen1_conn_id: id of the connection.
    :param poke_interval: seconds between two looks, a tenth more or less.
    :param exponential_backoff: whether the interval doubles after each look, as Airflow's does.
    :param max_wait: seconds that the interval grows to at most; None for no limit.
    :param silent_fail: whether failures that last are waited out too, but for `failure_states`.
    :param carried: what the event gives back to the task as ``carried``, since `dag.test()` loses the
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
        """The class and the arguments that it is made again from; no secret is among them."""
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
        """Wait, and say how it ended."""
        try:
            self.check_rendered()
            event = {"status": "success", "account": await self._wait()}
        except Exception as error:  # noqa: BLE001 - whatever it is, the task is told
            event = {"status": "error", "error": type(error).__name__, "message": str(error) or repr(error)}
        if self.carried is not None:
            event["carried"] = self.carried
        yield TriggerEvent(event)  # type: ignore[no-untyped-call] # as above

    async def _wait(self) -> dict[str, Any] | None:
        # A DAG that names this trigger needs nothing of the network.
        from airflow_provider_adls.waiting.shared import lakes

        shared = lakes(self.adls_gen1_conn_id)
        looks = 0
        while True:
            try:
                account = await self._look(shared)
            except Exception as error:
                if not (self.silent_fail or is_passing(error)):
                    raise
                # Each refusal has an id of its own in its text.
                news = type(error).__name__
                now = f"not known, looking again later: {news}: {error}"
            else:
                if reached(self.account_name, account, self.target_states, self.failure_states):
                    return account
                news = now = ", ".join(sorted(states(account)))
            await self.say(f"State of account {self.account_name}: {now}", news=news)
            await asyncio.sleep(self.interval(looks))
            looks += 1

    async def _look(self, shared: Any) -> dict[str, Any] | None:
        from asgiref.sync import sync_to_async

        hook = await shared.hook()
        # The SDK blocks; a slow answer holds up neither the loop nor the looks of others.
        look = sync_to_async(hook.find_account, thread_sensitive=False)
        account: dict[str, Any] | None = await look(self.account_name, self.resource_group)
        return account
