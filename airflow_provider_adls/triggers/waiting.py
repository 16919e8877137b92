"""`WaitingTrigger`, the base of the triggers for paths: it looks until a condition holds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.triggers.base import TriggerEvent

from airflow_provider_adls.connection_form import DEFAULT_CONNECTION_ID
from airflow_provider_adls.model import checks
from airflow_provider_adls.model.paths import Location, account_name
from airflow_provider_adls.triggers.rendering import StrictRendering, TriggerArgumentError
from airflow_provider_adls.waiting.conditions import Condition, Look, names, plain, seconds
from airflow_provider_adls.waiting.events import EventTrigger
from airflow_provider_adls.waiting.intervals import Intervals
from airflow_provider_adls.waiting.log import ChangeLog
from airflow_provider_adls.waiting.several import Paths, check_paths, condition_for, location_of, shown
from airflow_provider_adls.waiting.transient import is_transient

if TYPE_CHECKING:
    from airflow_provider_adls.lake.view import View


class WaitingTrigger(Intervals, ChangeLog, StrictRendering, EventTrigger):
    """Look at a lake until a condition holds.

    For a task it ends with one event: ``{"status": "success", "path": …, "result": …}`` with the task's
    result, or ``{"status": "error", "error": CLASS, "message": TEXT, "path": …}`` for a lasting failure, such
    as a missing right or a wrong secret, with its class in `model.errors`. Transient failures, such as a
    throttle, are logged and waited out. For an asset's watcher it never ends, as `EventTrigger` says.

    All triggers of a triggerer share one client of an account, one token, and the listings of a directory.

    :param path: path to look at, absolute or a URL; or a list of paths in one account, each of which must
        fulfil the condition. (templated with ``start_from_trigger``)
    :param adls_gen1_conn_id: id of the connection.
    :param account_name: account of a path that names none; None for the connection's.
    :param poke_interval: seconds between two looks, a tenth more or less.
    :param exponential_backoff: whether the interval doubles after each look, as Airflow's does.
    :param max_wait: seconds that the interval grows to at most; None for no limit.
    :param silent_fail: whether lasting failures are waited out too.
    :param batch_size: most files in one event of a watcher.
    :param carried: given by a task that checks what was found: the number of ``looks`` before this trigger's,
        after which it waits an interval first, and the time ``since`` which the task waits, in seconds since
        1970. The event gives both back, and ``files`` with path, length and time of modification.
    :param conditions: the values of the condition.
    :raises ValueError: naming the argument that is wrong.
    """

    #: Class of the condition.
    waits_for: ClassVar[type[Any]]

    def __init__(
        self,
        path: Paths,
        adls_gen1_conn_id: str = DEFAULT_CONNECTION_ID,
        account_name: str | None = None,
        poke_interval: float | timedelta = 60.0,
        exponential_backoff: bool = False,  # noqa: FBT001, FBT002 - made again from its serialised form
        max_wait: float | timedelta | None = None,
        silent_fail: bool = False,  # noqa: FBT001, FBT002 - as above
        batch_size: int = 500,
        carried: dict[str, Any] | None = None,
        **conditions: Any,
    ) -> None:
        super().__init__()  # type: ignore[no-untyped-call] # Airflow's has no types
        self.path = path
        self.adls_gen1_conn_id = adls_gen1_conn_id
        self.account_name = account_name
        try:
            self.poke_interval = seconds("poke_interval", poke_interval) or 0.0
            self.max_wait = seconds("max_wait", max_wait)
            checks.named("batch_size", checks.whole_number, batch_size, least=1)
        except ValueError as error:
            raise TriggerArgumentError(f"{type(self).__name__}, argument {error}") from None
        self.exponential_backoff = exponential_backoff
        self.silent_fail = silent_fail
        self.batch_size = batch_size
        self.carried = carried
        # Each is an attribute, since Airflow renders attributes of a trigger that a task starts in.
        if unknown := sorted(conditions.keys() - set(names(self.waits_for))):
            raise TypeError(f"{type(self).__name__} has no argument {unknown[0]!r}")
        self._conditions = conditions.keys()
        for name, value in plain(conditions).items():
            setattr(self, name, value)
        if not any(isinstance(value, str) and "{{" in value for value in self.serialize()[1].values()):
            self._validate()

    def _validate(self) -> None:
        try:
            self._condition_of_one()
        except ValueError as error:
            raise TriggerArgumentError(f"{type(self).__name__}, argument {error}") from None
        try:
            check_paths(self.path, self._condition_of_one)
            if self.account_name:
                account_name(self.account_name)
        except ValueError as error:
            raise TriggerArgumentError(f"{type(self).__name__}: {error}") from None

    def condition(self) -> Condition:
        """Return the condition."""
        return condition_for(self.path, self._condition_of_one)

    def _condition_of_one(self) -> Condition:
        condition: Condition = self.waits_for(**{name: getattr(self, name) for name in self._conditions})
        return condition

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Return the class and the arguments to make it again; no secret is among them."""
        arguments = (
            "path",
            "adls_gen1_conn_id",
            "account_name",
            "poke_interval",
            "exponential_backoff",
            "max_wait",
            "silent_fail",
            "batch_size",
            "carried",
            *self._conditions,
        )
        classpath = f"{type(self).__module__}.{type(self).__qualname__}"
        return classpath, {name: getattr(self, name) for name in arguments}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        """Wait and yield one event; or watch and yield an event for new files."""
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
            began = time.time()
            number = 0
            async with aclosing(self.looks()) as looks:
                async for look in looks:
                    number += 1
                    if look.matches:
                        result = self.condition().value(look, [self.named(path) for path in look.paths])
                        event = {"status": "success", "path": self.path, "result": result}
                        if self.carried is not None:
                            number += self.carried["looks"]
                            event["carried"] = {"since": began, **self.carried, "looks": number}
                            event["files"] = look.files(self.named)
                        return event
            raise AssertionError("looks never end")  # noqa: TRY301 - becomes the event, as any failure
        except Exception as error:  # noqa: BLE001 - the task raises it
            message = str(error) or repr(error)
            return {"status": "error", "error": type(error).__name__, "message": message, "path": self.path}

    def named(self, path: str) -> str:
        """Return a path of the account in the form of the trigger's own path."""
        return Location(location_of(self.path).account, path).url()

    async def looks(self, *, patient: bool = False) -> AsyncGenerator[Look, None]:
        """Yield the result of each look, with the interval between two; transient failures are passed over.

        :param patient: whether lasting failures are passed over too.
        """
        # A DAG with a watcher imports this module, and nothing of the network.
        from airflow_provider_adls.triggers.shared import shared_lakes

        if patient and "{{" in self.path:
            raise TriggerArgumentError(f"{type(self).__name__}: {self.path!r} is not rendered for a watcher")
        shared = shared_lakes(self.adls_gen1_conn_id)
        condition = self.condition()
        location = location_of(self.path)
        looks = self.carried["looks"] if self.carried else 0
        refusals = 0
        if looks:
            await asyncio.sleep(self.interval(looks - 1))
        while True:
            view: View | None = None
            try:
                view = await shared.view(location.account or self.account_name)
                look = await condition.look(view, location.path, time.time())
            except Exception as error:
                is_error = not (self.silent_fail or is_transient(error))
                if is_error and view is not None:
                    await view.explain(error)
                if is_error and not patient:
                    raise
                refusals += 1
                failure = type(error).__name__
                text = f"Could not look at path {shown(self.path)}, will look again: {failure}: {error}"
                await self.log_change(text, key=failure, is_error=is_error)
            else:
                refusals = 0
                await self.log_change(f"{shown(self.path)}: {look.summary}", key=look.change_key)
                yield look
            await asyncio.sleep(self.interval(looks, refusals if patient else 0))
            looks += 1
