"""`LookingSensor`, the base of the sensors: a worker looks, or the triggerer."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from datetime import timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from airflow.providers.common.compat.sdk import (
    AirflowSkipException,
    BaseSensorOperator,
    PokeReturnValue,
    conf,
)

from airflow_provider_adls.connection.stored import error_of_event
from airflow_provider_adls.model.errors import ADLSGen1Error
from airflow_provider_adls.operators.arguments import Argument, flag
from airflow_provider_adls.operators.base import ADLSGen1Operator
from airflow_provider_adls.waiting.log import LookLog
from airflow_provider_adls.waiting.several import shown
from airflow_provider_adls.waiting.transient import is_transient

if TYPE_CHECKING:
    from airflow.providers.common.compat.sdk import Context


class LookingSensor(ADLSGen1Operator, BaseSensorOperator):
    """Base of the sensors, which look until there is a result.

    A throttle, or a service that cannot be reached for a while, is waited out. A missing right or a wrong
    secret is not: the task fails at once, whatever ``soft_fail`` says, unless ``silent_fail`` or
    ``never_fail`` is set. Airflow's own arguments of sensors have the same effect when deferred.

    A subclass calls :meth:`validate` at the end of its constructor.
    """

    arguments: ClassVar[Sequence[Argument]] = (
        flag(
            "deferrable",
            "whether the triggerer waits instead of a worker; by default what"
            " ``[operators] default_deferrable`` says",
            final=True,
        ),
        flag(
            "start_from_trigger",
            "whether a deferrable sensor starts in the triggerer too, so that it needs no worker before there"
            " is a result. It starts in a worker where Airflow cannot do that: on 3.1 and 3.2, on 2.11 if an"
            " argument has a template, if it is mapped, and if a template needs what only a worker has, such"
            " as XComs, variables, and the DAG's own filters and macros",
            final=True,
        ),
    )

    #: Module and name of the trigger with the same condition.
    trigger_module: ClassVar[str]
    trigger_name: ClassVar[str]
    #: Argument that says where to look, and what it is, for the log.
    place: ClassVar[str]
    unknown: ClassVar[str]

    def __init__(
        self,
        *,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        start_from_trigger: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.deferrable = deferrable
        self.start_from_trigger = start_from_trigger
        self._look_log = LookLog()

    @abstractmethod
    def look(self, context: Context) -> Any:
        """Look once.

        :returns: result of the task; None if the condition does not hold yet.
        """
        ...

    def result(self, event: dict[str, Any]) -> Any:
        """Return the task's result from the trigger's event."""
        return event["result"]

    @abstractmethod
    def waited_for(self) -> dict[str, Any]:
        """Return the trigger's own arguments, without those that all triggers have."""
        ...

    def validate(self, *, at_parse: bool = True) -> None:
        """Check every argument, and choose where the task starts.

        :raises ValueError: naming the argument.
        """
        super().validate(at_parse=at_parse)
        if at_parse and self.start_from_trigger:
            self._set_start()

    def execute(self, context: Context) -> Any:
        """Wait here, or hand over to the triggerer if there is anything to wait for."""
        self.validate(at_parse=False)
        if not self.deferrable:
            return super().execute(context)
        try:
            found = self.look(context)
        except Exception as error:  # noqa: BLE001 - as Airflow's own sensors do
            if not (self.silent_fail or is_transient(error)):
                self._fail(error)
            self._log_failed_look(error)
        else:
            if found is not None:
                return found
        self._defer()
        return None

    def poke(self, context: Context) -> PokeReturnValue:
        """Look once."""
        try:
            found = self.look(context)
        except ADLSGen1Error as error:
            if not is_transient(error):
                raise
            self._log_failed_look(error)
            return PokeReturnValue(is_done=False)
        return PokeReturnValue(is_done=found is not None, xcom_value=found)

    def execute_complete(self, context: Context, event: dict[str, Any]) -> Any:  # noqa: ARG002 - Airflow's signature
        """Return what the trigger found, or raise the error that it met.

        :raises ADLSGen1Error: of the class that the trigger met.
        """
        if event["status"] != "success":
            self._fail(error_of_event(event["error"], event["message"]))
        return self.result(event)

    def resume_execution(self, next_method: str, next_kwargs: dict[str, Any] | None, context: Context) -> Any:
        """Go on after the trigger's event, as Airflow does.

        :raises ADLSGen1Error: where Airflow would skip for `soft_fail`: a missing connection is an error of a
            class of Airflow's too, and no reason to skip in a worker.
        """
        try:
            return super().resume_execution(next_method, next_kwargs, context)
        except AirflowSkipException as skip:
            if isinstance(skip.__cause__, ADLSGen1Error) and not self.never_fail:
                raise skip.__cause__ from None
            raise

    def log_look(self, text: str, *, key: str | None = None) -> None:
        """Log a look if it needs a line, as `LookLog` says.

        :param key: value that has to differ from the last time; the text by default.
        """
        if line := self._look_log.line(text, key=key):
            self.log.info("%s", line)

    def _log_failed_look(self, error: Exception) -> None:
        where = getattr(self, self.place)
        where = shown(where) if isinstance(where, list) else where
        text = f"Could not look at {self.unknown} {where}, will look again: {error}"
        # Each error has a request id of its own in its text.
        if line := self._look_log.line(text, key=type(error).__name__):
            self.log.warning("%s", line)

    def _fail(self, error: Exception) -> NoReturn:
        """End the task as Airflow's sensors do after an error of `poke`."""
        if self.never_fail:
            raise AirflowSkipException(str(error)) from error
        raise error

    def _defer(self, *, timeout: float | None = None, **arguments: Any) -> None:
        """Hand over to the triggerer.

        :param timeout: seconds until the task fails; None for the sensor's own.
        :param arguments: of the trigger, beside those that the sensor gives it.
        """
        # The base of all triggers is slow to import, and a DAG is parsed far more often than deferred.
        trigger = getattr(import_module(self.trigger_module), self.trigger_name)
        self.defer(
            trigger=trigger(**{**self._trigger_arguments(), **arguments}),
            method_name=self.execute_complete.__name__,
            timeout=timedelta(seconds=self.timeout if timeout is None else timeout),
        )

    def _trigger_arguments(self) -> dict[str, Any]:
        max_wait = self.max_wait
        return {
            "adls_gen1_conn_id": self.adls_gen1_conn_id,
            "account_name": self.account_name,
            "poke_interval": self.poke_interval,
            "exponential_backoff": self.exponential_backoff,
            "max_wait": max_wait.total_seconds() if isinstance(max_wait, timedelta) else max_wait,
            "silent_fail": self.silent_fail,
            **self.waited_for(),
        }

    def _set_start(self) -> None:
        """Let the task start in the triggerer, if Airflow can do that."""
        from airflow.triggers.base import StartTriggerArgs

        from airflow_provider_adls.sensors.starting import can_start

        arguments = self._trigger_arguments()
        fields = [arguments[name] for name in self.template_fields]
        self.start_from_trigger = self.deferrable and can_start(fields, self.get_dag())
        if self.start_from_trigger:
            self.start_trigger_args = StartTriggerArgs(
                trigger_cls=f"{self.trigger_module}.{self.trigger_name}",
                trigger_kwargs=arguments,
                next_method="execute_complete",
                timeout=timedelta(seconds=self.timeout),
            )
