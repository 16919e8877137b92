"""What the triggers have in common: they look until a condition holds, and say how it ended."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.triggers.base import TriggerEvent

from airflow_provider_adls.connection_form import DEFAULT_CONNECTION_ID
from airflow_provider_adls.model.paths import Location, account_name, parse, parse_possible
from airflow_provider_adls.triggers.rendering import StrictRendering, TriggerArgumentError
from airflow_provider_adls.waiting.conditions import Condition, Found, names, plain, seconds
from airflow_provider_adls.waiting.events import EventTrigger
from airflow_provider_adls.waiting.intervals import Intervals
from airflow_provider_adls.waiting.log import Saying
from airflow_provider_adls.waiting.transient import is_passing

if TYPE_CHECKING:
    from airflow_provider_adls.lake.view import View


class WaitingTrigger(Intervals, Saying, StrictRendering, EventTrigger):
    """Look at a lake until a condition holds.

    For a task it ends with one event. ``{"status": "success", "path": …, "result": …}`` has what the task
    returns. ``{"status": "error", "error": CLASS, "message": TEXT, "path": …}`` names a failure that lasts, a
    missing right or a wrong secret for instance, by its class in `gen1.errors`. What passes, a throttle for
    instance, is logged and waited out. For an asset's watcher it goes on, as `EventTrigger` says.

    All triggers of a triggerer share one client of an account, one token, and the listings of a directory.

    :param path: where to look, absolute or a URL. (templated with ``start_from_trigger``)
    :param adls_gen1_conn_id: id of the connection.
    :param account_name: account of a path that names none; None for the connection's.
    :param poke_interval: seconds between two looks, a tenth more or less.
    :param exponential_backoff: whether the interval doubles after each look, as Airflow's does.
    :param max_wait: seconds that the interval grows to at most; None for no limit.
    :param silent_fail: whether failures that last are waited out too.
    :param batch_size: files that one event of a watcher tells of at most.
    :param conditions: the values of the condition.
    :raises ValueError: naming what cannot be right.
    """

    #: Class of the condition.
    waits_for: ClassVar[type[Any]]

    def __init__(
        self,
        path: str,
        adls_gen1_conn_id: str = DEFAULT_CONNECTION_ID,
        account_name: str | None = None,
        poke_interval: float | timedelta = 60.0,
        exponential_backoff: bool = False,  # noqa: FBT001, FBT002 - made again from its serialised form
        max_wait: float | timedelta | None = None,
        silent_fail: bool = False,  # noqa: FBT001, FBT002 - as above
        batch_size: int = 500,
        **conditions: Any,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # Airflow's has no types
        self.path = path
        self.adls_gen1_conn_id = adls_gen1_conn_id
        self.account_name = account_name
        try:
            self.poke_interval = seconds("poke_interval", poke_interval) or 0.0
            self.max_wait = seconds("max_wait", max_wait)
            if not isinstance(batch_size, int) or batch_size < 1:
                raise ValueError(f"'batch_size': must be a whole number, 1 or more, not {batch_size!r}")  # noqa: TRY301 - one place for all
        except ValueError as error:
            raise TriggerArgumentError(f"{type(self).__name__}, argument {error}") from None
        self.exponential_backoff = exponential_backoff
        self.silent_fail = silent_fail
        self.batch_size = batch_size
        # Attributes of their own, since those of a trigger that a task starts from are templated.
        if unknown := sorted(conditions.keys() - set(names(self.waits_for))):
            raise TypeError(f"{type(self).__name__} has no argument {unknown[0]!r}")
        self._conditions = conditions.keys()
        for name, value in plain(conditions).items():
            setattr(self, name, value)
        if not any(isinstance(value, str) and "{{" in value for value in self.serialize()[1].values()):
            self._validate()

    def _validate(self) -> None:
        try:
            parse_possible(self.path, glob=True)
            if self.account_name:
                account_name(self.account_name)
        except ValueError as error:
            raise TriggerArgumentError(f"{type(self).__name__}: {error}") from None
        try:
            self.condition()
        except ValueError as error:
            raise TriggerArgumentError(f"{type(self).__name__}, argument {error}") from None

    def condition(self) -> Condition:
        """What is waited for."""
        condition: Condition = self.waits_for(**{name: getattr(self, name) for name in self._conditions})
        return condition

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """The class and the arguments that it is made again from; no secret is among them."""
        arguments = (
            "path",
            "adls_gen1_conn_id",
            "account_name",
            "poke_interval",
            "exponential_backoff",
            "max_wait",
            "silent_fail",
            "batch_size",
            *self._conditions,
        )
        classpath = f"{type(self).__module__}.{type(self).__qualname__}"
        return classpath, {name: getattr(self, name) for name in arguments}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Wait, and say how it ended; or watch, and say what comes."""
        if self.is_watching:
            async with aclosing(self.watch()) as events:
                async for event in events:
                    yield event
        else:
            yield TriggerEvent(await self._end())  # type: ignore[no-untyped-call] # Airflow's has no types

    async def _end(self) -> dict[str, Any]:
        try:
            self.check_rendered()
            self._validate()
            async with aclosing(self.looks()) as looks:
                async for found in looks:
                    if found.items:
                        result = self.condition().value(found, [self.named(path) for path in found.paths])
                        return {"status": "success", "path": self.path, "result": result}
            raise AssertionError("looks never end")  # noqa: TRY301 - as below
        except Exception as error:  # noqa: BLE001 - whatever it is, the task is told
            message = str(error) or repr(error)
            return {"status": "error", "error": type(error).__name__, "message": message, "path": self.path}

    def named(self, path: str) -> str:
        """A path of the account in the form that this one was asked in."""
        return Location(parse(self.path).account, path).url()

    async def looks(self, *, patient: bool = False) -> AsyncGenerator[Found, None]:
        """What each look finds, with the interval between two; those that fail for a while are passed over.

        :param patient: whether those that fail for good are too.
        """
        # A DAG with a watcher imports this module, and nothing of the network that it does not need.
        from airflow_provider_adls.waiting.shared import lakes

        shared = lakes(self.adls_gen1_conn_id)
        condition = self.condition()
        location = parse(self.path)
        looks = refusals = 0
        while True:
            view: View | None = None
            try:
                view = await shared.view(location.account or self.account_name)
                found = await condition.look(view, location.path, time.time())
            except Exception as error:
                lasts = not (self.silent_fail or is_passing(error))
                if lasts and view is not None:
                    await view.explain(error)
                if lasts and not patient:
                    raise
                refusals += 1
                failure = type(error).__name__
                unknown = f"It is not known what is at {self.path}, looking again later"
                await self.say(f"{unknown}: {failure}: {error}", news=failure, lasts=lasts)
            else:
                refusals = 0
                await self.say(f"At {self.path}: {found.says}", news=found.news)
                yield found
            await asyncio.sleep(self.interval(looks, refusals if patient else 0))
            looks += 1
