"""What the sensors have in common: they look by themselves, or leave it to the triggerer."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from airflow.providers.common.compat.sdk import (
    AirflowSkipException,
    BaseSensorOperator,
    PokeReturnValue,
    conf,
)

from airflow_provider_adls.gen1 import errors
from airflow_provider_adls.gen1.errors import ADLSGen1Error
from airflow_provider_adls.gen1.paths import Location, parse
from airflow_provider_adls.hooks.conditions import Condition, Found, names, plain
from airflow_provider_adls.hooks.passing import is_passing
from airflow_provider_adls.operators.arguments import ADLSGen1Operator, is_known

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context

_TRIGGERS = "airflow_provider_adls.triggers.adls_gen1"


class WaitingSensor(ADLSGen1Operator, BaseSensorOperator):
    """Looks at the lake until a condition holds.

    A throttle, or a service that cannot be reached for a while, is waited out. A missing right or a wrong
    secret is not: the task fails at once, whatever ``soft_fail`` says, unless ``silent_fail`` or
    ``never_fail`` is set. All arguments of Airflow's sensors mean here what they mean there, deferred too.

    A subclass has an argument for each value of its condition, and calls :meth:`judge` at the end of its
    constructor.

    :param path: where to look. (templated)
    :param account_name: account of a path that names none; None for the connection's. (templated)
    :param deferrable: whether the triggerer waits, and no worker; by default what
        ``[operators] default_deferrable`` says.
    :param start_from_trigger: whether it begins in the triggerer too, so that no worker is needed before
        there is something, if it is deferrable. Where Airflow cannot do that (3.1 and 3.2; 2.11, if an
        argument has a template; or a mapped task), it begins in a worker.
    :param adls_gen1_conn_id: id of a connection of type `adls_gen1`. (templated)
    """

    #: Class of the condition.
    waits_for: ClassVar[type[Any]]
    #: Name of the trigger that waits for the same.
    trigger_name: ClassVar[str]

    template_fields: Sequence[str] = ("path", "account_name", "adls_gen1_conn_id")

    def __init__(
        self,
        *,
        path: str,
        account_name: str | None = None,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        start_from_trigger: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.path = path
        self.account_name = account_name
        self.deferrable = deferrable
        self.start_from_trigger = start_from_trigger
        self._condition: Condition | None = None

    def judge(self, *, at_parse: bool = True) -> None:
        """Apply the rules, and those of the condition.

        :raises ValueError: naming the argument.
        """
        super().judge(at_parse=at_parse)
        values = plain(self._values()).values()
        if not at_parse or all(value is None or is_known(value) for value in values):
            try:
                self._new_condition()
            except ValueError as error:
                raise ValueError(f"{type(self).__name__} {self.task_id!r}, argument {error}") from None
        if at_parse and self.start_from_trigger:
            self._start_from_trigger()

    def execute(self, context: Context) -> Any:
        """Wait here, or hand over to the triggerer if there is anything to wait for."""
        self.judge(at_parse=False)
        if not self.deferrable:
            return super().execute(context)
        try:
            found = self._look()
        except ADLSGen1Error as error:
            if not (self.silent_fail or is_passing(error)):
                self._fail(error)
            self.log.warning("It is not known yet what is at %s: %s", self.path, error)
        else:
            if found.items:
                return self._result(found)
        self._defer()
        return None

    def poke(self, context: Context) -> PokeReturnValue:  # noqa: ARG002 - Airflow's signature
        """Look once."""
        try:
            found = self._look()
        except ADLSGen1Error as error:
            if not is_passing(error):
                raise
            self.log.warning("It is not known what is at %s, looking again later: %s", self.path, error)
            return PokeReturnValue(is_done=False)
        if not found.items:
            return PokeReturnValue(is_done=False)
        return PokeReturnValue(is_done=True, xcom_value=self._result(found))

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Any:  # noqa: ARG002 - Airflow's signature
        """Give what the trigger found, or raise what it met.

        :raises ADLSGen1Error: of the class that the trigger met.
        """
        if event["status"] != "success":
            self._fail(_error(event["error"], event["message"]))
        return event["result"]

    def _look(self) -> Found:
        from fsspec.asyn import sync

        from airflow_provider_adls.filesystem.view import View

        location = parse(self.path)
        filesystem = self.hook.filesystem_of(location.account)
        if self._condition is None:
            self._condition = self._new_condition()
        view = View(filesystem.client)
        found: Found = sync(filesystem.loop, _look, self._condition, view, location.path)
        self.log.info("At %s: %s", self.path, found.says)
        return found

    def _result(self, found: Found) -> Any:
        account = parse(self.path).account
        return self._new_condition().value(found, [Location(account, path).url() for path in found.paths])

    def _values(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in names(self.waits_for)}

    def _new_condition(self) -> Condition:
        condition: Condition = self.waits_for(**self._values())
        return condition

    def _fail(self, error: ADLSGen1Error) -> NoReturn:
        """End the task as Airflow's sensors do after an error of `poke`."""
        if self.never_fail:
            raise AirflowSkipException(str(error)) from error
        raise error

    def _defer(self) -> None:
        # The base of all triggers is slow to import, and a DAG is parsed far more often than deferred.
        from airflow_provider_adls.triggers import adls_gen1

        self.defer(
            trigger=getattr(adls_gen1, self.trigger_name)(**self._trigger_arguments()),
            method_name=self.execute_complete.__name__,
            timeout=timedelta(seconds=self.timeout),
        )

    def _trigger_arguments(self) -> dict[str, Any]:
        max_wait = self.max_wait
        return {
            "path": self.path,
            "adls_gen1_conn_id": self.adls_gen1_conn_id,
            "account_name": self.account_name,
            "poke_interval": self.poke_interval,
            "exponential_backoff": self.exponential_backoff,
            "max_wait": max_wait.total_seconds() if isinstance(max_wait, timedelta) else max_wait,
            "silent_fail": self.silent_fail,
            **plain(self._values()),
        }

    def _start_from_trigger(self) -> None:
        """Tell Airflow what to begin with, if it can."""
        from airflow.triggers.base import BaseTrigger, StartTriggerArgs

        arguments = self._trigger_arguments()
        templates = [name for name in self.template_fields if not is_known(getattr(self, name))]
        # Airflow 2.11 gives a trigger templates as they stand.
        renders = hasattr(BaseTrigger, "render_template_fields")
        texts = all(isinstance(arguments[name], (str, type(None))) for name in self.template_fields)
        self.start_from_trigger = self.deferrable and texts and (renders or not templates)
        if self.start_from_trigger:
            self.start_trigger_args = StartTriggerArgs(
                trigger_cls=f"{_TRIGGERS}.{self.trigger_name}",
                trigger_kwargs=arguments,
                next_method="execute_complete",
                timeout=timedelta(seconds=self.timeout),
            )


async def _look(condition: Condition, view: Any, path: str) -> Found:
    try:
        return await condition.look(view, path, time.time())
    except ADLSGen1Error as error:
        await view.explain(error)
        raise


def _error(name: str, message: str) -> ADLSGen1Error:
    """The error that a trigger met, from what its event tells."""
    cls = getattr(errors, name, None)
    if isinstance(cls, type) and issubclass(cls, ADLSGen1Error):
        return cls(message)
    return ADLSGen1Error(f"{name}: {message}")
